/* <data>/node.json: tells tools and scripts on this host where the running node is. */
#ifndef NODE_JSON_H
#define NODE_JSON_H

#include <sys/types.h>

#include "base/check.h"

struct node_json_facts {
    pid_t pid;
    const char *peer_id;
    const char *http;   /* URL, or NULL without a TCP listener */
    const char *socket; /* path, or NULL without a unix listener */
    const char *region;
    const char *version;
};

/* Writes the file under another name first and moves it into place, mode 0600, so that a reader
 * sees all or nothing. Negative errno; a file of before is then left as it was. */
int node_json_write(const char *data_dir, const struct node_json_facts *facts) MUST_CHECK;

/* Removes it; that it is gone already is fine. */
int node_json_remove(const char *data_dir) MUST_CHECK;

#endif
