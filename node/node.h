/* One node: its parts in the order of their life, signals, and the end. */
#ifndef NODE_NODE_H
#define NODE_NODE_H

#include "base/check.h"
#include "node/config.h"
#include "node/log.h"

struct node;

/* Exit codes beside those of config_error.h. */
enum node_exit {
    NODE_EXIT_OK = 0,
    NODE_EXIT_BUSY = 75, /* another node has this data folder */
};

enum {
    NODE_DRAIN_MS = 10 * 1000, /* at the end, requests that run have so long */
    NODE_SHUT_MS = 2 * 1000,   /* then those that wait for GitHub are ended and have so long */
};

/* Starts everything; signals that node_run waits for are blocked for all threads from here on. The
 * config is borrowed until node_destroy, the log likewise. On failure it has said why and
 * *ret_exit is the program's exit code. */
int node_new(struct node_config *config, struct node_log *log, struct node **ret_node,
             int *ret_exit) MUST_CHECK;

/* Serves until SIGTERM or SIGINT, then lets what runs finish. SIGHUP reloads the configuration
 * file, all or nothing. Returns the exit code. */
int node_run(struct node *self) MUST_CHECK;

void node_destroy(struct node **self_p);

#endif
