/* The authority of a fleet: its secret, what is derived from it, and the state that it signs. What
 * goes wrong is said here, with a remedy. */
#ifndef FLEET_AUTHORITY_H
#define FLEET_AUTHORITY_H

#include <stdint.h>

#include "base/fleet_state.h"

enum {
    AUTHORITY_SECRET_SIZE = 32,
    AUTHORITY_KEY_SIZE = 32,
};

struct authority {
    const char *dir;
    int folder; /* locked against other mesh-fleet while open; -1: not open */
    uint8_t secret[AUTHORITY_SECRET_SIZE];
    struct sign_key root;
    struct fleet_state state;
};

/* Makes the folder if it is missing, the secret and the first state. -EEXIST where one is. */
int authority_make(struct authority *self, const char *dir, int64_t now_s) MUST_CHECK;

/* Opens what authority_make made and checks that both files belong together. */
int authority_open(struct authority *self, const char *dir) MUST_CHECK;

/* Wipes and closes; also what failed to open. */
void authority_done(struct authority *self);

/* Signs the state as a new version that outlives every token, and writes it. */
int authority_save_state(struct authority *self, int64_t now_s) MUST_CHECK;

/* Keys of the fleet. fleet: whatever members share; packet: of the number; scope: of its members.
 */
void authority_fleet_key(const struct authority *self, uint8_t ret_key[static AUTHORITY_KEY_SIZE]);
void authority_packet_key(const struct authority *self, uint32_t number,
                          uint8_t ret_key[static AUTHORITY_KEY_SIZE]);
void authority_scope_key(const struct authority *self, const struct cert_scope *scope,
                         uint8_t ret_key[static AUTHORITY_KEY_SIZE]);

/* Reads the state of a folder without its secret and without a word. -ENOENT, -EBADMSG, -EPERM. */
int authority_peek_state(const char *dir, struct fleet_state *ret_state) MUST_CHECK;

#endif
