/* What the seal key is used for: the encryption of sealed records, and the names under which their
 * bodies lie on disk. The two uses have keys of their own, derived from it. */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include <stddef.h>
#include <stdint.h>

#include "base/seal.h"
#include "store/limits.h"

/* What a sealed run of bytes is; part of the context, so that one can't stand in for the other. */
enum store_vault_use {
    STORE_VAULT_ENTRY = 'E',
    STORE_VAULT_BODY = 'B',
};

struct store_vault {
    uint8_t seal_key[SEAL_KEY_SIZE], row_key[SEAL_KEY_SIZE];
};

void store_vault_init(struct store_vault *self, const uint8_t *key);
void store_vault_done(struct store_vault *self);

/* The id under which a body lies on disk. A sealed one's can't be told from the content id without
 * the key, so the disk confirms to nobody what private content it holds. */
void store_vault_row(const struct store_vault *self, unsigned flags, const uint8_t *content,
                     uint8_t ret[static STORE_CONTENT_SIZE]);

/* Seals under the id (an entry's key or a body's row). Writes size + SEAL_OVERHEAD bytes. */
void store_vault_close(const struct store_vault *self, enum store_vault_use use, const uint8_t *id,
                       const void *data, size_t size, uint8_t *ret);

/* Writes size - SEAL_OVERHEAD bytes; -EBADMSG when it was not sealed so by this key. */
int store_vault_open(const struct store_vault *self, enum store_vault_use use, const uint8_t *id,
                     const uint8_t *data, size_t size, uint8_t *ret) MUST_CHECK;

#endif
