/* mesh-fleet init. */
#ifndef FLEET_INIT_H
#define FLEET_INIT_H

#include "base/check.h"
#include "tools/mesh-fleet/order.h"

/* Makes the fleet's folder, authority key and first state. Refuses where an authority is.
 * Returns the exit code and has said what went wrong. */
int init_run(const struct order *order) MUST_CHECK;

#endif
