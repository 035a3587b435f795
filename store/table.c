/* Rows of the six tables. What LMDB returns points into its pages and dies with the next change, so
 * what is needed longer is copied first. */
#include "store/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/chunks.h"
#include "store/record.h"

enum { DIGEST_KIND = 'D' };

/* An entry as it was found. */
struct found {
    bool exists, is_sound;
    bool has_guess;                  /* record is filled in, if only from a damaged entry */
    struct store_record_entry entry; /* its payload is valid until the next change only */
};

static MDB_val value_of(const void *data, size_t size)
{
    const MDB_val value = {.mv_data = (void *)(uintptr_t)data, .mv_size = size};
    return value;
}

static int get_row(struct store_table *self, enum store_table_id id, MDB_val key, MDB_val *ret)
{
    return store_disk_error(mdb_get(self->txn, self->disk->tables[id], &key, ret));
}

static int put_row(struct store_table *self, enum store_table_id id, MDB_val key, MDB_val value)
{
    return store_disk_error(mdb_put(self->txn, self->disk->tables[id], &key, &value, 0));
}

static int delete_row(struct store_table *self, enum store_table_id id, MDB_val key)
{
    int r = store_disk_error(mdb_del(self->txn, self->disk->tables[id], &key, NULL));
    return r == -ENOENT ? 0 : r;
}

static int delete_order(struct store_table *self, enum store_table_id id, int64_t ms,
                        const uint8_t *key)
{
    uint8_t order[STORE_RECORD_ORDER_SIZE];
    store_record_put_order(ms, key, order);
    return delete_row(self, id, value_of(order, sizeof order));
}

static int put_order(struct store_table *self, enum store_table_id id, int64_t ms,
                     const uint8_t *key)
{
    uint8_t order[STORE_RECORD_ORDER_SIZE];
    store_record_put_order(ms, key, order);
    return put_row(self, id, value_of(order, sizeof order), value_of("", 0));
}

int store_table_begin(struct store_table *self)
{
    CHECK(!self->txn);
    memset(&self->tally, 0, sizeof self->tally);
    return store_disk_error(mdb_txn_begin(self->disk->env, NULL, 0, &self->txn));
}

int store_table_commit(struct store_table *self)
{
    MDB_txn *txn = self->txn;
    self->txn = NULL;
    return store_disk_error(mdb_txn_commit(txn));
}

void store_table_abort(struct store_table *self)
{
    mdb_txn_abort(self->txn);
    self->txn = NULL;
}

static int find(struct store_table *self, const uint8_t *key, struct found *ret_found)
{
    struct found found = {0};
    MDB_val value;
    int r = get_row(self, STORE_TABLE_ENTRIES, value_of(key, STORE_KEY_SIZE), &value);
    if (r < 0 && r != -ENOENT)
        return r;
    if (r == 0) {
        found.exists = true;
        found.is_sound =
            store_record_read_entry(key, value.mv_data, value.mv_size, &found.entry) == 0;
        found.has_guess = found.is_sound ||
                          store_record_guess_entry(value.mv_data, value.mv_size, &found.entry) == 0;
    }
    *ret_found = found;
    return 0;
}

/* How many entries have the body: 0 when that is not known. */
static int count_refs(struct store_table *self, const uint8_t *row, uint64_t *ret_count)
{
    MDB_val value;
    int r = get_row(self, STORE_TABLE_REFS, value_of(row, STORE_CONTENT_SIZE), &value);
    if (r == 0)
        r = store_record_read_refs(row, value.mv_data, value.mv_size, ret_count);
    if (r == -ENOENT || r == -EBADMSG) {
        *ret_count = 0;
        r = 0;
    }
    return r;
}

static int put_refs(struct store_table *self, const uint8_t *row, uint64_t count)
{
    uint8_t refs[STORE_RECORD_REFS_SIZE];
    store_record_put_refs(row, count, refs);
    return put_row(self, STORE_TABLE_REFS, value_of(row, STORE_CONTENT_SIZE),
                   value_of(refs, sizeof refs));
}

/* The last one out takes the body with it. A count that can't be read ends the body, too: entries
 * that still have it will be found without one, which is a miss and never wrong bytes. */
static int drop_body(struct store_table *self, const uint8_t *row)
{
    uint64_t count;
    int r = count_refs(self, row, &count);
    if (r == 0 && count > 1)
        return put_refs(self, row, count - 1);
    if (r == 0)
        r = delete_row(self, STORE_TABLE_REFS, value_of(row, STORE_CONTENT_SIZE));
    if (r == 0)
        r = store_chunks_remove(self->txn, self->disk->tables[STORE_TABLE_BODIES], row);
    return r;
}

static int check_body(struct store_table *self, const uint8_t *row, bool *ret_is_sound)
{
    struct store_pack pack = {0};
    struct store_record_body body;
    int r = store_chunks_read(self->txn, self->disk->tables[STORE_TABLE_BODIES], row, &pack);
    if (r < 0 && r != -ENOENT && r != -EBADMSG)
        return r;
    *ret_is_sound = r == 0 && store_record_read_body(row, pack.data, pack.size, &body) == 0;
    store_pack_done(&pack);
    return 0;
}

/* Another entry has the body. One that is there already is shared only if it is sound; else this
 * copy takes its place, which mends it for the others as well. */
static int add_body(struct store_table *self, struct store_op *op)
{
    uint64_t count;
    bool is_sound = false;
    int r = count_refs(self, op->row, &count);
    if (r == 0 && count > 0)
        r = check_body(self, op->row, &is_sound);
    if (r == 0 && !is_sound && !op->pack.data)
        r = store_pack_make(self->zstd, self->vault, op->row, op->item->flags, op->item->body,
                            &op->pack);
    if (r == 0 && !is_sound)
        r = store_chunks_write(self->txn, self->disk->tables[STORE_TABLE_BODIES], op->row,
                               &op->pack);
    return r == 0 ? put_refs(self, op->row, count + 1) : r;
}

static int unlink_entry(struct store_table *self, const uint8_t *key, const struct found *found)
{
    const struct store_record_entry entry = found->entry;
    int r = 0;
    if (found->has_guess) {
        r = delete_order(self, STORE_TABLE_EXPIRY, entry.keep_until_ms, key);
        if (r == 0)
            r = delete_order(self, STORE_TABLE_USE, entry.used_ms, key);
        if (r == 0)
            r = drop_body(self, entry.row);
    }
    if (r == 0)
        r = delete_row(self, STORE_TABLE_ENTRIES, value_of(key, STORE_KEY_SIZE));
    return r;
}

static int put_entry(struct store_table *self, const uint8_t *key,
                     const struct store_record_entry *entry)
{
    const size_t size = STORE_RECORD_ENTRY_OVERHEAD + entry->payload_size;
    uint8_t *data = malloc(size);
    if (!data)
        return -ENOMEM;
    store_record_put_entry(key, entry, data);
    int r = put_row(self, STORE_TABLE_ENTRIES, value_of(key, STORE_KEY_SIZE), value_of(data, size));
    free(data);
    return r;
}

/* What stands in the entry about the item; ret has room for STORE_CONTENT_SIZE + meta +
 * SEAL_OVERHEAD bytes twice. A sealed entry's content id is not on disk in clear. */
static struct slice payload_of(const struct store_table *self, const struct store_op *op,
                               uint8_t *ret)
{
    const struct store_item *item = op->item;
    struct slice payload = {.data = (const char *)item->meta, .size = item->meta_size};
    if (item->flags & STORE_RECORD_SEALED) {
        const size_t size = (size_t)STORE_CONTENT_SIZE + item->meta_size;
        uint8_t *plain = ret + size + SEAL_OVERHEAD;
        memcpy(plain, item->content, STORE_CONTENT_SIZE);
        memcpy(plain + STORE_CONTENT_SIZE, item->meta, item->meta_size);
        store_vault_close(self->vault, STORE_VAULT_ENTRY, op->key, plain, size, ret);
        payload.data = (const char *)ret;
        payload.size = size + SEAL_OVERHEAD;
    }
    return payload;
}

static int write_item(struct store_table *self, const struct store_op *op)
{
    const struct store_item *item = op->item;
    uint8_t *space = malloc(2 * ((size_t)STORE_CONTENT_SIZE + item->meta_size + SEAL_OVERHEAD));
    if (!space)
        return -ENOMEM;
    const struct slice payload = payload_of(self, op, space);
    struct store_record_entry entry = {
        .flags = item->flags & STORE_RECORD_SEALED ? STORE_RECORD_DISK_SEALED : 0,
        .body_size = (uint32_t)item->body->size,
        .keep_until_ms = item->keep_until_ms,
        .used_ms = op->now_ms,
        .payload = (const uint8_t *)payload.data,
        .payload_size = payload.size,
    };
    memcpy(entry.row, op->row, STORE_CONTENT_SIZE);
    int r = put_entry(self, op->key, &entry);
    if (r == 0)
        r = put_order(self, STORE_TABLE_EXPIRY, entry.keep_until_ms, op->key);
    if (r == 0)
        r = put_order(self, STORE_TABLE_USE, entry.used_ms, op->key);
    free(space);
    return r;
}

int store_table_put(struct store_table *self, struct store_op *op)
{
    struct found old;
    int r = find(self, op->key, &old);
    if (r < 0)
        return r;
    const bool has_body = old.is_sound && memcmp(old.entry.row, op->row, STORE_CONTENT_SIZE) == 0;
    if (has_body) {
        r = delete_order(self, STORE_TABLE_EXPIRY, old.entry.keep_until_ms, op->key);
        if (r == 0)
            r = delete_order(self, STORE_TABLE_USE, old.entry.used_ms, op->key);
    } else {
        r = add_body(self, op);
        if (r == 0 && old.exists)
            r = unlink_entry(self, op->key, &old);
    }
    if (r == 0)
        r = write_item(self, op);
    self->tally.writes++;
    return r;
}

int store_table_remove(struct store_table *self, const uint8_t *key)
{
    struct found found;
    int r = find(self, key, &found);
    if (r == 0 && found.exists)
        r = unlink_entry(self, key, &found);
    self->tally.writes++;
    return r;
}

int store_table_touch(struct store_table *self, const uint8_t *key, int64_t now_ms)
{
    struct found found;
    int r = find(self, key, &found);
    if (r < 0 || !found.is_sound || found.entry.used_ms == now_ms)
        return r;
    struct store_record_entry entry = found.entry;
    uint8_t *payload = malloc(entry.payload_size + 1);
    if (!payload)
        return -ENOMEM;
    memcpy(payload, entry.payload, entry.payload_size);
    entry.payload = payload;
    r = delete_order(self, STORE_TABLE_USE, entry.used_ms, key);
    entry.used_ms = now_ms;
    if (r == 0)
        r = put_order(self, STORE_TABLE_USE, now_ms, key);
    if (r == 0)
        r = put_entry(self, key, &entry);
    free(payload);
    return r;
}

void store_table_digest(const uint8_t *key, const void *data, size_t size,
                        uint8_t ret[static STORE_RECORD_SUM_SIZE])
{
    store_record_sum(DIGEST_KIND, key, data, size, ret);
}

int store_table_discard(struct store_table *self, const struct store_op *op)
{
    uint8_t digest[STORE_RECORD_SUM_SIZE];
    struct found found;
    MDB_val value;
    int r = get_row(self, STORE_TABLE_ENTRIES, value_of(op->key, STORE_KEY_SIZE), &value);
    if (r < 0)
        return r == -ENOENT ? 0 : r;
    store_table_digest(op->key, value.mv_data, value.mv_size, digest);
    if (memcmp(digest, op->damage, sizeof digest) != 0)
        return 0; /* another record has taken its place */
    r = find(self, op->key, &found);
    if (r == 0)
        r = unlink_entry(self, op->key, &found);
    self->tally.damaged++;
    return r;
}

/* The first key of a table; false when it is empty. */
static int first_key(struct store_table *self, enum store_table_id id, uint8_t *ret, size_t size,
                     bool *ret_found)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    int rc = mdb_cursor_open(self->txn, self->disk->tables[id], &cursor);
    if (rc)
        return store_disk_error(rc);
    rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    if (rc == 0 && key.mv_size != size)
        rc = MDB_CORRUPTED;
    if (rc == 0)
        memcpy(ret, key.mv_data, size);
    *ret_found = rc == 0;
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? 0 : store_disk_error(rc);
}

/* Removes the entry that a row of an order table names, if the two agree, and the row itself in any
 * case: so an order that was damaged mends. */
static int remove_ordered(struct store_table *self, enum store_table_id id,
                          const uint8_t order[static STORE_RECORD_ORDER_SIZE], uint64_t *counter)
{
    const uint8_t *key = store_record_order_key(order);
    struct found found;
    int r = find(self, key, &found);
    if (r < 0)
        return r;
    const int64_t ms = id == STORE_TABLE_USE ? found.entry.used_ms : found.entry.keep_until_ms;
    if (found.exists && (!found.is_sound || ms == store_record_order_ms(order))) {
        *(found.is_sound ? counter : &self->tally.damaged) += 1;
        r = unlink_entry(self, key, &found);
    }
    if (r == 0)
        r = delete_row(self, id, value_of(order, STORE_RECORD_ORDER_SIZE));
    return r;
}

int store_table_evict(struct store_table *self, bool *ret_found)
{
    uint8_t order[STORE_RECORD_ORDER_SIZE], key[STORE_KEY_SIZE];
    struct found found;
    bool has_order = false, has_entry = false;
    int r = first_key(self, STORE_TABLE_USE, order, sizeof order, &has_order);
    if (r == 0 && has_order) {
        *ret_found = true;
        return remove_ordered(self, STORE_TABLE_USE, order, &self->tally.evictions);
    }
    /* Entries without an order exist only after damage. */
    if (r == 0)
        r = first_key(self, STORE_TABLE_ENTRIES, key, sizeof key, &has_entry);
    if (r < 0)
        return r;
    *ret_found = has_entry;
    if (!has_entry)
        return 0;
    r = find(self, key, &found);
    if (r == 0)
        r = unlink_entry(self, key, &found);
    self->tally.evictions++;
    return r;
}

int store_table_expire(struct store_table *self, int64_t now_ms, bool *ret_found)
{
    uint8_t order[STORE_RECORD_ORDER_SIZE];
    bool has_order = false;
    int r = first_key(self, STORE_TABLE_EXPIRY, order, sizeof order, &has_order);
    if (r < 0)
        return r;
    *ret_found = has_order && store_record_order_ms(order) < now_ms;
    if (!*ret_found)
        return 0;
    return remove_ordered(self, STORE_TABLE_EXPIRY, order, &self->tally.expirations);
}

int store_table_has(struct store_table *self, const uint8_t *key, bool *ret_has)
{
    MDB_val value;
    int r = get_row(self, STORE_TABLE_ENTRIES, value_of(key, STORE_KEY_SIZE), &value);
    *ret_has = r == 0;
    return r == -ENOENT ? 0 : r;
}
