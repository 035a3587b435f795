/* Parameters of the admin paths' own addresses. */
#ifndef NODE_QUERY_H
#define NODE_QUERY_H

#include "base/buffer.h"
#include "base/check.h"
#include "base/slice.h"

/* Appends the decoded value of the first parameter of that name ("%xx" and "+" as in forms).
 * -ENOENT when it is absent, -EBADMSG for a malformed escape or a zero byte; the errors of the
 * buffer are left in it. */
int node_query_find(struct slice query, const char *name, struct buffer *out) MUST_CHECK;

#endif
