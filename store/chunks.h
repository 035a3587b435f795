/* A body's record in the table of bodies: cut into pieces of a page each, so that the file never
 * needs several free pages in a row, which a full file rarely has. */
#ifndef STORE_CHUNKS_H
#define STORE_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

#include <lmdb.h>

#include "base/check.h"
#include "store/pack.h"

/* The pieces under row, put together but not checked; a single piece is borrowed from the
 * transaction. -ENOENT none, -EBADMSG some are missing or of a wrong size, -ENOMEM, -EIO. */
int store_chunks_read(MDB_txn *txn, MDB_dbi bodies, const uint8_t *row,
                      struct store_pack *ret_pack) MUST_CHECK;

/* Replaces what is under row. */
int store_chunks_write(MDB_txn *txn, MDB_dbi bodies, const uint8_t *row,
                       const struct store_pack *pack) MUST_CHECK;

/* Removes every piece under row, also behind a gap; none is fine. */
int store_chunks_remove(MDB_txn *txn, MDB_dbi bodies, const uint8_t *row) MUST_CHECK;

/* How many pieces a record of that size has. */
size_t store_chunks_count(size_t size);

#endif
