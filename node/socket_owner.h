/* Who holds a TCP port that we would like to have, as the kernel's tables tell. */
#ifndef NODE_SOCKET_OWNER_H
#define NODE_SOCKET_OWNER_H

#include <sys/types.h>

#include "base/check.h"
#include "base/slice.h"
#include "node/address.h"

/* The user whose socket listens where binding the address would collide. -ENOENT when none is seen,
 * else the errno of reading /proc/net. */
int node_socket_owner_find(const struct node_address *address, uid_t *ret_uid) MUST_CHECK;

/* The same, from one line of /proc/net/tcp or tcp6: -ENOENT when it is another socket's or none. */
int node_socket_owner_read(struct slice line, const struct node_address *address,
                           uid_t *ret_uid) MUST_CHECK;

#endif
