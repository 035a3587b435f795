/* Exchanges: their memory, and sleeping without missing the call to wake. */
#include "node/http_exchange.h"

#include <sched.h>
#include <stdlib.h>

#include "node/http_state.h"

enum { BASE_MAX = 512 };

struct node_http_exchange *node_http_exchange_new(struct node_http *http,
                                                  struct MHD_Connection *connection,
                                                  const char *target)
{
    struct node_http_exchange *self = calloc(1, sizeof *self);
    char *copy = slice_copy(slice_of(target));
    if (!self || !copy) {
        free(self);
        free(copy);
        return NULL;
    }
    self->http = http;
    self->connection = connection;
    self->target = copy;
    github_headers_init(&self->headers);
    buffer_init(&self->base, BASE_MAX);
    buffer_init(&self->body, NODE_HTTP_ADMIN_BODY_MAX);
    pthread_mutex_init(&self->lock, NULL);
    atomic_fetch_add(&http->running, 1);
    return self;
}

void node_http_exchange_destroy(struct node_http_exchange **self_p)
{
    struct node_http_exchange *self = *self_p;
    if (!self)
        return;
    github_call_release(&self->call); /* nothing wakes the exchange afterwards */
    atomic_fetch_sub(&self->http->running, 1);
    github_headers_done(&self->headers);
    buffer_done(&self->base);
    buffer_done(&self->body);
    pthread_mutex_destroy(&self->lock);
    free(self->target);
    free(self);
    *self_p = NULL;
}

/* Counted before it looks whether the front ends; node_http_destroy goes the other way round. */
static bool may_suspend(struct node_http *http)
{
    atomic_fetch_add(&http->asleep, 1);
    if (!atomic_load(&http->is_ending))
        return true;
    atomic_fetch_sub(&http->asleep, 1);
    sched_yield(); /* the answer is a moment away */
    return false;
}

bool node_http_exchange_sleep(struct node_http_exchange *self)
{
    pthread_mutex_lock(&self->lock);
    const bool sleeps = !self->is_woken && may_suspend(self->http);
    self->is_woken = false;
    if (sleeps) {
        self->is_suspended = true;
        MHD_suspend_connection(self->connection);
    }
    pthread_mutex_unlock(&self->lock);
    return sleeps;
}

void node_http_exchange_wake(void *cls)
{
    struct node_http_exchange *self = cls;
    pthread_mutex_lock(&self->lock);
    if (self->is_suspended) {
        MHD_resume_connection(self->connection);
        atomic_fetch_sub(&self->http->asleep, 1);
    } else {
        self->is_woken = true;
    }
    self->is_suspended = false;
    pthread_mutex_unlock(&self->lock);
}
