/* What reads find without the disk: items in memory by key, least recently used ones going first,
 * and for each key whether the disk lags behind. Not for several threads at once: the store's lock
 * is held around every call. Nothing is freed here under that lock: what leaves is handed out as a
 * list of the dead.
 *
 * An entry is one or more of
 *   pinned  writes of it are queued; it stays until they are committed,
 *   stale   a write of it was given up, so what the disk holds of this key is void until removed,
 *   cached  it holds an item; else it is a tombstone, and the key is absent whatever the disk says.
 * An entry that is none of these is dead. */
#ifndef STORE_HOT_H
#define STORE_HOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/check.h"
#include "store/item.h"

struct store_hot_entry {
    struct store_hot_entry *next; /* in its bucket, or among the dead */
    TAILQ_ENTRY(store_hot_entry) use_link, stale_link;
    struct store_item *item; /* NULL: a tombstone */
    int64_t used_ms;         /* the last use that the disk was told of */
    unsigned pins;           /* queued writes */
    bool is_stale;
    bool in_use_list, in_stale_list;
    uint8_t key[STORE_KEY_SIZE];
};

TAILQ_HEAD(store_hot_list, store_hot_entry);

/* What has left the table and waits to be freed; starts zeroed. */
struct store_hot_dead {
    struct store_hot_entry *entries;
    struct store_item *items;
};

struct store_hot {
    struct store_hot_entry **buckets;
    uint32_t *epochs; /* one a bucket: rises when the truth about one of its keys changes */
    size_t bucket_count;
    struct store_hot_list used;  /* entries that may go, most recently used first */
    struct store_hot_list stale; /* stale entries without queued writes */
    size_t stale_count;
    uint64_t entries, bytes, bytes_max; /* of items */
    uint64_t void_number;               /* how often is_void was set */
    bool is_void; /* everything on disk is stale: there were too many stale keys to list */
};

/* -ENOMEM. */
int store_hot_init(struct store_hot *self, size_t bytes_max) MUST_CHECK;
/* Accepts zeroed memory. */
void store_hot_done(struct store_hot *self);

struct store_hot_entry *store_hot_find(struct store_hot *self, const uint8_t *key);

/* Marks a use: it will be the last to go. */
void store_hot_use(struct store_hot *self, struct store_hot_entry *entry);

/* A number that changes with each store_hot_set of the key, and of some others. */
uint32_t store_hot_epoch(const struct store_hot *self, const uint8_t *key);

/* Makes the item (retained here), or with NULL a tombstone, the truth about the key, pinned once.
 * NULL when memory is short; nothing has changed then. */
struct store_hot_entry *store_hot_set(struct store_hot *self, const uint8_t *key,
                                      struct store_item *item, struct store_hot_dead *dead);

/* Takes the pin away that a queued write had. If that was given up, and no later one is queued, the
 * entry becomes stale. */
void store_hot_unpin(struct store_hot *self, const uint8_t *key, bool is_written,
                     struct store_hot_dead *dead);

/* Takes the pin away of a write that could not even be queued: the entry is stale, whatever earlier
 * writes of it still do to the disk. */
void store_hot_give_up(struct store_hot *self, struct store_hot_entry *entry,
                       struct store_hot_dead *dead);

/* Pins a stale entry, no longer stale, whose removal from the disk is about to be tried; NULL when
 * there is none. */
struct store_hot_entry *store_hot_take_stale(struct store_hot *self);

/* Keeps an item that was read from disk since the epoch was asked, if nothing is known of its key
 * and nothing has happened to it. */
void store_hot_offer(struct store_hot *self, struct store_item *item, int64_t used_ms,
                     uint32_t epoch);

/* Declares all that is on disk void, also what is written from what is queued now. */
void store_hot_declare_void(struct store_hot *self, struct store_hot_dead *dead);
/* The disk has been emptied since the void of that number was seen; a later one stays. */
void store_hot_end_void(struct store_hot *self, uint64_t number);

/* Lets the least recently used go until the rest fits. */
void store_hot_trim(struct store_hot *self, struct store_hot_dead *dead);

/* Frees the dead; without the lock. */
void store_hot_bury(struct store_hot_dead *dead);

#endif
