/* Ed25519 by libsodium, which refuses keys of small order and signatures that are not canonical. */
#include "base/ed25519.h"

#include <string.h>

#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

#include "base/check.h"

static void public_from_seed(const uint8_t seed[static SIGN_SEED_SIZE],
                             uint8_t ret_public_key[static SIGN_PUBLIC_SIZE])
{
    uint8_t secret[crypto_sign_ed25519_SECRETKEYBYTES];
    CHECK(crypto_sign_ed25519_seed_keypair(ret_public_key, secret, seed) == 0);
    sodium_memzero(secret, sizeof secret);
}

static void sign(const struct sign_key *key, const uint8_t *message, size_t size,
                 uint8_t ret_signature[static SIGN_SIZE])
{
    /* The library's secret key is the seed with the public key behind it. */
    uint8_t secret[crypto_sign_ed25519_SECRETKEYBYTES];
    memcpy(secret, key->seed, SIGN_SEED_SIZE);
    memcpy(secret + SIGN_SEED_SIZE, key->public_key, SIGN_PUBLIC_SIZE);
    CHECK(crypto_sign_ed25519_detached(ret_signature, NULL, message, size, secret) == 0);
    sodium_memzero(secret, sizeof secret);
}

static bool verify(const uint8_t public_key[static SIGN_PUBLIC_SIZE], const uint8_t *message,
                   size_t size, const uint8_t signature[static SIGN_SIZE])
{
    return crypto_sign_ed25519_verify_detached(signature, message, size, public_key) == 0;
}

static const struct sign_functions functions = {
    .public_from_seed = public_from_seed,
    .sign = sign,
    .verify = verify,
};

const struct sign_functions *ed25519_functions(void)
{
    return &functions;
}
