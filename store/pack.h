/* Bodies between memory and disk: compressed where that helps, sealed where the record asks for it,
 * wrapped as one record with its checksum. Where the record lies is known in table.h. */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zstd.h>

#include "base/check.h"
#include "store/body.h"
#include "store/vault.h"

/* A body's record as it goes to disk. */
struct store_pack {
    uint8_t *data; /* NULL: none */
    size_t size;
    bool is_borrowed; /* from LMDB's map, until the transaction's end or next write */
};

/* Makes the record of the body under row; flags of enum store_record_flags. -ENOMEM. */
int store_pack_make(ZSTD_CCtx *zstd, const struct store_vault *vault, const uint8_t *row,
                    unsigned flags, const struct store_body *body,
                    struct store_pack *ret_pack) MUST_CHECK;
void store_pack_done(struct store_pack *self);

/* The body in a record found under row. -EBADMSG when it is damaged, sealed by another key, or not
 * sealed as the flags say; -ENOMEM. */
int store_pack_open(ZSTD_DCtx *zstd, const struct store_vault *vault, const uint8_t *row,
                    unsigned flags, const struct store_pack *pack,
                    struct store_body **ret_body) MUST_CHECK;

#endif
