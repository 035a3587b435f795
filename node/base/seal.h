/* Sealed bytes: XChaCha20-Poly1305 with a random nonce in front, bound to a context that is not
 * stored. Whoever opens must name the same key and the same context. Where keys come from is not
 * known here. */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"

enum {
    SEAL_KEY_SIZE = 32,
    SEAL_OVERHEAD = 24 + 16, /* bytes that sealing adds: the nonce and the tag */
};

/* Writes size + SEAL_OVERHEAD bytes to ret, which must not overlap data. */
void seal_close(const uint8_t key[static SEAL_KEY_SIZE], struct slice context, const void *data,
                size_t size, uint8_t *ret);

/* Writes size - SEAL_OVERHEAD bytes to ret, which must not overlap data. -EBADMSG when the bytes,
 * the key or the context are not those that were sealed; ret is then undefined. */
int seal_open(const uint8_t key[static SEAL_KEY_SIZE], struct slice context, const uint8_t *data,
              size_t size, uint8_t *ret) MUST_CHECK;

/* Overwrites a secret in a way that the compiler can't leave out. */
void seal_forget(void *secret, size_t size);

#endif
