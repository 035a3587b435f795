/* Views over borrowed text. No allocation but in slice_copy, no locale. */
#include "base/slice.h"

#include <stdlib.h>
#include <string.h>

struct slice slice_of(const char *text)
{
    const struct slice slice = {.data = text, .size = text ? strlen(text) : 0};
    return slice;
}

bool slice_is_empty(struct slice self)
{
    return self.size == 0;
}

bool slice_equals(struct slice self, struct slice other)
{
    return self.size == other.size &&
           (self.size == 0 || memcmp(self.data, other.data, self.size) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool slice_equals_nocase(struct slice self, struct slice other)
{
    if (self.size != other.size)
        return false;
    for (size_t i = 0; i < self.size; i++)
        if (lower(self.data[i]) != lower(other.data[i]))
            return false;
    return true;
}

bool slice_starts_with(struct slice self, struct slice prefix)
{
    return self.size >= prefix.size &&
           (prefix.size == 0 || memcmp(self.data, prefix.data, prefix.size) == 0);
}

bool slice_ends_with(struct slice self, struct slice suffix)
{
    return self.size >= suffix.size &&
           slice_equals(slice_skip(self, self.size - suffix.size), suffix);
}

bool slice_contains_nocase(struct slice self, struct slice needle)
{
    for (size_t at = 0; needle.size <= self.size && at <= self.size - needle.size; at++) {
        struct slice part = slice_skip(self, at);
        part.size = needle.size;
        if (slice_equals_nocase(part, needle))
            return true;
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct slice slice_trim(struct slice self)
{
    while (self.size > 0 && is_blank(self.data[0])) {
        self.data++;
        self.size--;
    }
    while (self.size > 0 && is_blank(self.data[self.size - 1]))
        self.size--;
    return self;
}

struct slice slice_skip(struct slice self, size_t at)
{
    const size_t skipped = at < self.size ? at : self.size;
    if (skipped == 0)
        return self; /* data may be NULL then */
    const struct slice rest = {.data = self.data + skipped, .size = self.size - skipped};
    return rest;
}

struct slice slice_next(struct slice *self, char separator)
{
    const char *end = self->size ? memchr(self->data, separator, self->size) : NULL;
    struct slice part = *self;
    if (!end) {
        self->data = NULL;
        self->size = 0;
        return part;
    }
    part.size = (size_t)(end - self->data);
    self->size -= part.size + 1;
    self->data = end + 1;
    return part;
}

bool slice_to_u64(struct slice self, uint64_t max, uint64_t *ret_value)
{
    uint64_t value = 0;
    if (self.size == 0)
        return false;
    for (size_t i = 0; i < self.size; i++) {
        if (self.data[i] < '0' || self.data[i] > '9')
            return false;
        const uint64_t digit = (uint64_t)(self.data[i] - '0');
        if (value > (max - digit) / 10 || digit > max)
            return false;
        value = value * 10 + digit;
    }
    *ret_value = value;
    return true;
}

char *slice_copy(struct slice self)
{
    char *copy = malloc(self.size + 1);
    if (!copy)
        return NULL;
    if (self.size)
        memcpy(copy, self.data, self.size);
    copy[self.size] = '\0';
    return copy;
}
