/* The data file through LMDB: opening, checking and setting it aside, transactions, space. LMDB's
 * errors become negative errno here and nowhere else. What lies in the tables is known in table.h.
 *
 * Readers take the guard for reading while they hold a transaction; only closing and reopening the
 * file takes it for writing. */
#ifndef STORE_DISK_H
#define STORE_DISK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lmdb.h>
#include <zstd.h>

#include "base/check.h"
#include "store/image.h"

/* A read transaction that is kept between uses, and the decompressor of whoever uses it. */
struct store_reader {
    struct store_reader *next;
    MDB_txn *txn;
    ZSTD_DCtx *zstd;
};

struct store_disk {
    char *dir, *path; /* of the folder and the data file */
    int owner;        /* descriptor of the lock */
    uint64_t bytes_max;
    size_t page_size;
    uint64_t quarantines; /* files set aside */

    pthread_rwlock_t guard;
    MDB_env *env; /* NULL while the file can't be used */
    MDB_dbi tables[STORE_TABLES];

    pthread_mutex_t readers_lock;
    pthread_cond_t reader_is_back;
    struct store_reader *idle;
    unsigned reader_count; /* idle and in use */
};

/* Takes the folder and maps the file, as store_open says. */
int store_disk_open(struct store_disk *self, const char *dir, uint64_t bytes_max) MUST_CHECK;
void store_disk_close(struct store_disk *self);

/* Checks, opens or makes the data file; a damaged one is set aside. Nothing may be mapped. */
int store_disk_map(struct store_disk *self) MUST_CHECK;
/* Waits for the readers, then closes the file. Nothing mapped is fine. */
void store_disk_unmap(struct store_disk *self);
/* Unmaps, and deletes the data file. */
int store_disk_wipe(struct store_disk *self) MUST_CHECK;

/* Why writing now would be a mistake: -ENOSPC too little space is left on the file system, -EIO the
 * file has been deleted or nothing is mapped; 0 when nothing speaks against it. */
int store_disk_health(const struct store_disk *self) MUST_CHECK;

/* A reader with a fresh snapshot; waits when STORE_READERS_MAX are in use. Give it back soon: pages
 * that it sees are not used again meanwhile. -EIO when nothing is mapped; -ENOMEM. */
int store_disk_reader_take(struct store_disk *self, struct store_reader **ret_reader) MUST_CHECK;
void store_disk_reader_give(struct store_disk *self, struct store_reader **reader_p);

/* Pages that hold something in this transaction's view, and pages that the file may have. */
uint64_t store_disk_pages_used(const struct store_disk *self, MDB_txn *txn);
uint64_t store_disk_pages_max(const struct store_disk *self);
/* Pages that a change of one record writes anew at most, besides those of its own value. */
uint64_t store_disk_pages_per_change(const struct store_disk *self, MDB_txn *txn);
/* Rows of a table in this transaction's view. */
uint64_t store_disk_rows(const struct store_disk *self, MDB_txn *txn, enum store_table_id id);

/* 0 or negative errno for what LMDB returned: -ENOENT not found, -ENOBUFS the file's limit is
 * reached, -EIO for all that only a damaged file or a bug explains. */
int store_disk_error(int rc) MUST_CHECK;

#endif
