/* What the files of the HTTP front share. Private to it. */
#ifndef NODE_HTTP_STATE_H
#define NODE_HTTP_STATE_H

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "node/http.h"

struct node_http_listener {
    struct node_http *http;
    struct MHD_Daemon *daemon;
    int quiesced; /* the daemon's descriptor once it accepts no more, -1 before */
    bool is_unix;
};

struct node_http {
    struct node_http_options options; /* its texts are the copies below */
    char *upstream, *hosts, *rewrite_for;
    struct node_http_listener listeners[NODE_HTTP_LISTENERS_MAX];
    size_t count;
    atomic_bool access_log;
    _Atomic uint32_t running;
    _Atomic uint32_t asleep; /* connections that wait for the GitHub side */
    atomic_bool is_ending;   /* none may go to sleep any more */
};

#endif
