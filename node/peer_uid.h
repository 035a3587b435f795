/* Which user is at the other end of a local connection, as the kernel knows it. */
#ifndef NODE_PEER_UID_H
#define NODE_PEER_UID_H

#include <sys/types.h>

#include "base/check.h"

/* For a connected unix socket, or a TCP connection over a loopback address. -ENOENT when it is not
 * known: the peer is elsewhere, or has closed or shut down its end; else the errno of a call.
 * Whoever is not known must be treated as a stranger. Makes a socket of its own for each call: any
 * thread. */
int node_peer_uid_find(int fd, uid_t *ret_uid) MUST_CHECK;

#endif
