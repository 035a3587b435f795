/* The Cache-Control field of requests and responses (RFC 9111, 5.2). */
#ifndef GITHUB_CACHE_CONTROL_H
#define GITHUB_CACHE_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum { GITHUB_CACHE_CONTROL_UNSET = -1 };

struct github_cache_control {
    bool no_cache, no_store, only_if_cached;
    bool max_stale_any;  /* max-stale without a value */
    int64_t max_age_s;   /* GITHUB_CACHE_CONTROL_UNSET when absent */
    int64_t min_fresh_s; /* likewise */
    int64_t max_stale_s; /* likewise */
};

/* Unknown directives are ignored; a malformed or huge number counts as the strictest one: 0 for
 * max-age and max-stale, 2^31 for min-fresh (RFC 9111, 1.2.2 and 4.2.1). Pragma: no-cache counts
 * when there is no Cache-Control (RFC 9111, 5.4). */
struct github_cache_control github_cache_control_parse(struct slice cache_control,
                                                       struct slice pragma);

#endif
