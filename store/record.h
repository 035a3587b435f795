/* The layout of everything on disk (the table is in the README): encoding, decoding, checksums. It
 * neither compresses nor encrypts, and touches no disk. */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/seal.h"
#include "store/limits.h"

enum {
    STORE_RECORD_VERSION = 1,
    STORE_RECORD_SUM_SIZE = 16, /* BLAKE2b-128 */

    STORE_RECORD_ENTRY_HEADER = 4 + 4 + 8 + 8 + STORE_CONTENT_SIZE + 4,
    STORE_RECORD_ENTRY_OVERHEAD = STORE_RECORD_ENTRY_HEADER + STORE_RECORD_SUM_SIZE,
    STORE_RECORD_ENTRY_MAX =
        STORE_RECORD_ENTRY_OVERHEAD + STORE_META_MAX + STORE_CONTENT_SIZE + SEAL_OVERHEAD,

    STORE_RECORD_BODY_HEADER = 4 + 4 + 4,
    STORE_RECORD_BODY_OVERHEAD = STORE_RECORD_BODY_HEADER + STORE_RECORD_SUM_SIZE,
    STORE_RECORD_BODY_MAX = STORE_RECORD_BODY_OVERHEAD + STORE_BODY_MAX + SEAL_OVERHEAD,

    /* A body's record lies in pieces, each with a page of its own at most (4,096 bytes less LMDB's
     * page header): the file never needs several pages in a row. */
    STORE_RECORD_CHUNK = 4096 - 16,
    STORE_RECORD_CHUNK_KEY = STORE_CONTENT_SIZE + 2,

    STORE_RECORD_REFS_SIZE = 8 + STORE_RECORD_SUM_SIZE,
    STORE_RECORD_ORDER_SIZE = 8 + STORE_KEY_SIZE,
};

/* Flags on disk, of entries and bodies. */
enum store_record_disk_flags {
    STORE_RECORD_DISK_SEALED = 1 << 0,
    STORE_RECORD_DISK_ZSTD = 1 << 1, /* bodies only */
};

/* An entry's record. Pointers go into the bytes that it was read from. */
struct store_record_entry {
    uint8_t flags;
    uint32_t body_size; /* plain */
    int64_t keep_until_ms, used_ms;
    uint8_t row[STORE_CONTENT_SIZE]; /* of its body */
    const uint8_t *payload;          /* meta, or sealed: content id and meta */
    size_t payload_size;
};

struct store_record_body {
    uint8_t flags;
    uint32_t plain_size;
    const uint8_t *payload;
    size_t payload_size;
};

/* Writes STORE_RECORD_ENTRY_OVERHEAD + payload_size bytes. */
void store_record_put_entry(const uint8_t *key, const struct store_record_entry *entry,
                            uint8_t *ret);
/* -EBADMSG unless every byte is as it was written for this key. */
int store_record_read_entry(const uint8_t *key, const uint8_t *data, size_t size,
                            struct store_record_entry *ret_entry) MUST_CHECK;
/* The same without the checksum: for clearing up after a damaged record, on which nothing that
 * matters may rest. */
int store_record_guess_entry(const uint8_t *data, size_t size,
                             struct store_record_entry *ret_entry) MUST_CHECK;

/* Completes a body's record whose payload stands at ret + STORE_RECORD_BODY_HEADER already; writes
 * header and checksum around it. */
void store_record_put_body(const uint8_t *row, const struct store_record_body *body, uint8_t *ret);
/* All of a body's pieces in one run. */
int store_record_read_body(const uint8_t *row, const uint8_t *data, size_t size,
                           struct store_record_body *ret_body) MUST_CHECK;
/* How long the whole record is, told by its first piece; not to be believed before
 * store_record_read_body has seen all of it, but never above STORE_RECORD_BODY_MAX. */
int store_record_body_size(const uint8_t *data, size_t size, size_t *ret_size) MUST_CHECK;

void store_record_put_chunk_key(const uint8_t *row, size_t index,
                                uint8_t ret[static STORE_RECORD_CHUNK_KEY]);

void store_record_put_refs(const uint8_t *row, uint64_t count,
                           uint8_t ret[static STORE_RECORD_REFS_SIZE]);
int store_record_read_refs(const uint8_t *row, const uint8_t *data, size_t size,
                           uint64_t *ret_count) MUST_CHECK;

/* A key of the order tables: sorts by time, then by entry. */
void store_record_put_order(int64_t ms, const uint8_t *key,
                            uint8_t ret[static STORE_RECORD_ORDER_SIZE]);
int64_t store_record_order_ms(const uint8_t order[static STORE_RECORD_ORDER_SIZE]);
const uint8_t *store_record_order_key(const uint8_t order[static STORE_RECORD_ORDER_SIZE]);

/* The checksum that ends each record: over its kind, the id it is stored under, and its bytes. */
void store_record_sum(uint8_t kind, const uint8_t *id, const uint8_t *data, size_t size,
                      uint8_t ret[static STORE_RECORD_SUM_SIZE]);

#endif
