/* mesh-inspect fsck. */
#ifndef INSPECT_FSCK_H
#define INSPECT_FSCK_H

#include <stdbool.h>

#include "base/check.h"

struct inspect_options {
    const char *node; /* data folder */
    bool is_json;     /* print one JSON object instead of text */
};

/* Verifies the store in options->node, prints what was found. Returns the exit code: 0 fine, 1
 * problem found, 69 no store there, or it belongs to a running node. */
int fsck_run(const struct inspect_options *options) MUST_CHECK;

#endif
