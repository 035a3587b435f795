/* What may be slow (opening, decompressing) happens inside the transaction, straight from LMDB's
 * pages: it is microseconds for all but the largest bodies, and saves a copy. */
#include "store/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/chunks.h"
#include "store/pack.h"
#include "store/table.h"

/* What an entry says once its payload is open. */
struct opened {
    struct store_record_entry entry;
    const uint8_t *content, *meta;
    size_t meta_size;
    uint8_t *space; /* malloc'ed where content and meta had to be opened */
};

static int open_sealed(const struct store_vault *vault, const uint8_t *key, struct opened *opened)
{
    const struct store_record_entry *entry = &opened->entry;
    if (entry->payload_size < STORE_CONTENT_SIZE + SEAL_OVERHEAD)
        return -EBADMSG;
    const size_t size = entry->payload_size - SEAL_OVERHEAD;
    uint8_t row[STORE_CONTENT_SIZE];
    opened->space = malloc(size);
    if (!opened->space)
        return -ENOMEM;
    int r = store_vault_open(vault, STORE_VAULT_ENTRY, key, entry->payload, entry->payload_size,
                             opened->space);
    if (r < 0)
        return r;
    opened->content = opened->space;
    opened->meta = opened->space + STORE_CONTENT_SIZE;
    opened->meta_size = size - STORE_CONTENT_SIZE;
    store_vault_row(vault, STORE_RECORD_SEALED, opened->content, row);
    return memcmp(row, entry->row, sizeof row) == 0 ? 0 : -EBADMSG;
}

/* opened->space is the caller's to free, also on failure. */
static int open_entry(const struct store_vault *vault, const uint8_t *key, const MDB_val *value,
                      struct opened *opened)
{
    memset(opened, 0, sizeof *opened);
    int r = store_record_read_entry(key, value->mv_data, value->mv_size, &opened->entry);
    if (r < 0)
        return r;
    if (opened->entry.flags & STORE_RECORD_DISK_SEALED)
        return open_sealed(vault, key, opened);
    opened->content = opened->entry.row;
    opened->meta = opened->entry.payload;
    opened->meta_size = opened->entry.payload_size;
    return opened->meta_size <= STORE_META_MAX ? 0 : -EBADMSG;
}

static int load_body(const struct store_disk *disk, struct store_reader *reader,
                     const struct store_vault *vault, const struct opened *opened,
                     struct store_body **ret_body)
{
    const unsigned flags = opened->entry.flags & STORE_RECORD_DISK_SEALED ? STORE_RECORD_SEALED : 0;
    struct store_pack pack = {0};
    struct store_body *body = NULL;
    int r =
        store_chunks_read(reader->txn, disk->tables[STORE_TABLE_BODIES], opened->entry.row, &pack);
    if (r == -ENOENT)
        r = -EBADMSG; /* an entry without a body */
    if (r == 0)
        r = store_pack_open(reader->zstd, vault, opened->entry.row, flags, &pack, &body);
    store_pack_done(&pack);
    if (r == 0 && body->size != opened->entry.body_size) {
        store_body_release(&body);
        r = -EBADMSG;
    }
    if (r == 0)
        *ret_body = body;
    return r;
}

static int make_item(const struct opened *opened, const uint8_t *key, struct store_body *body,
                     struct store_item **ret_item)
{
    const struct store_record record = {
        .key = key,
        .content = opened->content,
        .meta = opened->meta,
        .meta_size = opened->meta_size,
        .keep_until_ms = opened->entry.keep_until_ms,
        .flags = opened->entry.flags & STORE_RECORD_DISK_SEALED ? STORE_RECORD_SEALED : 0,
    };
    struct store_item *item = store_item_new(&record, body);
    if (!item)
        return -ENOMEM;
    *ret_item = item;
    return 0;
}

int store_load_item(struct store_disk *disk, const struct store_vault *vault, const uint8_t *key,
                    struct store_loaded *ret_loaded, uint8_t *ret_damage)
{
    struct store_reader *reader;
    struct store_body *body = NULL;
    struct opened opened = {0};
    int r = store_disk_reader_take(disk, &reader);
    if (r < 0)
        return r;
    MDB_val at = {.mv_data = (void *)(uintptr_t)key, .mv_size = STORE_KEY_SIZE}, value = {0};
    r = store_disk_error(mdb_get(reader->txn, disk->tables[STORE_TABLE_ENTRIES], &at, &value));
    if (r == 0)
        r = open_entry(vault, key, &value, &opened);
    if (r == 0)
        r = load_body(disk, reader, vault, &opened, &body);
    if (r == 0)
        r = make_item(&opened, key, body, &ret_loaded->item);
    if (r == 0)
        ret_loaded->used_ms = opened.entry.used_ms;
    if (r == -EBADMSG)
        store_table_digest(key, value.mv_data, value.mv_size, ret_damage);
    store_body_release(&body);
    free(opened.space);
    store_disk_reader_give(disk, &reader);
    return r;
}

static int seek(MDB_txn *txn, MDB_dbi entries, const uint8_t *behind, MDB_val *ret_key,
                MDB_val *ret_value)
{
    MDB_cursor *cursor;
    MDB_val key = {.mv_data = (void *)(uintptr_t)behind, .mv_size = STORE_KEY_SIZE};
    int rc = mdb_cursor_open(txn, entries, &cursor);
    if (rc)
        return store_disk_error(rc);
    rc = mdb_cursor_get(cursor, &key, ret_value, behind ? MDB_SET_RANGE : MDB_FIRST);
    if (rc == 0 && behind && memcmp(key.mv_data, behind, STORE_KEY_SIZE) == 0)
        rc = mdb_cursor_get(cursor, &key, ret_value, MDB_NEXT);
    if (rc == 0)
        *ret_key = key;
    mdb_cursor_close(cursor);
    return store_disk_error(rc);
}

static int copy_outline(const struct opened *opened, struct store_outline *ret_outline)
{
    uint8_t *meta = malloc(opened->meta_size ? opened->meta_size : 1);
    if (!meta)
        return -ENOMEM;
    memcpy(meta, opened->meta, opened->meta_size);
    memcpy(ret_outline->content, opened->content, STORE_CONTENT_SIZE);
    ret_outline->meta = meta;
    ret_outline->meta_size = opened->meta_size;
    ret_outline->body_size = opened->entry.body_size;
    return 0;
}

int store_load_next(struct store_disk *disk, const struct store_vault *vault, const uint8_t *key,
                    struct store_outline *ret_outline, uint8_t *ret_damage)
{
    struct store_reader *reader;
    struct opened opened = {0};
    MDB_val at = {0}, value = {0};
    int r = store_disk_reader_take(disk, &reader);
    if (r < 0)
        return r;
    r = seek(reader->txn, disk->tables[STORE_TABLE_ENTRIES], key, &at, &value);
    if (r == 0 && at.mv_size != STORE_KEY_SIZE)
        r = -EIO;
    if (r == 0) {
        memcpy(ret_outline->key, at.mv_data, STORE_KEY_SIZE);
        r = open_entry(vault, ret_outline->key, &value, &opened);
    }
    if (r == 0)
        r = copy_outline(&opened, ret_outline);
    if (r == -EBADMSG)
        store_table_digest(ret_outline->key, value.mv_data, value.mv_size, ret_damage);
    free(opened.space);
    store_disk_reader_give(disk, &reader);
    return r;
}
