/* The few facts that are read out of a fetched body: only such as make handling stricter when they
 * are absent. The only file that knows cJSON. Anything odd in a body counts as unknown. */
#ifndef GITHUB_FACTS_H
#define GITHUB_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { GITHUB_FACTS_REPOSITORIES_MAX = 256 }; /* repositories whose visibility one body may tell */

struct github_facts_repository {
    struct slice full_name; /* "owner/name", borrowed from the facts */
    uint64_t id;            /* 0 when absent */
    bool is_public;
};

struct github_facts;

/* Reads a JSON body up to GITHUB_FACTS_MAX. NULL when it is not JSON or too large: nothing is known
 * then. The caller destroys it. Only for answers that GitHub itself wrote: in the raw form of a
 * file a user may claim anything about anybody's repository. */
struct github_facts *github_facts_read(struct slice body);
void github_facts_destroy(struct github_facts **self_p);

/* Elements of a top-level array, or -1 when the body is none. */
int64_t github_facts_items(const struct github_facts *self);

/* Whether a top-level "status" says "completed". */
bool github_facts_is_completed(const struct github_facts *self);

/* Repositories (the body itself, its "repository", or the same of the elements of a list, be that
 * the body or its "repositories", "items" or "workflow_runs") that carry "full_name" and a plain
 * "private" or "visibility"; both present must agree. Each name comes once, private if the body
 * says so anywhere. */
size_t github_facts_repositories(const struct github_facts *self,
                                 struct github_facts_repository *ret, size_t max);

#endif
