/* mesh-fleet token. */
#ifndef FLEET_TOKEN_H
#define FLEET_TOKEN_H

#include "base/check.h"
#include "base/join_token.h"
#include "tools/mesh-fleet/order.h"

enum { TOKEN_LIFETIME_MIN_S = 60, TOKEN_LIFETIME_MAX_S = 366 * 86400 };

/* Prints one join token to standard output, and to standard error what it opens.
 * Returns the exit code and has said what went wrong. */
int token_run(const struct order *order) MUST_CHECK;

/* Whether a text looks like a token, if perhaps a broken one. */
bool token_is_one(struct slice text);

#endif
