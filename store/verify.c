/* store_verify: every record of a closed store against its checksum, and every cross reference in
 * both directions. Changes nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hex.h"
#include "store/chunks.h"
#include "store/disk.h"
#include "store/owner.h"
#include "store/probe.h"
#include "store/record.h"
#include "store/store.h"

struct verification {
    MDB_txn *txn;
    MDB_dbi tables[STORE_TABLES];
    uint8_t (*rows)[STORE_CONTENT_SIZE]; /* the body of each entry, sorted later */
    size_t row_count, row_capacity;
    struct store_report report;
};

static void problem(struct verification *self, const char *what, const uint8_t *id)
{
    char hex[2 * STORE_KEY_SIZE + 1];
    if (self->report.damaged++ > 0)
        return;
    hex_encode(id, STORE_KEY_SIZE, hex);
    snprintf(self->report.first_problem, sizeof self->report.first_problem, "%s: %s", what, hex);
}

/* Calls visit for each row of a table. */
static int each_row(struct verification *self, enum store_table_id id,
                    int (*visit)(struct verification *self, const MDB_val *key,
                                 const MDB_val *value))
{
    MDB_cursor *cursor;
    MDB_val key, value;
    int r = 0;
    int rc = mdb_cursor_open(self->txn, self->tables[id], &cursor);
    if (rc)
        return store_disk_error(rc);
    while (r == 0 && (rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
        r = visit(self, &key, &value);
    mdb_cursor_close(cursor);
    return r == 0 && rc != MDB_NOTFOUND ? store_disk_error(rc) : r;
}

static int note_row(struct verification *self, const uint8_t *row)
{
    if (self->row_count == self->row_capacity) {
        const size_t capacity = self->row_capacity ? 2 * self->row_capacity : 1024;
        void *rows = realloc(self->rows, capacity * sizeof self->rows[0]);
        if (!rows)
            return -ENOMEM;
        self->rows = rows;
        self->row_capacity = capacity;
    }
    memcpy(self->rows[self->row_count++], row, STORE_CONTENT_SIZE);
    return 0;
}

static bool has_order(struct verification *self, enum store_table_id id, int64_t ms,
                      const uint8_t *key)
{
    uint8_t order[STORE_RECORD_ORDER_SIZE];
    store_record_put_order(ms, key, order);
    MDB_val at = {.mv_data = order, .mv_size = sizeof order}, value;
    return mdb_get(self->txn, self->tables[id], &at, &value) == 0;
}

static int verify_entry(struct verification *self, const MDB_val *key, const MDB_val *value)
{
    struct store_record_entry entry;
    self->report.entries++;
    if (store_record_read_entry(key->mv_data, value->mv_data, value->mv_size, &entry) < 0) {
        problem(self, "damaged entry", key->mv_data);
        return 0;
    }
    if (!has_order(self, STORE_TABLE_EXPIRY, entry.keep_until_ms, key->mv_data))
        problem(self, "entry missing in the order of expiry", key->mv_data);
    if (!has_order(self, STORE_TABLE_USE, entry.used_ms, key->mv_data))
        problem(self, "entry missing in the order of use", key->mv_data);
    return note_row(self, entry.row);
}

static int compare_rows(const void *a, const void *b)
{
    return memcmp(a, b, STORE_CONTENT_SIZE);
}

/* How many entries have the body. */
static uint64_t count_users(const struct verification *self, const uint8_t *row)
{
    const uint8_t *found =
        bsearch(row, self->rows, self->row_count, STORE_CONTENT_SIZE, compare_rows);
    if (!found)
        return 0;
    size_t at = (size_t)(found - self->rows[0]) / STORE_CONTENT_SIZE, end = at;
    while (at > 0 && memcmp(self->rows[at - 1], row, STORE_CONTENT_SIZE) == 0)
        at--;
    while (end < self->row_count && memcmp(self->rows[end], row, STORE_CONTENT_SIZE) == 0)
        end++;
    return end - at;
}

static int verify_refs(struct verification *self, const MDB_val *key, const MDB_val *value)
{
    uint64_t count;
    if (store_record_read_refs(key->mv_data, value->mv_data, value->mv_size, &count) < 0)
        problem(self, "damaged count of a body", key->mv_data);
    else if (count != count_users(self, key->mv_data))
        problem(self, "wrong count of a body", key->mv_data);
    return 0;
}

static int verify_body(struct verification *self, const uint8_t *row)
{
    struct store_pack pack = {0};
    struct store_record_body body;
    self->report.bodies++;
    int r = store_chunks_read(self->txn, self->tables[STORE_TABLE_BODIES], row, &pack);
    if (r == -ENOMEM || r == -EIO)
        return r;
    if (r < 0 || store_record_read_body(row, pack.data, pack.size, &body) < 0)
        problem(self, "damaged body", row);
    store_pack_done(&pack);
    MDB_val at = {.mv_data = (void *)(uintptr_t)row, .mv_size = STORE_CONTENT_SIZE}, value;
    if (mdb_get(self->txn, self->tables[STORE_TABLE_REFS], &at, &value) != 0)
        problem(self, "uncounted body", row);
    return 0;
}

/* A body is looked at once, at its first piece. */
static int verify_piece(struct verification *self, const MDB_val *key, const MDB_val *value)
{
    uint8_t first[STORE_RECORD_CHUNK_KEY];
    (void)value;
    store_record_put_chunk_key(key->mv_data, 0, first);
    return memcmp(first, key->mv_data, sizeof first) == 0 ? verify_body(self, key->mv_data) : 0;
}

/* Every entry's body must be there; what is there was looked at already. */
static int verify_presence(struct verification *self)
{
    for (size_t i = 0; i < self->row_count; i++) {
        uint8_t first[STORE_RECORD_CHUNK_KEY];
        store_record_put_chunk_key(self->rows[i], 0, first);
        MDB_val at = {.mv_data = first, .mv_size = sizeof first}, value;
        int rc = mdb_get(self->txn, self->tables[STORE_TABLE_BODIES], &at, &value);
        if (rc == MDB_NOTFOUND)
            problem(self, "missing body", self->rows[i]);
        else if (rc)
            return store_disk_error(rc);
    }
    return 0;
}

/* Together with the look-ups from the entries' side, equal counts make both orders complete. */
static int verify_orders(struct verification *self)
{
    static const uint8_t none[STORE_KEY_SIZE];
    for (unsigned i = 0; i < 2; i++) {
        MDB_stat stat;
        const enum store_table_id id = i ? STORE_TABLE_USE : STORE_TABLE_EXPIRY;
        int rc = mdb_stat(self->txn, self->tables[id], &stat);
        if (rc)
            return store_disk_error(rc);
        if (stat.ms_entries != self->report.entries)
            problem(self, "an order with another number of records", none);
    }
    return 0;
}

static int verify_tables(struct verification *self)
{
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < STORE_TABLES; i++)
        rc = mdb_dbi_open(self->txn, store_image_table_name(i), 0, &self->tables[i]);
    if (rc == MDB_NOTFOUND)
        return 0; /* made, and never used */
    int r = store_disk_error(rc);
    if (r == 0)
        r = each_row(self, STORE_TABLE_ENTRIES, verify_entry);
    if (r == 0 && self->row_count > 0)
        qsort(self->rows, self->row_count, STORE_CONTENT_SIZE, compare_rows);
    if (r == 0)
        r = each_row(self, STORE_TABLE_REFS, verify_refs);
    if (r == 0)
        r = each_row(self, STORE_TABLE_BODIES, verify_piece);
    if (r == 0)
        r = verify_presence(self);
    if (r == 0)
        r = verify_orders(self);
    return r;
}

static int verify_env(const char *dir, struct store_report *ret_report)
{
    struct verification self = {0};
    MDB_env *env = NULL;
    int rc = mdb_env_create(&env);
    if (rc == 0)
        rc = mdb_env_set_maxdbs(env, STORE_TABLES);
    if (rc == 0) /* the folder is ours, so LMDB's own locks are not needed */
        rc = mdb_env_open(env, dir, MDB_RDONLY | MDB_NOLOCK, 0);
    if (rc == 0)
        rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &self.txn);
    int r = store_disk_error(rc);
    if (r == 0)
        r = verify_tables(&self);
    if (self.txn)
        mdb_txn_abort(self.txn);
    mdb_env_close(env);
    free(self.rows);
    if (r == 0)
        *ret_report = self.report;
    return r;
}

int store_verify(const char *dir, struct store_report *ret_report)
{
    char path[STORE_PATH_MAX], text[sizeof ret_report->first_problem];
    int owner;
    if (snprintf(path, sizeof path, "%s/data.mdb", dir) >= (int)sizeof path)
        return -ENAMETOOLONG;
    struct stat status;
    if (stat(path, &status) != 0)
        return -errno;
    int r = store_owner_take(dir, &owner);
    if (r < 0)
        return r;
    r = store_probe_file(path, text, sizeof text);
    if (r == 0)
        r = verify_env(dir, ret_report);
    store_owner_leave(&owner);
    return r;
}
