/* The library's combined mode: nonce || ciphertext || tag. A random nonce of 24 bytes never repeats
 * in practice, so no counter has to survive a restart. */
#include "base/seal.h"

#include <errno.h>

#include <sodium/core.h>
#include <sodium/crypto_aead_xchacha20poly1305.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>

enum {
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
};

_Static_assert(SEAL_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
_Static_assert(SEAL_OVERHEAD == NONCE_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES, "overhead");

void seal_close(const uint8_t key[static SEAL_KEY_SIZE], struct slice context, const void *data,
                size_t size, uint8_t *ret)
{
    CHECK(sodium_init() >= 0); /* chooses the fastest code once; later calls do nothing */
    randombytes_buf(ret, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(ret + NONCE_SIZE, NULL, data, size,
                                               (const unsigned char *)context.data, context.size,
                                               NULL, ret, key);
}

int seal_open(const uint8_t key[static SEAL_KEY_SIZE], struct slice context, const uint8_t *data,
              size_t size, uint8_t *ret)
{
    if (size < SEAL_OVERHEAD)
        return -EBADMSG;
    CHECK(sodium_init() >= 0);
    int r = crypto_aead_xchacha20poly1305_ietf_decrypt(
        ret, NULL, NULL, data + NONCE_SIZE, size - NONCE_SIZE, (const unsigned char *)context.data,
        context.size, data, key);
    return r == 0 ? 0 : -EBADMSG;
}

void seal_forget(void *secret, size_t size)
{
    sodium_memzero(secret, size);
}
