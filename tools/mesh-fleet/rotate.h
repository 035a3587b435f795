/* mesh-fleet rotate. */
#ifndef FLEET_ROTATE_H
#define FLEET_ROTATE_H

#include "base/check.h"
#include "tools/mesh-fleet/order.h"

/* Signs a state with the next packet key, and lists the tokens that lack it.
 * Returns the exit code and has said what went wrong. */
int rotate_run(const struct order *order) MUST_CHECK;

#endif
