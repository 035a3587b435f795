/* mesh-fleet show. */
#ifndef FLEET_SHOW_H
#define FLEET_SHOW_H

#include "base/check.h"
#include "tools/mesh-fleet/order.h"

/* Says what a token, a delegate's certificate or a fleet state means, never a secret.
 * Returns the exit code and has said what went wrong. */
int show_run(const struct order *order) MUST_CHECK;

#endif
