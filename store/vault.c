/* Key derivation and contexts. Keys and ids of entries and bodies have the same size, so one layout
 * of context serves both. */
#include "store/vault.h"

#include <string.h>

#include "base/hash.h"
#include "base/slice.h"
#include "store/store.h"

_Static_assert((int)STORE_SEAL_KEY_SIZE == (int)SEAL_KEY_SIZE, "key size");
_Static_assert((int)STORE_SEAL_KEY_SIZE == (int)HASH_KEY_SIZE, "key size");
_Static_assert((int)STORE_CONTENT_SIZE == (int)HASH_SIZE, "size of a row id");
_Static_assert((int)STORE_KEY_SIZE == (int)STORE_CONTENT_SIZE, "one layout of context");

enum { CONTEXT_SIZE = 1 + STORE_KEY_SIZE };

static void derive(const uint8_t *key, const char *purpose, uint8_t *ret)
{
    hash_of(key, purpose, strlen(purpose), ret, HASH_SIZE);
}

void store_vault_init(struct store_vault *self, const uint8_t *key)
{
    derive(key, "runmesh1 store seal", self->seal_key);
    derive(key, "runmesh1 store row", self->row_key);
}

void store_vault_done(struct store_vault *self)
{
    seal_forget(self, sizeof *self);
}

void store_vault_row(const struct store_vault *self, unsigned flags, const uint8_t *content,
                     uint8_t ret[static STORE_CONTENT_SIZE])
{
    if (flags & STORE_RECORD_SEALED)
        hash_of(self->row_key, content, STORE_CONTENT_SIZE, ret, HASH_SIZE);
    else
        memcpy(ret, content, STORE_CONTENT_SIZE);
}

static struct slice context_of(enum store_vault_use use, const uint8_t *id,
                               uint8_t space[static CONTEXT_SIZE])
{
    space[0] = (uint8_t)use;
    memcpy(space + 1, id, STORE_KEY_SIZE);
    const struct slice context = {.data = (const char *)space, .size = CONTEXT_SIZE};
    return context;
}

void store_vault_close(const struct store_vault *self, enum store_vault_use use, const uint8_t *id,
                       const void *data, size_t size, uint8_t *ret)
{
    uint8_t space[CONTEXT_SIZE];
    seal_close(self->seal_key, context_of(use, id, space), data, size, ret);
}

int store_vault_open(const struct store_vault *self, enum store_vault_use use, const uint8_t *id,
                     const uint8_t *data, size_t size, uint8_t *ret)
{
    uint8_t space[CONTEXT_SIZE];
    return seal_open(self->seal_key, context_of(use, id, space), data, size, ret);
}
