/* Fixed-capacity table with chained buckets over one array of entries, in order of use. */
#include "base/lru.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX /* no entry; an enumerator must fit an int */

struct entry {
    uint32_t chain;        /* next in the same bucket, or next free */
    uint32_t newer, older; /* order of use */
};

struct lru {
    struct lru_options options;
    struct entry *entries;
    uint8_t *data;     /* key and value of each entry, stride bytes apart */
    uint32_t *buckets; /* mask + 1 heads */
    size_t stride, value_at;
    uint64_t evictions;
    uint32_t mask, count, free, newest, oldest;
};

static size_t aligned(size_t size)
{
    const size_t alignment = _Alignof(max_align_t);
    return (size + alignment - 1) / alignment * alignment;
}

int lru_new(const struct lru_options *options, struct lru **ret_lru)
{
    CHECK(options->capacity > 0 && options->capacity < NONE / 2 && options->key_size >= 8);
    struct lru *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->options = *options;
    self->value_at = aligned(options->key_size);
    self->stride = self->value_at + aligned(options->value_size);
    self->mask = 1;
    while (self->mask < options->capacity)
        self->mask *= 2;
    self->entries = calloc(options->capacity, sizeof *self->entries);
    self->data = calloc(options->capacity, self->stride);
    self->buckets = malloc(self->mask * sizeof *self->buckets);
    if (!self->entries || !self->data || !self->buckets) {
        lru_destroy(&self);
        return -ENOMEM;
    }
    memset(self->buckets, 0xff, self->mask * sizeof *self->buckets);
    self->mask--;
    for (uint32_t i = 0; i < options->capacity; i++)
        self->entries[i].chain = i + 1 < options->capacity ? i + 1 : NONE;
    self->newest = self->oldest = NONE;
    *ret_lru = self;
    return 0;
}

static uint8_t *key_of(const struct lru *self, uint32_t at)
{
    return self->data + at * self->stride;
}

static void *value_of(const struct lru *self, uint32_t at)
{
    return key_of(self, at) + self->value_at;
}

static void leave(struct lru *self, uint32_t at)
{
    if (self->options.on_leave)
        self->options.on_leave(self->options.cls, value_of(self, at));
}

void lru_destroy(struct lru **self_p)
{
    struct lru *self = *self_p;
    if (!self)
        return;
    if (self->entries && self->count)
        for (uint32_t at = self->newest; at != NONE; at = self->entries[at].older)
            leave(self, at);
    free(self->entries);
    free(self->data);
    free(self->buckets);
    free(self);
    *self_p = NULL;
}

static uint32_t *bucket_of(const struct lru *self, const void *key)
{
    uint64_t word;
    memcpy(&word, key, sizeof word);
    return &self->buckets[(word ^ word >> 32) & self->mask];
}

static uint32_t find(const struct lru *self, const void *key)
{
    uint32_t at = *bucket_of(self, key);
    while (at != NONE && memcmp(key_of(self, at), key, self->options.key_size) != 0)
        at = self->entries[at].chain;
    return at;
}

static void order_remove(struct lru *self, uint32_t at)
{
    const struct entry *entry = &self->entries[at];
    if (entry->newer != NONE)
        self->entries[entry->newer].older = entry->older;
    else
        self->newest = entry->older;
    if (entry->older != NONE)
        self->entries[entry->older].newer = entry->newer;
    else
        self->oldest = entry->newer;
}

static void order_push(struct lru *self, uint32_t at)
{
    self->entries[at].newer = NONE;
    self->entries[at].older = self->newest;
    if (self->newest != NONE)
        self->entries[self->newest].newer = at;
    else
        self->oldest = at;
    self->newest = at;
}

static void entry_remove(struct lru *self, uint32_t at)
{
    uint32_t *link = bucket_of(self, key_of(self, at));
    while (*link != at)
        link = &self->entries[*link].chain;
    *link = self->entries[at].chain;
    order_remove(self, at);
    leave(self, at);
    self->entries[at].chain = self->free;
    self->free = at;
    self->count--;
}

void *lru_get(struct lru *self, const void *key)
{
    const uint32_t at = find(self, key);
    if (at == NONE)
        return NULL;
    if (at != self->newest) {
        order_remove(self, at);
        order_push(self, at);
    }
    return value_of(self, at);
}

const void *lru_peek(const struct lru *self, const void *key)
{
    const uint32_t at = find(self, key);
    return at == NONE ? NULL : value_of(self, at);
}

void *lru_put(struct lru *self, const void *key, bool *ret_added)
{
    void *present = lru_get(self, key);
    if (ret_added)
        *ret_added = !present;
    if (present)
        return present;
    if (self->free == NONE) {
        entry_remove(self, self->oldest);
        self->evictions++;
    }
    const uint32_t at = self->free;
    uint32_t *bucket = bucket_of(self, key);
    self->free = self->entries[at].chain;
    self->entries[at].chain = *bucket;
    *bucket = at;
    memset(key_of(self, at), 0, self->stride);
    memcpy(key_of(self, at), key, self->options.key_size);
    order_push(self, at);
    self->count++;
    return value_of(self, at);
}

bool lru_remove(struct lru *self, const void *key)
{
    const uint32_t at = find(self, key);
    if (at == NONE)
        return false;
    entry_remove(self, at);
    return true;
}

size_t lru_count(const struct lru *self)
{
    return self->count;
}

uint64_t lru_evictions(const struct lru *self)
{
    return self->evictions;
}

void lru_sweep(struct lru *self, bool (*visit)(void *cls, const void *key, void *value), void *cls)
{
    uint32_t at = self->newest;
    while (at != NONE) {
        const uint32_t older = self->entries[at].older;
        if (visit(cls, key_of(self, at), value_of(self, at)))
            entry_remove(self, at);
        at = older;
    }
}
