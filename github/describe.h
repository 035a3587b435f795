/* Views of the GitHub side for operators, as JSON text. */
#ifndef GITHUB_DESCRIBE_H
#define GITHUB_DESCRIBE_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/check.h"
#include "base/slice.h"

struct github;

/* Appends what is known of rate limits, as github_budget_describe. */
void github_describe_budget(struct github *self, struct buffer *out);

/* Appends the key, the route and the entry (or null) of a raw target, and what would be done with
 * a request for it that brings no token. -EBADMSG, -EMSGSIZE for a target that is none; -ENOMEM. */
int github_describe_key(struct github *self, struct slice target, struct buffer *out) MUST_CHECK;

/* Appends up to limit entries whose path and query begin with prefix. Entries that are sealed are
 * shown by their names, too: the caller lets only the node's own user ask. -EIO, -ENOMEM, or
 * -EMSGSIZE when the buffer is full. */
int github_describe_entries(struct github *self, struct slice prefix, size_t limit,
                            struct buffer *out) MUST_CHECK;

#endif
