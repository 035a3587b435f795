/* A tiny GitHub inside a test: HTTP/1.1 on a loopback port of its own, a few resources with their
 * readers, ETags by GitHub's recipe. It can be held before it answers or in the middle of a body,
 * and remembers every request. */
#ifndef TESTS_UNIT_UPSTREAM_SERVER_H
#define TESTS_UNIT_UPSTREAM_SERVER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/slice.h"
#include "upstream_resource.h"

enum {
    UPSTREAM_RESOURCES_MAX = 512,
    UPSTREAM_REQUESTS_MAX = 16384,
    UPSTREAM_CONNECTIONS_MAX = 256,
    UPSTREAM_HEAD_MAX = 32 * 1024,
    UPSTREAM_ANSWER_MAX = 64 * 1024 * 1024,
    UPSTREAM_BLOCK = 64 * 1024,
    UPSTREAM_PATIENCE_S = 60, /* whoever waits longer for the other side has found a bug */
};

enum upstream_hold {
    UPSTREAM_HOLD_HEADS = 1 << 0,  /* requests wait before their bodies are read */
    UPSTREAM_HOLD_BODIES = 1 << 1, /* answers wait at their pause_at */
};

struct upstream_server {
    int fd;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    unsigned held;
    bool is_ending;
    struct upstream_resource resources[UPSTREAM_RESOURCES_MAX];
    size_t resource_count;
    char *heads[UPSTREAM_REQUESTS_MAX];
    size_t bodies[UPSTREAM_REQUESTS_MAX]; /* bytes of each request's body, once it was read */
    size_t request_count;
    struct upstream_connection *connections[UPSTREAM_CONNECTIONS_MAX];
    size_t connection_count;
};

struct upstream_connection {
    struct upstream_server *server;
    int fd;
    pthread_t thread;
    struct buffer in; /* received and not used yet */
};

/* --- One request --- */

static inline bool upstream_receive(struct upstream_connection *self)
{
    char block[UPSTREAM_BLOCK];
    const ssize_t size = recv(self->fd, block, sizeof block, 0);
    if (size <= 0)
        return false;
    buffer_put(&self->in, block, (size_t)size);
    return true;
}

static inline void upstream_drop(struct upstream_connection *self, size_t size)
{
    self->in.size -= size;
    memmove(self->in.data, self->in.data + size, self->in.size + 1);
}

static inline bool upstream_send(struct upstream_connection *self, const char *data, size_t size)
{
    while (size > 0) {
        const ssize_t sent = send(self->fd, data, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Reads up to the empty line; *ret_head is a copy for the caller to free. */
static inline bool upstream_read_head(struct upstream_connection *self, char **ret_head)
{
    for (;;) {
        const char *end = self->in.data ? strstr(self->in.data, "\r\n\r\n") : NULL;
        if (end) {
            const size_t size = (size_t)(end - self->in.data) + 4;
            const struct slice head = {.data = self->in.data, .size = size};
            *ret_head = slice_copy(head);
            upstream_drop(self, size);
            return *ret_head != NULL;
        }
        if (self->in.size > UPSTREAM_HEAD_MAX || !upstream_receive(self))
            return false;
    }
}

static inline bool upstream_skip(struct upstream_connection *self, size_t size)
{
    while (size > self->in.size) {
        size -= self->in.size;
        self->in.size = 0;
        if (!upstream_receive(self))
            return false;
    }
    if (size > 0)
        upstream_drop(self, size);
    return true;
}

static inline bool upstream_skip_chunks(struct upstream_connection *self, size_t *ret_size)
{
    for (;;) {
        const char *end = self->in.data ? strstr(self->in.data, "\r\n") : NULL;
        if (!end) {
            if (!upstream_receive(self))
                return false;
            continue;
        }
        const size_t chunk = (size_t)strtoul(self->in.data, NULL, 16);
        *ret_size += chunk;
        if (!upstream_skip(self, (size_t)(end - self->in.data) + 2) ||
            !upstream_skip(self, chunk + 2))
            return false;
        if (chunk == 0)
            return true;
    }
}

static inline bool upstream_read_body(struct upstream_connection *self, const char *head,
                                      size_t *ret_size)
{
    uint64_t size = 0;
    *ret_size = 0;
    if (upstream_field(head, "Transfer-Encoding").data)
        return upstream_skip_chunks(self, ret_size);
    if (!slice_to_u64(upstream_field(head, "Content-Length"), UINT32_MAX, &size))
        return true;
    *ret_size = (size_t)size;
    return upstream_skip(self, *ret_size);
}

/* --- What is answered --- */

/* Finds what the request asks for; a resource that is not there or not for this token is a 404. */
static inline struct upstream_resource upstream_find(struct upstream_server *self, const char *head)
{
    struct upstream_resource found = {.body = "{\"message\":\"Not Found\"}", .status = 404};
    struct slice line = slice_of(head);
    const struct slice method = slice_next(&line, ' ');
    const struct slice target = slice_next(&line, ' ');
    const bool is_get =
        slice_equals(method, slice_of("GET")) || slice_equals(method, slice_of("HEAD"));
    struct slice wanted = {.data = head, .size = method.size + 1 + target.size};
    if (is_get)
        wanted = target;
    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < self->resource_count; i++)
        if (slice_equals(slice_of(self->resources[i].target), wanted) &&
            upstream_may_read(&self->resources[i], head))
            found = self->resources[i];
    pthread_mutex_unlock(&self->lock);
    return found;
}

/* Waits while the server is held that way. */
static inline void upstream_wait(struct upstream_server *self, enum upstream_hold hold)
{
    pthread_mutex_lock(&self->lock);
    while ((self->held & hold) && !self->is_ending)
        pthread_cond_wait(&self->changed, &self->lock);
    pthread_mutex_unlock(&self->lock);
}

static inline bool upstream_answer(struct upstream_connection *self,
                                   const struct upstream_resource *resource, const char *head)
{
    struct buffer out;
    struct slice body = {.data = resource->body, .size = resource->body_size};
    if (body.size == 0)
        body = slice_of(resource->body);
    if (resource->raw) {
        upstream_send(self, resource->raw, strlen(resource->raw));
        return false;
    }
    buffer_init(&out, UPSTREAM_ANSWER_MAX);
    upstream_write_head(resource, head, resource->status ? resource->status : 200, body, &out);
    size_t first = out.size;
    if (resource->pause_at)
        first = out.size - body.size + resource->pause_at;
    bool goes_on = !out.error && upstream_send(self, out.data, first);
    if (goes_on && first < out.size) {
        upstream_wait(self->server, UPSTREAM_HOLD_BODIES);
        goes_on = upstream_send(self, out.data + first, out.size - first);
    }
    buffer_done(&out);
    return goes_on;
}

/* Notes the request and returns its number. */
static inline size_t upstream_note(struct upstream_server *self, char *head)
{
    pthread_mutex_lock(&self->lock);
    const size_t number = self->request_count;
    if (number == UPSTREAM_REQUESTS_MAX)
        abort();
    self->heads[self->request_count++] = head;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
    return number;
}

static inline void *upstream_serve(void *cls)
{
    struct upstream_connection *self = cls;
    struct upstream_server *server = self->server;
    char *head;
    bool goes_on = true;
    while (goes_on && upstream_read_head(self, &head)) {
        size_t body_size = 0;
        const size_t number = upstream_note(server, head);
        upstream_wait(server, UPSTREAM_HOLD_HEADS);
        const struct upstream_resource resource = upstream_find(server, head);
        if (resource.is_early)
            goes_on = upstream_answer(self, &resource, head);
        if (goes_on)
            goes_on = upstream_read_body(self, head, &body_size);
        pthread_mutex_lock(&server->lock);
        server->bodies[number] = body_size;
        pthread_mutex_unlock(&server->lock);
        if (goes_on && !resource.is_early)
            goes_on = upstream_answer(self, &resource, head);
    }
    shutdown(self->fd, SHUT_RDWR);
    return NULL;
}

/* --- The server --- */

static inline void upstream_connect(struct upstream_server *self, int fd)
{
    struct upstream_connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        abort();
    connection->server = self;
    connection->fd = fd;
    buffer_init(&connection->in, UPSTREAM_ANSWER_MAX);
    pthread_mutex_lock(&self->lock);
    if (self->connection_count == UPSTREAM_CONNECTIONS_MAX)
        abort();
    self->connections[self->connection_count++] = connection;
    pthread_create(&connection->thread, NULL, upstream_serve, connection);
    pthread_mutex_unlock(&self->lock);
}

static inline void *upstream_accept(void *cls)
{
    struct upstream_server *self = cls;
    int fd;
    while ((fd = accept(self->fd, NULL, NULL)) >= 0)
        upstream_connect(self, fd);
    return NULL;
}

static inline int upstream_server_start(struct upstream_server *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    pthread_condattr_t attributes;
    memset(self, 0, sizeof *self);
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    self->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(self->fd, (struct sockaddr *)&address, size) < 0 || listen(self->fd, 128) < 0 ||
        getsockname(self->fd, (struct sockaddr *)&address, &size) < 0)
        return -errno;
    snprintf(self->url, sizeof self->url, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return -pthread_create(&self->thread, NULL, upstream_accept, self);
}

/* Ends all connections and refuses new ones. What it remembers stays. */
static inline void upstream_server_stop(struct upstream_server *self)
{
    if (self->fd < 0)
        return;
    pthread_mutex_lock(&self->lock);
    self->is_ending = true;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
    shutdown(self->fd, SHUT_RDWR);
    pthread_join(self->thread, NULL);
    close(self->fd);
    self->fd = -1;
    for (size_t i = 0; i < self->connection_count; i++) {
        struct upstream_connection *connection = self->connections[i];
        shutdown(connection->fd, SHUT_RDWR);
        pthread_join(connection->thread, NULL);
        close(connection->fd);
        buffer_done(&connection->in);
        free(connection);
    }
}

static inline void upstream_server_done(struct upstream_server *self)
{
    upstream_server_stop(self);
    for (size_t i = 0; i < self->request_count; i++)
        free(self->heads[i]);
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
}

/* Adds a resource, or puts it in the place of the one with its target and readers. */
static inline void upstream_server_put(struct upstream_server *self,
                                       const struct upstream_resource *resource)
{
    size_t at = 0;
    pthread_mutex_lock(&self->lock);
    while (at < self->resource_count && !upstream_is_same(&self->resources[at], resource))
        at++;
    if (at == UPSTREAM_RESOURCES_MAX)
        abort();
    self->resources[at] = *resource;
    if (at == self->resource_count)
        self->resource_count++;
    pthread_mutex_unlock(&self->lock);
}

/* Forgets all resources: everything is a 404 from now on. */
static inline void upstream_server_clear(struct upstream_server *self)
{
    pthread_mutex_lock(&self->lock);
    self->resource_count = 0;
    pthread_mutex_unlock(&self->lock);
}

/* Holds what UPSTREAM_HOLD_... bits say from now on; 0 lets everything go. */
static inline void upstream_server_hold(struct upstream_server *self, unsigned held)
{
    pthread_mutex_lock(&self->lock);
    self->held = held;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

/* Waits until so many requests have come since the start; false when they don't. */
static inline bool upstream_server_await(struct upstream_server *self, size_t count)
{
    struct timespec end;
    int r = 0;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += UPSTREAM_PATIENCE_S;
    pthread_mutex_lock(&self->lock);
    while (self->request_count < count && r == 0)
        r = pthread_cond_timedwait(&self->changed, &self->lock, &end);
    const bool has_come = self->request_count >= count;
    pthread_mutex_unlock(&self->lock);
    return has_come;
}

/* Requests so far. */
static inline size_t upstream_server_total(struct upstream_server *self)
{
    pthread_mutex_lock(&self->lock);
    const size_t count = self->request_count;
    pthread_mutex_unlock(&self->lock);
    return count;
}

/* Those of them that begin with "GET /path". */
static inline size_t upstream_server_count(struct upstream_server *self, const char *line)
{
    size_t count = 0;
    const size_t size = strlen(line);
    pthread_mutex_lock(&self->lock);
    for (size_t i = 0; i < self->request_count; i++)
        count += strncmp(self->heads[i], line, size) == 0 && self->heads[i][size] == ' ';
    pthread_mutex_unlock(&self->lock);
    return count;
}

/* The head of a request, by its number; stays as long as the server. */
static inline const char *upstream_server_head(struct upstream_server *self, size_t number)
{
    pthread_mutex_lock(&self->lock);
    const char *head = number < self->request_count ? self->heads[number] : "";
    pthread_mutex_unlock(&self->lock);
    return head;
}

#endif
