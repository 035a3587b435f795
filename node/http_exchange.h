/* One request on one connection, from its first byte to its end, and the sleep of the connection
 * while another thread works for it. Private to the HTTP front. */
#ifndef NODE_HTTP_EXCHANGE_H
#define NODE_HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/check.h"
#include "base/slice.h"
#include "github/github.h"
#include "node/http.h"

enum { NODE_HTTP_ADMIN_BODY_MAX = 16 * 1024 }; /* bytes; over it: 413 */

enum node_http_stage {
    NODE_HTTP_STAGE_LINE,    /* fields not looked at yet */
    NODE_HTTP_STAGE_HEAD,    /* looked at, nothing done yet */
    NODE_HTTP_STAGE_PROXIED, /* a call to the GitHub side is under way */
    NODE_HTTP_STAGE_ADMIN,   /* an admin path whose body is on its way */
    NODE_HTTP_STAGE_ANSWERED,
};

struct node_http_exchange {
    struct node_http *http;
    struct MHD_Connection *connection;
    enum node_http_stage stage;
    char *target; /* raw, as received */
    struct github_headers headers;
    struct slice admin_target; /* the part of target that names an admin path, data NULL for none */
    struct slice method;       /* borrowed from the connection */
    struct slice host;         /* what the client called us */
    struct buffer base;        /* "http://<host>[/api/v3]" */
    bool is_unix;              /* over the unix socket */
    bool accepts_gzip;
    int64_t body_size;  /* as github_request */
    struct buffer body; /* of an admin request */
    struct github_call *call;
    int status; /* of the answer, for the access log */

    pthread_mutex_t lock; /* guards the next two */
    bool is_suspended, is_woken;
};

/* A fresh exchange for a request line; target is copied. NULL when memory is short. */
struct node_http_exchange *node_http_exchange_new(struct node_http *http,
                                                  struct MHD_Connection *connection,
                                                  const char *target);
void node_http_exchange_destroy(struct node_http_exchange **self_p);

/* Lets the connection sleep until node_http_exchange_wake. False when it was woken since the last
 * sleep, or when the front ends: look again first. Only on the connection's own thread. */
bool node_http_exchange_sleep(struct node_http_exchange *self);

/* Wakes the connection, or makes its next sleep return false. Any thread; cls is the exchange. */
void node_http_exchange_wake(void *cls);

#endif
