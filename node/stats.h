/* GET /-/stats: what the node counted, as one JSON object. */
#ifndef NODE_STATS_H
#define NODE_STATS_H

#include <stdint.h>

#include "base/buffer.h"

struct node_admin;

void node_stats_write(const struct node_admin *admin, struct buffer *out);

/* Requests of clients that cost no quota: hits, collapsed ones, and those that a 304 answered. */
uint64_t node_stats_saved(const struct node_admin *admin);

#endif
