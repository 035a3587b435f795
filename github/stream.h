/* A bounded pipe of bytes between two threads. It never waits: who finds it full or empty is woken
 * by other means. */
#ifndef GITHUB_STREAM_H
#define GITHUB_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/check.h"
#include "base/slice.h"

struct github_stream;

/* A pipe that buffers up to capacity bytes. -ENOMEM. */
int github_stream_new(size_t capacity, struct github_stream **ret_stream) MUST_CHECK;
void github_stream_destroy(struct github_stream **self_p);

/* Takes as many bytes as there is room for and returns how many; 0 when it is full. A writer that
 * could not write all is to be woken after the reader's next read (see github_stream_was_full). */
size_t github_stream_write(struct github_stream *self, const void *data, size_t size);

/* The same, all or nothing; size must not exceed the capacity. */
bool github_stream_write_all(struct github_stream *self, const void *data, size_t size);

/* No more will be written: error 0 for the proper end, negative errno for a broken one. The first
 * call counts. */
void github_stream_end(struct github_stream *self, int error);

/* Bytes read; 0 at the proper end; -EAGAIN when it is empty for now; else the writer's error, after
 * all bytes before it. */
ssize_t github_stream_read(struct github_stream *self, void *ret, size_t size);

/* Whether the writer met a full pipe since the last call: it waits to be woken. */
bool github_stream_was_full(struct github_stream *self);

bool github_stream_has_ended(struct github_stream *self);

/* What is buffered now, copied out up to size bytes from the front and left in place. */
size_t github_stream_peek(struct github_stream *self, void *ret, size_t size);

size_t github_stream_used(struct github_stream *self);
bool github_stream_is_full(struct github_stream *self);

#endif
