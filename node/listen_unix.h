/* One listening unix socket. */
#ifndef NODE_LISTEN_UNIX_H
#define NODE_LISTEN_UNIX_H

#include "base/check.h"

/* Nonblocking, close-on-exec, mode 0660; its folder is made 0700 if it is absent. The path is
 * absolute. A socket file that nobody listens on is replaced; -EADDRINUSE when somebody does,
 * -EEXIST when the file is no socket, -ENAMETOOLONG for a path over 107 bytes. */
int node_listen_unix_open(const char *path, int *ret_fd) MUST_CHECK;

#endif
