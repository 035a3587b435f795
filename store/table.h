/* Changes of the tables inside one write transaction: entries, their bodies with the count of who
 * has them, and the two orders. Keeps the tables in step with one another, and mends what it meets
 * broken. Limits of space are batch.h's business. */
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include <lmdb.h>
#include <zstd.h>

#include "base/check.h"
#include "store/disk.h"
#include "store/queue.h"
#include "store/vault.h"

/* What a transaction did; it counts once it is committed. */
struct store_tally {
    uint64_t writes, evictions, expirations, damaged;
};

struct store_table {
    struct store_disk *disk;
    const struct store_vault *vault;
    ZSTD_CCtx *zstd;
    MDB_txn *txn; /* NULL between transactions */
    struct store_tally tally;
};

int store_table_begin(struct store_table *self) MUST_CHECK;
/* Ends the transaction in any case. */
int store_table_commit(struct store_table *self) MUST_CHECK;
void store_table_abort(struct store_table *self);

/* Each returns 0 or negative errno, after which the transaction can only be aborted: -ENOBUFS the
 * file is full, -ENOMEM, -EIO and the like. */
int store_table_put(struct store_table *self, struct store_op *op) MUST_CHECK;
int store_table_remove(struct store_table *self, const uint8_t *key) MUST_CHECK;
int store_table_touch(struct store_table *self, const uint8_t *key, int64_t now_ms) MUST_CHECK;
int store_table_discard(struct store_table *self, const struct store_op *op) MUST_CHECK;
/* Removes the first record of the order of use. False: there is nothing left to remove. */
int store_table_evict(struct store_table *self, bool *ret_found) MUST_CHECK;
/* Removes the first record that ran out before now. False: there is none. */
int store_table_expire(struct store_table *self, int64_t now_ms, bool *ret_found) MUST_CHECK;

int store_table_has(struct store_table *self, const uint8_t *key, bool *ret_has) MUST_CHECK;

/* Tells a raw record from what may stand in its place later. */
void store_table_digest(const uint8_t *key, const void *data, size_t size,
                        uint8_t ret[static STORE_RECORD_SUM_SIZE]);

#endif
