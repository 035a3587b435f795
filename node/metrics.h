/* GET /-/metrics: the counters for Prometheus, text format 0.0.4. Labels are bounded: never a path,
 * a repository, a token or a name that a client sent. */
#ifndef NODE_METRICS_H
#define NODE_METRICS_H

#include "base/buffer.h"

struct node_admin;

void node_metrics_write(const struct node_admin *admin, struct buffer *out);

#endif
