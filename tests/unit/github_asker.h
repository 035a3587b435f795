/* A client of the GitHub side inside a test: asks, waits to be woken, takes the answer, reads its
 * body. Used by one thread at a time. */
#ifndef TESTS_UNIT_GITHUB_ASKER_H
#define TESTS_UNIT_GITHUB_ASKER_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "github/github.h"

enum {
    ASKER_PATIENCE_S = 10, /* whoever waits longer has found a bug */
    ASKER_BODY_MAX = 64 * 1024 * 1024,
    ASKER_FIELD_MAX = 512,
};

struct asker_request {
    const char *method; /* NULL: GET */
    const char *target;
    const char *token;  /* NULL: none */
    const char *fields; /* more of them, "Name: value", one a line; NULL: none */
    const char *base;   /* NULL: none, as on the unix socket */
    bool rewrites_body;
    int64_t body_size;
};

struct asker {
    pthread_mutex_t lock; /* guards is_woken */
    pthread_cond_t woken;
    bool is_woken;
    struct github_headers headers;
    char authorization[ASKER_FIELD_MAX];
    struct github_call *call;
    struct github_answer answer;
    int result; /* of github_ask */
    struct buffer body;
};

static inline void asker_wake(void *cls)
{
    struct asker *self = cls;
    pthread_mutex_lock(&self->lock);
    self->is_woken = true;
    pthread_cond_signal(&self->woken);
    pthread_mutex_unlock(&self->lock);
}

/* Waits until it is woken, at once when it was since the last time; false when nobody does. */
static inline bool asker_sleep(struct asker *self)
{
    struct timespec end;
    int r = 0;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += ASKER_PATIENCE_S;
    pthread_mutex_lock(&self->lock);
    while (!self->is_woken && r == 0)
        r = pthread_cond_timedwait(&self->woken, &self->lock, &end);
    const bool is_woken = self->is_woken;
    self->is_woken = false;
    pthread_mutex_unlock(&self->lock);
    return is_woken;
}

static inline void asker_init(struct asker *self)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->woken, &attributes);
    pthread_condattr_destroy(&attributes);
    self->is_woken = false;
    self->call = NULL;
    self->result = 0;
    github_headers_init(&self->headers);
    github_answer_init(&self->answer);
    buffer_init(&self->body, ASKER_BODY_MAX);
}

/* Releases the call and the answer. */
static inline void asker_done(struct asker *self)
{
    github_call_release(&self->call);
    github_answer_done(&self->answer);
    github_headers_done(&self->headers);
    buffer_done(&self->body);
    pthread_cond_destroy(&self->woken);
    pthread_mutex_destroy(&self->lock);
}

static inline int asker_add_fields(struct asker *self, const struct asker_request *request)
{
    struct slice lines = slice_of(request->fields);
    int r = 0;
    if (request->token) {
        snprintf(self->authorization, sizeof self->authorization, "Bearer %s", request->token);
        r = github_headers_borrow(&self->headers, slice_of("Authorization"),
                                  slice_of(self->authorization));
    }
    while (r == 0 && lines.size > 0) {
        struct slice line = slice_next(&lines, '\n');
        const struct slice name = slice_next(&line, ':');
        r = github_headers_borrow(&self->headers, name, slice_trim(line));
    }
    return r;
}

/* Asks; self is initialised here and needs asker_done. */
static inline void asker_begin(struct asker *self, struct github *github,
                               const struct asker_request *request)
{
    asker_init(self);
    const struct github_notify notify = {.wake = asker_wake, .cls = self};
    const struct github_request asked = {
        .method = slice_of(request->method ? request->method : "GET"),
        .target = slice_of(request->target),
        .headers = &self->headers,
        .base = slice_of(request->base),
        .rewrites_body = request->rewrites_body,
        .body_size = request->body_size,
    };
    self->result = asker_add_fields(self, request);
    if (self->result == 0)
        self->result = github_ask(github, &asked, &notify, &self->answer, &self->call);
}

/* Whether the answer is there by now. */
static inline bool asker_look(struct asker *self)
{
    if (self->result == -EINPROGRESS && github_call_take(self->call, &self->answer))
        self->result = 0;
    return self->result == 0;
}

/* Waits for the answer; its status, or -1 when none comes. */
static inline int asker_wait(struct asker *self)
{
    while (!asker_look(self))
        if (self->result != -EINPROGRESS || !asker_sleep(self))
            return -1;
    return self->answer.status;
}

/* Sends all of a body, waiting for room. False when there never is any. */
static inline bool asker_send(struct asker *self, const char *data, size_t size)
{
    while (size > 0) {
        const size_t taken = github_call_upload(self->call, data, size);
        data += taken;
        size -= taken;
        if (size > 0 && !asker_sleep(self))
            return false;
    }
    return true;
}

/* Reads the whole body into self->body, streamed or not. 0, or the errno that the stream broke
 * with. */
static inline int asker_read(struct asker *self)
{
    char block[32 * 1024];
    if (!self->answer.is_streamed) {
        buffer_put_slice(&self->body, github_answer_body(&self->answer));
        return self->body.error;
    }
    for (;;) {
        const ssize_t size = github_call_download(self->call, block, sizeof block);
        if (size > 0)
            buffer_put(&self->body, block, (size_t)size);
        else if (size != -EAGAIN)
            return (int)size;
        else if (!asker_sleep(self))
            return -ETIME;
    }
}

/* The first value of a field of the answer, terminated, until the next call; "" without. */
static inline const char *asker_field(struct asker *self, const char *name)
{
    static char text[ASKER_FIELD_MAX];
    const struct slice value = github_headers_find(&self->answer.headers, name);
    snprintf(text, sizeof text, "%.*s", (int)value.size, value.data ? value.data : "");
    return text;
}

/* The body as text, until asker_done. */
static inline const char *asker_text(struct asker *self)
{
    if (self->body.size == 0 && asker_read(self) < 0)
        return "(broken)";
    return self->body.data ? self->body.data : "";
}

#endif
