/* mesh-fleet revoke. */
#ifndef FLEET_REVOKE_H
#define FLEET_REVOKE_H

#include "base/check.h"
#include "tools/mesh-fleet/order.h"

/* Adds a key to the revoked ones and signs a new state.
 * Returns the exit code and has said what went wrong. */
int revoke_run(const struct order *order) MUST_CHECK;

#endif
