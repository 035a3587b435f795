/* A growing run of bytes that is born with its limit. Once a write failed, every later one is
 * ignored, so the caller asks once, at the end. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"

struct buffer {
    char *data; /* terminated by a zero byte that size does not count; NULL while empty */
    size_t size, capacity;
    size_t max; /* bytes */
    int error;  /* 0, or the first failure: -EMSGSIZE beyond max, -ENOMEM */
};

/* An empty buffer that may hold up to max bytes. Nothing is allocated yet. */
void buffer_init(struct buffer *self, size_t max);

/* Frees what it holds and leaves an empty buffer of the same limit. */
void buffer_done(struct buffer *self);

/* Forgets the content and the error, keeps the memory. */
void buffer_clear(struct buffer *self);

void buffer_put(struct buffer *self, const void *data, size_t size);
void buffer_put_slice(struct buffer *self, struct slice text);
void buffer_put_text(struct buffer *self, const char *text);
void buffer_put_char(struct buffer *self, char c);
void buffer_put_format(struct buffer *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes text as the inside of a JSON string: quotes, backslashes and control characters escaped.
 * Bytes from 0x80 up are passed on as they are. */
void buffer_put_json(struct buffer *self, struct slice text);

/* The content as a borrowed slice, until the next change. */
struct slice buffer_slice(const struct buffer *self);

/* Hands the bytes to the caller, who frees them with free(); the buffer is empty afterwards.
 * Terminated by a zero byte. -EMSGSIZE or -ENOMEM as noted while writing: nothing is handed over
 * then. */
int buffer_take(struct buffer *self, char **ret_data, size_t *ret_size) MUST_CHECK;

#endif
