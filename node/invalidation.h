/* The body of POST /-/invalidate. */
#ifndef NODE_INVALIDATION_H
#define NODE_INVALIDATION_H

#include "base/check.h"
#include "base/slice.h"

/* Reads {"prefix": "/..."}: exactly this one member. The caller frees *ret_prefix. -EBADMSG on
 * anything else, -ENOMEM. */
int node_invalidation_read(struct slice body, char **ret_prefix) MUST_CHECK;

#endif
