/* A table of small bodies. Forgetting everything is one step of a number: entries of an earlier
 * one no longer count. */
#include "github/negative.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "github/table.h"

struct entry {
    uint64_t generation;
    size_t size;
    char body[GITHUB_NEGATIVE_BODY_MAX];
};

struct github_negative {
    struct github_table *entries;
    uint32_t time_scale;
    _Atomic uint64_t generation;
};

int github_negative_new(uint32_t time_scale, struct github_negative **ret_negative)
{
    CHECK(time_scale >= 1);
    struct github_negative *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->time_scale = time_scale;
    const int r =
        github_table_new(GITHUB_NEGATIVES_MAX, HASH_ID_SIZE, sizeof(struct entry), &self->entries);
    if (r == 0)
        *ret_negative = self;
    else
        github_negative_destroy(&self);
    return r;
}

void github_negative_destroy(struct github_negative **self_p)
{
    struct github_negative *self = *self_p;
    if (!self)
        return;
    github_table_destroy(&self->entries);
    free(self);
    *self_p = NULL;
}

static void entry_key(const uint8_t *token_id, const uint8_t *key, uint8_t ret[static HASH_ID_SIZE])
{
    struct hash hash;
    hash_start(&hash, NULL, HASH_ID_SIZE);
    hash_add(&hash, token_id, GITHUB_TOKEN_ID_SIZE);
    hash_add(&hash, key, GITHUB_KEY_SIZE);
    hash_finish(&hash, ret, HASH_ID_SIZE);
}

void github_negative_put(struct github_negative *self, const uint8_t *token_id, const uint8_t *key,
                         const void *body, size_t body_size, int64_t now_ms)
{
    struct entry entry = {.generation = atomic_load(&self->generation), .size = body_size};
    uint8_t id[HASH_ID_SIZE];
    if (body_size > sizeof entry.body)
        return;
    if (body_size > 0)
        memcpy(entry.body, body, body_size);
    entry_key(token_id, key, id);
    const int64_t ttl_ms = GITHUB_NEGATIVE_S * INT64_C(1000) / self->time_scale;
    github_table_put(self->entries, id, &entry, now_ms, now_ms + ttl_ms);
}

bool github_negative_get(struct github_negative *self, const uint8_t *token_id, const uint8_t *key,
                         int64_t now_ms, char ret_body[static GITHUB_NEGATIVE_BODY_MAX],
                         size_t *ret_size)
{
    struct entry entry;
    uint8_t id[HASH_ID_SIZE];
    entry_key(token_id, key, id);
    if (!github_table_get(self->entries, id, now_ms, &entry) ||
        entry.generation != atomic_load(&self->generation))
        return false;
    memcpy(ret_body, entry.body, entry.size);
    *ret_size = entry.size;
    return true;
}

void github_negative_clear(struct github_negative *self)
{
    atomic_fetch_add(&self->generation, 1);
}
