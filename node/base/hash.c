/* BLAKE2b by libsodium. SHA-256 is not here: what needs it needs it fast (github/digest.c). */
#include "base/hash.h"

#include "base/check.h"

void hash_start(struct hash *self, const uint8_t *key, size_t ret_size)
{
    CHECK(ret_size == HASH_SIZE || ret_size == HASH_ID_SIZE);
    CHECK(crypto_generichash_blake2b_init(&self->state, key, key ? HASH_KEY_SIZE : 0, ret_size) ==
          0);
}

void hash_add(struct hash *self, const void *data, size_t size)
{
    CHECK(crypto_generichash_blake2b_update(&self->state, data, size) == 0);
}

void hash_add_text(struct hash *self, struct slice text)
{
    const uint64_t size = text.size;
    uint8_t prefix[8];
    for (int i = 0; i < 8; i++)
        prefix[i] = (uint8_t)(size >> (8 * (7 - i)));
    hash_add(self, prefix, sizeof prefix);
    hash_add(self, text.data, text.size);
}

void hash_finish(struct hash *self, uint8_t *ret, size_t ret_size)
{
    CHECK(crypto_generichash_blake2b_final(&self->state, ret, ret_size) == 0);
}

void hash_of(const uint8_t *key, const void *data, size_t size, uint8_t *ret, size_t ret_size)
{
    struct hash hash;
    hash_start(&hash, key, ret_size);
    hash_add(&hash, data, size);
    hash_finish(&hash, ret, ret_size);
}
