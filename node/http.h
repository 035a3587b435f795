/* The HTTP front: libmicrohttpd's workers take requests in and send answers. What an answer is,
 * the GitHub side and the admin paths say. */
#ifndef NODE_HTTP_H
#define NODE_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "node/admin.h"
#include "node/log.h"

struct github;
struct node_http;

enum {
    NODE_HTTP_HEAD_MAX = 32 * 1024,   /* bytes of all fields of a request; over it: 431 */
    NODE_HTTP_MEMORY_MAX = 48 * 1024, /* bytes of one connection's heads; cleared per request */
    NODE_HTTP_END_MS = 5000,          /* at the end, so long is waited for the GitHub side */
    NODE_HTTP_HEAD_S = 10,            /* the first request of a connection must be there by then */
    NODE_HTTP_IDLE_S = 60,            /* afterwards a silent connection is closed */
    NODE_HTTP_WORKERS_MAX = 64,
    NODE_HTTP_LISTENERS_MAX = 2,
};

struct node_http_options {
    struct github *github;    /* borrowed for life */
    struct node_admin *admin; /* likewise */
    struct node_log *log;     /* likewise */
    int tcp, unix_socket;     /* listening sockets, or -1; closed by whoever opened them */
    const char *upstream;     /* its host is one of the names that clients may use; borrowed */
    const char *hosts;        /* more such names, comma separated; borrowed */
    const char *rewrite_for;  /* parts of User-Agent, comma separated; borrowed */
    uint32_t workers;         /* threads per listener; 0 for the number of cores */
    uint32_t connections_max; /* over all listeners */
    bool access_log;
};

/* Starts serving. -EIO when libmicrohttpd refuses (it said why in the log); -ENOMEM. */
int node_http_new(const struct node_http_options *options, struct node_http **ret_http) MUST_CHECK;

void node_http_set_access_log(struct node_http *self, bool access_log);

/* Accepts no more connections; requests that run go on. */
void node_http_quiesce(struct node_http *self);

/* Requests that have not got their whole answer yet. */
uint32_t node_http_running(const struct node_http *self);

/* Closes all connections. The GitHub side must have been shut before: those who wait for it are
 * awaited. */
void node_http_destroy(struct node_http **self_p);

#endif
