/* Ed25519 (RFC 8032) as a table of functions. It stands alone, so that no core links an algorithm
 * that it should be handed. */
#ifndef BASE_ED25519_H
#define BASE_ED25519_H

#include "base/sign.h"

/* Lives as long as the program. random_start() comes first. */
const struct sign_functions *ed25519_functions(void);

#endif
