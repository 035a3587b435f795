/* Signatures, each over its purpose and its bytes, so that one made for a certificate is never good
 * for a record. The algorithm comes as a table of functions: base/ed25519.h is the real one, and a
 * simulator hands the cores a cheaper one of the same sizes. */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIGN_SEED_SIZE = 32,
    SIGN_PUBLIC_SIZE = 32,
    SIGN_SIZE = 64,            /* of a signature */
    SIGN_PURPOSE_MAX = 31,     /* characters */
    SIGN_DATA_MAX = 16 * 1024, /* bytes under one signature */
};

/* A key pair. */
struct sign_key {
    uint8_t seed[SIGN_SEED_SIZE];
    uint8_t public_key[SIGN_PUBLIC_SIZE];
};

struct sign_functions {
    void (*public_from_seed)(const uint8_t seed[static SIGN_SEED_SIZE],
                             uint8_t ret_public_key[static SIGN_PUBLIC_SIZE]);
    void (*sign)(const struct sign_key *key, const uint8_t *message, size_t size,
                 uint8_t ret_signature[static SIGN_SIZE]);
    bool (*verify)(const uint8_t public_key[static SIGN_PUBLIC_SIZE], const uint8_t *message,
                   size_t size, const uint8_t signature[static SIGN_SIZE]);
};

/* The key pair of a seed. */
void sign_key_from_seed(const struct sign_functions *functions,
                        const uint8_t seed[static SIGN_SEED_SIZE], struct sign_key *ret_key);

/* Signs "runmesh1 <purpose>", a zero byte, and the bytes (at most SIGN_DATA_MAX). */
void sign_data(const struct sign_functions *functions, const struct sign_key *key,
               const char *purpose, const void *data, size_t size,
               uint8_t ret_signature[static SIGN_SIZE]);

/* Whether the owner of the public key signed these bytes for this purpose. */
bool sign_holds(const struct sign_functions *functions,
                const uint8_t public_key[static SIGN_PUBLIC_SIZE], const char *purpose,
                const void *data, size_t size, const uint8_t signature[static SIGN_SIZE]);

#endif
