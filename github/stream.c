/* A ring of bytes under a lock that is held only for the copy. */
#include "github/stream.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct github_stream {
    pthread_mutex_t lock;
    char *data;
    size_t capacity, at, used; /* at: where the next read begins */
    int error;
    bool has_ended, was_full;
};

int github_stream_new(size_t capacity, struct github_stream **ret_stream)
{
    CHECK(capacity > 0);
    struct github_stream *self = calloc(1, sizeof *self);
    char *data = malloc(capacity);
    if (!self || !data) {
        free(self);
        free(data);
        return -ENOMEM;
    }
    self->data = data;
    self->capacity = capacity;
    pthread_mutex_init(&self->lock, NULL);
    *ret_stream = self;
    return 0;
}

void github_stream_destroy(struct github_stream **self_p)
{
    struct github_stream *self = *self_p;
    if (!self)
        return;
    pthread_mutex_destroy(&self->lock);
    free(self->data);
    free(self);
    *self_p = NULL;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t take(struct github_stream *self, const void *data, size_t size)
{
    const size_t taken = self->has_ended ? 0 : least(size, self->capacity - self->used);
    const size_t end = (self->at + self->used) % self->capacity;
    const size_t first = least(taken, self->capacity - end);
    if (taken) {
        memcpy(self->data + end, data, first);
        memcpy(self->data, (const char *)data + first, taken - first);
    }
    self->used += taken;
    return taken;
}

size_t github_stream_write(struct github_stream *self, const void *data, size_t size)
{
    pthread_mutex_lock(&self->lock);
    const size_t taken = take(self, data, size);
    if (taken < size)
        self->was_full = true;
    pthread_mutex_unlock(&self->lock);
    return taken;
}

bool github_stream_write_all(struct github_stream *self, const void *data, size_t size)
{
    CHECK(size <= self->capacity);
    pthread_mutex_lock(&self->lock);
    const bool fits = size <= self->capacity - self->used;
    if (fits)
        take(self, data, size);
    else
        self->was_full = true;
    pthread_mutex_unlock(&self->lock);
    return fits;
}

void github_stream_end(struct github_stream *self, int error)
{
    pthread_mutex_lock(&self->lock);
    if (!self->has_ended) {
        self->has_ended = true;
        self->error = error;
    }
    pthread_mutex_unlock(&self->lock);
}

static size_t copy_front(const struct github_stream *self, void *ret, size_t size)
{
    const size_t given = least(size, self->used);
    const size_t first = least(given, self->capacity - self->at);
    if (given) {
        memcpy(ret, self->data + self->at, first);
        memcpy((char *)ret + first, self->data, given - first);
    }
    return given;
}

ssize_t github_stream_read(struct github_stream *self, void *ret, size_t size)
{
    pthread_mutex_lock(&self->lock);
    const size_t given = copy_front(self, ret, size);
    ssize_t result = (ssize_t)given;
    self->at = (self->at + given) % self->capacity;
    self->used -= given;
    if (given == 0)
        result = self->has_ended ? self->error : -EAGAIN;
    pthread_mutex_unlock(&self->lock);
    return result;
}

size_t github_stream_peek(struct github_stream *self, void *ret, size_t size)
{
    pthread_mutex_lock(&self->lock);
    const size_t given = copy_front(self, ret, size);
    pthread_mutex_unlock(&self->lock);
    return given;
}

bool github_stream_was_full(struct github_stream *self)
{
    pthread_mutex_lock(&self->lock);
    const bool was_full = self->was_full;
    self->was_full = false;
    pthread_mutex_unlock(&self->lock);
    return was_full;
}

bool github_stream_has_ended(struct github_stream *self)
{
    pthread_mutex_lock(&self->lock);
    const bool has_ended = self->has_ended;
    pthread_mutex_unlock(&self->lock);
    return has_ended;
}

size_t github_stream_used(struct github_stream *self)
{
    pthread_mutex_lock(&self->lock);
    const size_t used = self->used;
    pthread_mutex_unlock(&self->lock);
    return used;
}

bool github_stream_is_full(struct github_stream *self)
{
    return github_stream_used(self) == self->capacity;
}
