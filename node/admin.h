/* The paths below /-/: what operators and tools see of the node. They share the listeners with the
 * API and are never forwarded. */
#ifndef NODE_ADMIN_H
#define NODE_ADMIN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "github/answer.h"
#include "github/headers.h"

struct github;
struct store;

enum {
    NODE_ADMIN_TEXT_MAX = 8 * 1024 * 1024, /* bytes of an answer */
    NODE_ADMIN_ENTRIES_DEFAULT = 100,      /* of a listing without a limit of its own */
    NODE_ADMIN_ENTRIES_MAX = 10000,
};

/* All borrowed for life. */
struct node_admin {
    struct github *github;
    struct store *store; /* NULL when the node runs without */
    const char *peer_id, *region, *upstream;
    int64_t started_ms; /* Unix time */
    atomic_bool is_stopping;
};

struct node_admin_request {
    struct slice method, target;
    const struct github_headers *headers;
    struct slice body;
    int fd; /* of the connection, for who is at its other end */
};

/* Whether a path, or a target that begins with it, is an admin path. */
bool node_admin_owns(struct slice target);

/* Fills an empty answer. */
void node_admin_answer(struct node_admin *self, const struct node_admin_request *request,
                       struct github_answer *ret_answer);

#endif
