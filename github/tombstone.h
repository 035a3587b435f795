/* Path prefixes that something changed below: entries validated at or before that time must be
 * revalidated. Never deletes anything. Any thread; asking costs one atomic
 * read while there is no tombstone. */
#ifndef GITHUB_TOMBSTONE_H
#define GITHUB_TOMBSTONE_H

#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"

struct github_tombstone;

/* -ENOMEM. time_scale divides GITHUB_TOMBSTONE_S. */
int github_tombstone_new(uint32_t time_scale, struct github_tombstone **ret_tombstone) MUST_CHECK;
void github_tombstone_destroy(struct github_tombstone **self_p);

/* Marks everything at prefix and below it, at segment borders ("/repos/o/r" covers
 * "/repos/o/r/issues" but not "/repos/o/rr"); "/" covers all. Names of owners and repositories
 * (behind /repos, /networks, /orgs, /users) are compared without case. -EINVAL when the prefix does
 * not begin with '/'; a full table drops its oldest, whose time then counts for every path. */
int github_tombstone_add(struct github_tombstone *self, struct slice prefix,
                         int64_t now_ms) MUST_CHECK;

/* The latest time at which something above path was marked, or INT64_MIN. */
int64_t github_tombstone_ms(struct github_tombstone *self, struct slice path, int64_t now_ms);

/* Which prefixes a write to this target spoils: the repository of a /repos path with
 * everything below (by number, too), else the path itself and its parent list. Calls mark for
 * each. */
void github_tombstone_prefixes(struct slice path, void (*mark)(void *cls, struct slice prefix),
                               void *cls);

#endif
