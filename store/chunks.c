/* Pieces are numbered from 0 and full but for the last. */
#include "store/chunks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/disk.h"
#include "store/record.h"

size_t store_chunks_count(size_t size)
{
    return (size + STORE_RECORD_CHUNK - 1) / STORE_RECORD_CHUNK;
}

static size_t size_of_piece(size_t total, size_t index)
{
    const size_t left = total - index * STORE_RECORD_CHUNK;
    return left < STORE_RECORD_CHUNK ? left : STORE_RECORD_CHUNK;
}

static int read_piece(MDB_txn *txn, MDB_dbi bodies, const uint8_t *row, size_t index,
                      MDB_val *ret_piece)
{
    uint8_t space[STORE_RECORD_CHUNK_KEY];
    store_record_put_chunk_key(row, index, space);
    MDB_val key = {.mv_data = space, .mv_size = sizeof space};
    return store_disk_error(mdb_get(txn, bodies, &key, ret_piece));
}

static int join(MDB_txn *txn, MDB_dbi bodies, const uint8_t *row, uint8_t *data, size_t total)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < store_chunks_count(total); i++) {
        MDB_val piece;
        r = read_piece(txn, bodies, row, i, &piece);
        if (r == -ENOENT || (r == 0 && piece.mv_size != size_of_piece(total, i)))
            r = -EBADMSG;
        if (r == 0)
            memcpy(data + i * STORE_RECORD_CHUNK, piece.mv_data, piece.mv_size);
    }
    return r;
}

int store_chunks_read(MDB_txn *txn, MDB_dbi bodies, const uint8_t *row, struct store_pack *ret_pack)
{
    MDB_val first = {0};
    size_t total = 0;
    int r = read_piece(txn, bodies, row, 0, &first);
    if (r == 0)
        r = store_record_body_size(first.mv_data, first.mv_size, &total);
    if (r < 0)
        return r;
    if (total <= STORE_RECORD_CHUNK) {
        const struct store_pack pack = {
            .data = first.mv_data, .size = first.mv_size, .is_borrowed = true};
        if (total != first.mv_size)
            return -EBADMSG;
        *ret_pack = pack;
        return 0;
    }
    struct store_pack pack = {.data = malloc(total), .size = total};
    if (!pack.data)
        return -ENOMEM;
    r = join(txn, bodies, row, pack.data, total);
    if (r == 0)
        *ret_pack = pack;
    else
        store_pack_done(&pack);
    return r;
}

int store_chunks_write(MDB_txn *txn, MDB_dbi bodies, const uint8_t *row,
                       const struct store_pack *pack)
{
    int r = store_chunks_remove(txn, bodies, row);
    for (size_t i = 0; r == 0 && i < store_chunks_count(pack->size); i++) {
        uint8_t space[STORE_RECORD_CHUNK_KEY];
        store_record_put_chunk_key(row, i, space);
        MDB_val key = {.mv_data = space, .mv_size = sizeof space};
        MDB_val piece = {.mv_data = pack->data + i * STORE_RECORD_CHUNK,
                         .mv_size = size_of_piece(pack->size, i)};
        r = store_disk_error(mdb_put(txn, bodies, &key, &piece, 0));
    }
    return r;
}

int store_chunks_remove(MDB_txn *txn, MDB_dbi bodies, const uint8_t *row)
{
    uint8_t space[STORE_RECORD_CHUNK_KEY];
    MDB_cursor *cursor;
    int rc = mdb_cursor_open(txn, bodies, &cursor);
    if (rc)
        return store_disk_error(rc);
    store_record_put_chunk_key(row, 0, space);
    MDB_val key = {.mv_data = space, .mv_size = sizeof space}, piece;
    MDB_val at = key;
    /* Looked up anew after each removal: where LMDB leaves a cursor then depends on the page. */
    while ((rc = mdb_cursor_get(cursor, &at, &piece, MDB_SET_RANGE)) == 0 &&
           at.mv_size == sizeof space && memcmp(at.mv_data, row, STORE_CONTENT_SIZE) == 0) {
        rc = mdb_cursor_del(cursor, 0);
        if (rc)
            break;
        at = key;
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? 0 : store_disk_error(rc);
}
