/* Bytes at rest: records by key, bodies by content id, in one LMDB environment that one process
 * owns, with a table of plain records in memory before it. What a record means is not known here.
 *
 * Threads: every function may be called from any thread. Reads never wait for writes. Writes are
 * queued, seen by reads at once, and committed in batches by one writer thread.
 *
 * Trust: nothing read from disk is believed without its checksum; a damaged file is set aside at
 * the start, and a record that fails its checksum later is dropped, counted and reported absent. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "store/limits.h"

struct store;
struct store_item;

struct store_options {
    const char *dir;         /* borrowed; made with mode 0700 when absent, else left as it is */
    uint64_t bytes_max;      /* size of the data file, at least STORE_BYTES_MIN */
    uint64_t entries_max;    /* records, at least 1 */
    size_t hot_bytes_max;    /* plain records kept in memory */
    const uint8_t *seal_key; /* STORE_SEAL_KEY_SIZE bytes, copied; seals records that ask for it */
};

enum store_record_flags {
    STORE_RECORD_SEALED = 1 << 0, /* meta and body are encrypted on disk */
};

/* What a record is made of; all pointers are borrowed for the call. */
struct store_record {
    const uint8_t *key;     /* STORE_KEY_SIZE */
    const uint8_t *content; /* STORE_CONTENT_SIZE: id of the body; equal ids mean equal bodies */
    const void *meta;       /* the caller's description of the body, up to STORE_META_MAX */
    size_t meta_size;
    const void *body; /* up to STORE_BODY_MAX; may be NULL when body_size is 0 */
    size_t body_size;
    int64_t keep_until_ms; /* Unix time after which the record may be swept */
    unsigned flags;        /* of enum store_record_flags */
};

/* Counters since the start, and sizes now. All of what is committed, nothing that is only queued,
 * but for the hot_ fields. */
struct store_counts {
    uint64_t entries, bodies, bytes; /* committed; bytes: pages in use in the data file */
    uint64_t commits;                /* batches */
    uint64_t writes;                 /* record writes committed (puts, renewals, removals) */
    uint64_t evictions, expirations; /* records */
    uint64_t dropped;     /* puts and removals given up: queue full, disk full or failing,
                             body too big for the file */
    uint64_t damaged;     /* records that failed their checksum or did not open */
    uint64_t quarantines; /* data files set aside at the start */
    uint64_t hot_entries, hot_bytes, hot_hits, hot_misses;
    bool degraded; /* the disk can't be written: records live in memory only */
};

/* Opens or makes the store in options->dir. A data file that is damaged is moved aside (at most
 * STORE_QUARANTINES_MAX are kept) and an empty one made. One that is larger than bytes_max loses
 * its least recently used records. Errors: -EBUSY another process owns the
 * folder; -EACCES, -ENOSPC, -ENOTDIR, -EROFS and the like from the file system; -ENOMEM;
 * *ret_store is then left alone. */
int store_open(const struct store_options *options, struct store **ret_store) MUST_CHECK;

/* Commits what is queued, then closes. All items must have been released. */
void store_close(struct store **self_p);

/* Takes a copy of the record and makes it visible at once; now_ms is Unix time. Replaces the record
 * of the same key. The write to disk is queued: when the queue is full the record lives in memory
 * only and `dropped` counts it. When ret_item is not NULL it gets a reference to the new item.
 * Errors: -EMSGSIZE over a limit of store/limits.h, -ENOMEM; nothing has changed then. */
int store_put(struct store *self, const struct store_record *record, int64_t now_ms,
              struct store_item **ret_item) MUST_CHECK;

/* What is said of a body that is there already; borrowed for the call. */
struct store_label {
    const void *meta; /* up to STORE_META_MAX */
    size_t meta_size;
    int64_t keep_until_ms; /* as in struct store_record */
};

/* Stores under key what item holds, with another label: the body is neither copied nor compressed
 * again. With item's own key that replaces its record. Otherwise as store_put. */
int store_share(struct store *self, const struct store_item *item, const uint8_t *key,
                const struct store_label *label, int64_t now_ms,
                struct store_item **ret_item) MUST_CHECK;

/* The record of key, from memory or disk, and counts as a use at now_ms. -ENOENT when there is
 * none, it is damaged, or the disk can't be read; -ENOMEM. */
int store_get(struct store *self, const uint8_t *key, int64_t now_ms,
              struct store_item **ret_item) MUST_CHECK;

/* Removes the record of key, at once for reads, queued for the disk. No error when absent. What was
 * removed stays absent although its removal could not be written: that is tried until it is. */
void store_remove(struct store *self, const uint8_t *key);

/* Returns after everything queued before the call is committed or given up. 0, or -EIO when the
 * last commit failed. */
int store_sync(struct store *self) MUST_CHECK;

/* Calls visit for each committed record, in the order of keys, until it returns false. Meta is
 * valid during the call; bodies are not read. -EIO, -ENOMEM. */
int store_each(struct store *self,
               bool (*visit)(void *cls, const uint8_t *key, const uint8_t *content,
                             const void *meta, size_t meta_size, size_t body_size),
               void *cls) MUST_CHECK;

void store_counts(struct store *self, struct store_counts *ret_counts);

/* --- Items: immutable, counted references, shared between threads --- */

struct store_item *store_item_retain(struct store_item *item);
/* Drops a reference and nulls the pointer; NULL is fine. */
void store_item_release(struct store_item **item_p);

const uint8_t *store_item_key(const struct store_item *item);
const uint8_t *store_item_content(const struct store_item *item);
const void *store_item_meta(const struct store_item *item, size_t *ret_size);
const void *store_item_body(const struct store_item *item, size_t *ret_size);
unsigned store_item_flags(const struct store_item *item);

/* Another form of the body (a compressed one, say), made once by make() and kept beside it as long
 * as the body is in memory. make() returns a malloc'ed block or NULL when it can't. Two threads may
 * both make it; one result is kept. NULL when make() returned NULL. */
const void *store_item_variant(struct store_item *item,
                               void *(*make)(const void *body, size_t size, size_t *ret_size),
                               size_t *ret_size);

/* --- Verification --- */

struct store_report {
    uint64_t entries, bodies; /* looked at */
    uint64_t damaged;         /* checksum, layout, missing or uncounted body, broken order index */
    char first_problem[160];  /* text, empty when there is none */
};

/* Reads every record of the closed store in dir and checks checksums and cross references; sealed
 * records are checked without their key. 0 when it could be read, whatever it found; -EBUSY when a
 * process owns it, -ENOENT when there is none, -EUCLEAN when the file can't be read as a store. */
int store_verify(const char *dir, struct store_report *ret_report) MUST_CHECK;

#endif
