/* The state of a fleet, RMS1: whom it trusts, whom no longer, which packet key it uses. Signed by
 * a root, numbered; the higher number wins. Pure; files and gossip are others'. */
#ifndef BASE_FLEET_STATE_H
#define BASE_FLEET_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/cert_chain.h"

enum {
    FLEET_STATE_ROOTS_MAX = 4,
    FLEET_STATE_REVOKED_MAX = 512,
    FLEET_STATE_SIZE_MIN = 4 + 3 * 8 + 4 + 1 + 1 + SIGN_PUBLIC_SIZE + 2 + CERT_ID_SIZE + SIGN_SIZE,
    FLEET_STATE_SIZE_MAX = FLEET_STATE_SIZE_MIN + (FLEET_STATE_ROOTS_MAX - 1) * SIGN_PUBLIC_SIZE +
                           FLEET_STATE_REVOKED_MAX * (CERT_ID_SIZE + 8),
};

struct fleet_state {
    uint64_t version;            /* from 1 */
    int64_t issued_s, expires_s; /* Unix time; both inclusive */
    uint32_t packet_key_number;  /* from 1; the key itself is never in here */
    uint8_t lowest_wire;         /* lowest version of datagrams that members speak */
    uint8_t root_count;          /* 1 or more */
    uint16_t revoked_count;
    uint8_t roots[FLEET_STATE_ROOTS_MAX][SIGN_PUBLIC_SIZE];
    struct cert_revocation revoked[FLEET_STATE_REVOKED_MAX]; /* ascending by id, none twice */
    uint8_t signer[CERT_ID_SIZE];
    uint8_t signature[SIGN_SIZE];
};

/* Refuses a key until the given time, or for longer if it is refused already. -ENOSPC when full. */
int fleet_state_revoke(struct fleet_state *self, const uint8_t id[static CERT_ID_SIZE],
                       int64_t until_s) MUST_CHECK;

/* Forgets revocations of what has expired by itself. */
void fleet_state_prune(struct fleet_state *self, int64_t now_s);

/* Names the signer and signs. Everything else must be set and in its limits. */
void fleet_state_sign(struct fleet_state *self, const struct sign_functions *functions,
                      const struct sign_key *root);

/* Writes the state, FLEET_STATE_SIZE_MAX bytes at most. */
void fleet_state_encode(const struct fleet_state *self, struct bytes_out *out);

/* -EBADMSG, with *ret_state left alone, when it is not exactly what fleet_state_encode would write:
 * short, trailing bytes, values out of range or order. */
int fleet_state_decode(const void *data, size_t size, struct fleet_state *ret_state) MUST_CHECK;

/* Judges a state by the roots that were trusted before it came. What trust revoked, signs no more.
 */
enum cert_verdict fleet_state_verify(const struct fleet_state *self, const struct cert_trust *trust,
                                     int64_t now_s);

/* The trust that a state gives; borrows from it. */
struct cert_trust fleet_state_trust(const struct fleet_state *self,
                                    const struct sign_functions *functions);

#endif
