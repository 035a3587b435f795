/* A table of fixed capacity: fixed-size keys, fixed-size values, and when it is full the entry that
 * was used longest ago goes. All memory is taken at the start. Not for several threads at once:
 * whoever shares a table locks around it. */
#ifndef BASE_LRU_H
#define BASE_LRU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

struct lru;

struct lru_options {
    size_t capacity;   /* entries, at least 1 */
    size_t key_size;   /* bytes; keys must be hashes or otherwise spread well in their first 8 */
    size_t value_size; /* bytes, may be 0 */
    /* Called with the value of each entry that leaves, whatever the reason; may be NULL. */
    void (*on_leave)(void *cls, void *value);
    void *cls;
};

/* -ENOMEM; *ret_lru is then left alone. */
int lru_new(const struct lru_options *options, struct lru **ret_lru) MUST_CHECK;
void lru_destroy(struct lru **self_p);

/* The value of key, now the most recently used, or NULL. Lives until the entry leaves. */
void *lru_get(struct lru *self, const void *key);

/* The value of key without counting as a use. */
const void *lru_peek(const struct lru *self, const void *key);

/* The value of key, made with all bytes zero if it was absent; *ret_added tells (may be NULL). */
void *lru_put(struct lru *self, const void *key, bool *ret_added);

/* Removes key; false if it was absent. */
bool lru_remove(struct lru *self, const void *key);

size_t lru_count(const struct lru *self);

/* Entries that had to leave because the table was full, since the start. */
uint64_t lru_evictions(const struct lru *self);

/* Visits all entries, most recently used first. A visitor that returns true has its entry
 * removed. It must not touch the table otherwise. */
void lru_sweep(struct lru *self, bool (*visit)(void *cls, const void *key, void *value), void *cls);

#endif
