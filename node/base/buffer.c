/* Bounded growing buffer. Text and bytes alike. */
#include "base/buffer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_CAPACITY_FIRST = 128 };

void buffer_init(struct buffer *self, size_t max)
{
    memset(self, 0, sizeof *self);
    self->max = max;
}

void buffer_done(struct buffer *self)
{
    free(self->data);
    buffer_init(self, self->max);
}

void buffer_clear(struct buffer *self)
{
    self->size = 0;
    self->error = 0;
    if (self->data)
        self->data[0] = '\0';
}

/* Makes room for size more bytes and the terminator; notes the error otherwise. */
static char *reserve(struct buffer *self, size_t size)
{
    if (self->error)
        return NULL;
    if (size > self->max - self->size) {
        self->error = -EMSGSIZE;
        return NULL;
    }
    const size_t needed = self->size + size + 1;
    if (needed > self->capacity) {
        size_t capacity = self->capacity ? self->capacity : BUFFER_CAPACITY_FIRST;
        while (capacity < needed)
            capacity *= 2;
        if (capacity > self->max + 1)
            capacity = self->max + 1;
        char *data = realloc(self->data, capacity);
        if (!data) {
            self->error = -ENOMEM;
            return NULL;
        }
        self->data = data;
        self->capacity = capacity;
    }
    return self->data + self->size;
}

void buffer_put(struct buffer *self, const void *data, size_t size)
{
    char *at = reserve(self, size);
    if (!at)
        return;
    if (size)
        memcpy(at, data, size);
    self->size += size;
    self->data[self->size] = '\0';
}

void buffer_put_slice(struct buffer *self, struct slice text)
{
    buffer_put(self, text.data, text.size);
}

void buffer_put_text(struct buffer *self, const char *text)
{
    buffer_put(self, text, strlen(text));
}

void buffer_put_char(struct buffer *self, char c)
{
    buffer_put(self, &c, 1);
}

void buffer_put_format(struct buffer *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(size >= 0);

    char *at = reserve(self, (size_t)size);
    if (!at)
        return;
    va_start(arguments, format);
    CHECK(vsnprintf(at, (size_t)size + 1, format, arguments) == size);
    va_end(arguments);
    self->size += (size_t)size;
}

void buffer_put_json(struct buffer *self, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        if (c == '"' || c == '\\')
            buffer_put_char(self, '\\');
        if ((unsigned char)c < 0x20 || c == 0x7f)
            buffer_put_format(self, "\\u%04x", (unsigned)(unsigned char)c);
        else
            buffer_put_char(self, c);
    }
}

struct slice buffer_slice(const struct buffer *self)
{
    const struct slice slice = {.data = self->data, .size = self->size};
    return slice;
}

int buffer_take(struct buffer *self, char **ret_data, size_t *ret_size)
{
    if (!self->error && !self->data)
        buffer_put(self, NULL, 0);
    if (self->error)
        return self->error;
    *ret_data = self->data;
    if (ret_size)
        *ret_size = self->size;
    buffer_init(self, self->max);
    return 0;
}
