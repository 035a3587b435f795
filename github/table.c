/* base/lru behind a lock, with an end for each entry. What has run out leaves when it is asked for
 * or when its place is needed. */
#include "github/table.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/lru.h"

struct github_table {
    pthread_mutex_t lock;
    struct lru *entries; /* value: the end, then the caller's value */
    size_t value_size;
    int64_t left_ms;    /* the end of the entry that left last */
    uint64_t evictions; /* of entries that had not run out */
};

static void lock(struct github_table *self)
{
    CHECK(pthread_mutex_lock(&self->lock) == 0);
}

static void unlock(struct github_table *self)
{
    CHECK(pthread_mutex_unlock(&self->lock) == 0);
}

static int64_t end_of(const uint8_t *entry)
{
    int64_t expires_ms;
    memcpy(&expires_ms, entry, sizeof expires_ms);
    return expires_ms;
}

static void on_leave(void *cls, void *value)
{
    struct github_table *self = cls;
    self->left_ms = end_of(value);
}

int github_table_new(size_t capacity, size_t key_size, size_t value_size,
                     struct github_table **ret_table)
{
    struct github_table *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    CHECK(pthread_mutex_init(&self->lock, NULL) == 0);
    self->value_size = value_size;
    const struct lru_options options = {
        .capacity = capacity,
        .key_size = key_size,
        .value_size = sizeof(int64_t) + value_size,
        .on_leave = on_leave,
        .cls = self,
    };
    const int r = lru_new(&options, &self->entries);
    if (r == 0)
        *ret_table = self;
    else
        github_table_destroy(&self);
    return r;
}

void github_table_destroy(struct github_table **self_p)
{
    struct github_table *self = *self_p;
    if (!self)
        return;
    lru_destroy(&self->entries);
    CHECK(pthread_mutex_destroy(&self->lock) == 0);
    free(self);
    *self_p = NULL;
}

/* Makes the entry of key; tells apart who left because of it early and who had run out. */
static uint8_t *make(struct github_table *self, const void *key, int64_t now_ms)
{
    const uint64_t evictions = lru_evictions(self->entries);
    uint8_t *entry = lru_put(self->entries, key, NULL);
    if (lru_evictions(self->entries) != evictions && now_ms < self->left_ms)
        self->evictions++;
    return entry;
}

static void set(struct github_table *self, uint8_t *entry, const void *value, int64_t expires_ms)
{
    memcpy(entry, &expires_ms, sizeof expires_ms);
    if (self->value_size)
        memcpy(entry + sizeof expires_ms, value, self->value_size);
}

void github_table_put(struct github_table *self, const void *key, const void *value, int64_t now_ms,
                      int64_t expires_ms)
{
    lock(self);
    set(self, make(self, key, now_ms), value, expires_ms);
    unlock(self);
}

void github_table_extend(struct github_table *self, const void *key, const void *value,
                         int64_t now_ms, int64_t expires_ms)
{
    lock(self);
    const uint8_t *present = lru_peek(self->entries, key);
    if (!present || end_of(present) <= expires_ms)
        set(self, make(self, key, now_ms), value, expires_ms);
    unlock(self);
}

bool github_table_get(struct github_table *self, const void *key, int64_t now_ms, void *ret_value)
{
    lock(self);
    const uint8_t *entry = lru_get(self->entries, key);
    const bool found = entry && now_ms < end_of(entry);
    if (found && ret_value && self->value_size)
        memcpy(ret_value, entry + sizeof(int64_t), self->value_size);
    if (entry && !found)
        lru_remove(self->entries, key);
    unlock(self);
    return found;
}

void github_table_remove(struct github_table *self, const void *key)
{
    lock(self);
    lru_remove(self->entries, key);
    unlock(self);
}

size_t github_table_count(struct github_table *self)
{
    lock(self);
    const size_t count = lru_count(self->entries);
    unlock(self);
    return count;
}

uint64_t github_table_evictions(struct github_table *self)
{
    lock(self);
    const uint64_t evictions = self->evictions;
    unlock(self);
    return evictions;
}
