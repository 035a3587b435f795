/* Join tokens, "rmt1." and base64url: all that a node needs to enter a fleet without a service. A
 * token is a secret: whoever has it can do what its certificate says. */
#ifndef BASE_JOIN_TOKEN_H
#define BASE_JOIN_TOKEN_H

#include <stdint.h>

#include "base/cert_chain.h"
#include "base/slice.h"

enum {
    JOIN_TOKEN_KEY_SIZE = 32, /* of each symmetric key */
    JOIN_TOKEN_BINARY_MIN = SIGN_PUBLIC_SIZE + CERT_SIZE_MIN + SIGN_SEED_SIZE +
                            JOIN_TOKEN_KEY_SIZE + 4 + JOIN_TOKEN_KEY_SIZE,
    JOIN_TOKEN_BINARY_MAX = JOIN_TOKEN_BINARY_MIN + CERT_SIZE_MAX - CERT_SIZE_MIN +
                            CERT_SCOPES_MAX * JOIN_TOKEN_KEY_SIZE,
    JOIN_TOKEN_TEXT_MAX = 5 + (JOIN_TOKEN_BINARY_MAX * 4 + 2) / 3, /* characters */
};

struct join_token {
    uint8_t root[SIGN_PUBLIC_SIZE];
    struct cert delegate;
    uint8_t seed[SIGN_SEED_SIZE]; /* of the delegate's key */
    uint8_t fleet_key[JOIN_TOKEN_KEY_SIZE];
    uint32_t packet_key_number; /* from 1 */
    uint8_t packet_key[JOIN_TOKEN_KEY_SIZE];
    uint8_t scope_keys[CERT_SCOPES_MAX][JOIN_TOKEN_KEY_SIZE]; /* one for each of delegate.scopes */
};

/* Writes the token and a zero byte. */
void join_token_encode(const struct join_token *self,
                       char ret_text[static JOIN_TOKEN_TEXT_MAX + 1]);

/* -EBADMSG, with *ret_token left alone, on anything but what join_token_encode writes: blanks,
 * padding, leftover bits and trailing bytes are refused. */
int join_token_decode(struct slice text, struct join_token *ret_token) MUST_CHECK;

/* Judges a token by its own root, and by the revocations that are known here (or NULL). */
enum cert_verdict join_token_verify(const struct join_token *self,
                                    const struct sign_functions *functions,
                                    const struct cert_revocation *revoked, size_t revoked_count,
                                    int64_t now_s);

#endif
