/* Keyed and plain BLAKE2b (RFC 7693), so that no other file needs to know the library's calls. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include <sodium/crypto_generichash_blake2b.h>

#include "base/slice.h"

enum {
    HASH_SIZE = 32,    /* BLAKE2b-256 */
    HASH_ID_SIZE = 16, /* BLAKE2b-128, for ids and checksums */
    HASH_KEY_SIZE = 32
};

struct hash {
    crypto_generichash_blake2b_state state;
};

/* Starts a hash of ret_size bytes (16 or 32). The key has HASH_KEY_SIZE bytes, or is NULL. */
void hash_start(struct hash *self, const uint8_t *key, size_t ret_size);
void hash_add(struct hash *self, const void *data, size_t size);

/* Adds a text with its length in front, so that two texts can't run into each other. */
void hash_add_text(struct hash *self, struct slice text);

/* ret has the size that hash_start was told. */
void hash_finish(struct hash *self, uint8_t *ret, size_t ret_size);

/* All three in one, over one run of bytes. */
void hash_of(const uint8_t *key, const void *data, size_t size, uint8_t *ret, size_t ret_size);

#endif
