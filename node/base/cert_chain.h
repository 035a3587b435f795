/* Chains of certificates: whether a fleet's root, through one delegate at most, vouches for a node.
 * Pure: trust and time come in. */
#ifndef BASE_CERT_CHAIN_H
#define BASE_CERT_CHAIN_H

#include "base/cert.h"

struct cert_revocation {
    uint8_t id[CERT_ID_SIZE];
    int64_t until_s; /* nothing that it refuses is valid for longer anyway */
};

/* What a chain is judged by; all borrowed. */
struct cert_trust {
    const struct sign_functions *functions;
    const uint8_t *roots; /* root_count public keys, one after the other */
    size_t root_count;
    const struct cert_revocation *revoked;
    size_t revoked_count;
};

/* Judges root -> node or root -> delegate -> node, the outermost first. */
enum cert_verdict cert_chain_verify(const struct cert_trust *trust, const struct cert *chain,
                                    size_t count, int64_t now_s);

/* Judges root -> delegate alone, as it is in a join token. */
enum cert_verdict cert_chain_verify_delegate(const struct cert_trust *trust,
                                             const struct cert *delegate, int64_t now_s);

/* Whether a key is revoked, give or take the skew of clocks. */
bool cert_chain_is_revoked(const struct cert_trust *trust, const uint8_t id[static CERT_ID_SIZE],
                           int64_t now_s);

#endif
