/* A chained hash table of fixed width with two lists through its entries. Keys are hashes, so their
 * first bytes choose the bucket. */
#include "store/hot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUCKETS_MIN = 1024,
    BUCKETS_MAX = 1024 * 1024,
    ITEM_BYTES_GUESS = 1024, /* of memory, to size the table */
};

int store_hot_init(struct store_hot *self, size_t bytes_max)
{
    size_t count = BUCKETS_MIN;
    while (count < BUCKETS_MAX && count < bytes_max / ITEM_BYTES_GUESS)
        count *= 2;
    struct store_hot_entry **buckets = calloc(count, sizeof(struct store_hot_entry *));
    uint32_t *epochs = calloc(count, sizeof *epochs);
    if (!buckets || !epochs) {
        free(buckets);
        free(epochs);
        return -ENOMEM;
    }
    memset(self, 0, sizeof *self);
    self->buckets = buckets;
    self->epochs = epochs;
    self->bucket_count = count;
    self->bytes_max = bytes_max;
    TAILQ_INIT(&self->used);
    TAILQ_INIT(&self->stale);
    return 0;
}

/* What an item costs besides its body, which is counted once however many items share it. */
static size_t weight(const struct store_item *item)
{
    return sizeof *item + item->meta_size + sizeof(struct store_hot_entry);
}

static void count_in(struct store_hot *self, struct store_item *item)
{
    self->entries++;
    self->bytes += weight(item);
    if (item->body->hot_uses++ == 0)
        self->bytes += sizeof *item->body + item->body->size;
}

static void count_out(struct store_hot *self, const struct store_item *item)
{
    self->entries--;
    self->bytes -= weight(item);
    if (--item->body->hot_uses == 0)
        self->bytes -= sizeof *item->body + item->body->size;
}

static void part_with_item(struct store_hot *self, struct store_hot_entry *entry,
                           struct store_hot_dead *dead)
{
    if (!entry->item)
        return;
    count_out(self, entry->item);
    entry->item->next_dead = dead->items;
    dead->items = entry->item;
    entry->item = NULL;
}

void store_hot_done(struct store_hot *self)
{
    struct store_hot_dead dead = {0};
    for (size_t i = 0; i < self->bucket_count; i++) {
        for (struct store_hot_entry *entry = self->buckets[i]; entry; entry = entry->next)
            part_with_item(self, entry, &dead);
        dead.entries = self->buckets[i];
        store_hot_bury(&dead);
    }
    free(self->buckets);
    free(self->epochs);
    memset(self, 0, sizeof *self);
}

static size_t bucket_of(const struct store_hot *self, const uint8_t *key)
{
    uint64_t number;
    memcpy(&number, key, sizeof number);
    return (size_t)number & (self->bucket_count - 1);
}

struct store_hot_entry *store_hot_find(struct store_hot *self, const uint8_t *key)
{
    struct store_hot_entry *entry = self->buckets[bucket_of(self, key)];
    while (entry && memcmp(entry->key, key, STORE_KEY_SIZE) != 0)
        entry = entry->next;
    return entry;
}

static struct store_hot_entry *add(struct store_hot *self, const uint8_t *key)
{
    struct store_hot_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    memcpy(entry->key, key, STORE_KEY_SIZE);
    struct store_hot_entry **bucket = &self->buckets[bucket_of(self, key)];
    entry->next = *bucket;
    *bucket = entry;
    return entry;
}

static void unlink_entry(struct store_hot *self, struct store_hot_entry *entry,
                         struct store_hot_dead *dead)
{
    struct store_hot_entry **at = &self->buckets[bucket_of(self, entry->key)];
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    entry->next = dead->entries;
    dead->entries = entry;
}

static void set_use_list(struct store_hot *self, struct store_hot_entry *entry, bool belongs)
{
    if (belongs && !entry->in_use_list)
        TAILQ_INSERT_HEAD(&self->used, entry, use_link);
    if (!belongs && entry->in_use_list)
        TAILQ_REMOVE(&self->used, entry, use_link);
    entry->in_use_list = belongs;
}

static void set_stale_list(struct store_hot *self, struct store_hot_entry *entry, bool belongs)
{
    if (belongs && !entry->in_stale_list) {
        TAILQ_INSERT_TAIL(&self->stale, entry, stale_link);
        self->stale_count++;
    }
    if (!belongs && entry->in_stale_list) {
        TAILQ_REMOVE(&self->stale, entry, stale_link);
        self->stale_count--;
    }
    entry->in_stale_list = belongs;
}

/* Puts the entry on the lists where its state belongs, or ends it. */
static void settle(struct store_hot *self, struct store_hot_entry *entry,
                   struct store_hot_dead *dead)
{
    set_use_list(self, entry, entry->item && entry->pins == 0);
    set_stale_list(self, entry, entry->is_stale && entry->pins == 0);
    if (!entry->item && entry->pins == 0 && !entry->is_stale)
        unlink_entry(self, entry, dead);
}

void store_hot_use(struct store_hot *self, struct store_hot_entry *entry)
{
    if (!entry->in_use_list)
        return;
    TAILQ_REMOVE(&self->used, entry, use_link);
    TAILQ_INSERT_HEAD(&self->used, entry, use_link);
}

uint32_t store_hot_epoch(const struct store_hot *self, const uint8_t *key)
{
    return self->epochs[bucket_of(self, key)];
}

struct store_hot_entry *store_hot_set(struct store_hot *self, const uint8_t *key,
                                      struct store_item *item, struct store_hot_dead *dead)
{
    struct store_hot_entry *entry = store_hot_find(self, key);
    if (!entry)
        entry = add(self, key);
    if (!entry)
        return NULL;
    part_with_item(self, entry, dead);
    self->epochs[bucket_of(self, key)]++;
    if (item) {
        entry->item = store_item_retain(item);
        count_in(self, item);
    }
    entry->pins++;
    entry->is_stale = false;
    settle(self, entry, dead);
    return entry;
}

static void unpin(struct store_hot *self, struct store_hot_entry *entry, bool is_stale,
                  struct store_hot_dead *dead)
{
    CHECK(entry && entry->pins > 0);
    entry->pins--;
    entry->is_stale = entry->is_stale || is_stale;
    settle(self, entry, dead);
    if (self->stale_count > STORE_STALE_MAX)
        store_hot_declare_void(self, dead);
}

void store_hot_unpin(struct store_hot *self, const uint8_t *key, bool is_written,
                     struct store_hot_dead *dead)
{
    struct store_hot_entry *entry = store_hot_find(self, key);
    CHECK(entry);
    unpin(self, entry, !is_written && entry->pins == 1, dead);
}

void store_hot_give_up(struct store_hot *self, struct store_hot_entry *entry,
                       struct store_hot_dead *dead)
{
    unpin(self, entry, true, dead);
}

struct store_hot_entry *store_hot_take_stale(struct store_hot *self)
{
    struct store_hot_entry *entry = TAILQ_FIRST(&self->stale);
    if (!entry)
        return NULL;
    entry->pins++;
    entry->is_stale = false;
    settle(self, entry, NULL); /* pinned: it can't be dead */
    return entry;
}

void store_hot_offer(struct store_hot *self, struct store_item *item, int64_t used_ms,
                     uint32_t epoch)
{
    if (store_hot_epoch(self, item->key) != epoch || store_hot_find(self, item->key))
        return;
    struct store_hot_entry *entry = add(self, item->key);
    if (!entry)
        return; /* it is only not kept */
    entry->item = store_item_retain(item);
    entry->used_ms = used_ms;
    count_in(self, item);
    settle(self, entry, NULL); /* cached: it can't be dead */
}

void store_hot_declare_void(struct store_hot *self, struct store_hot_dead *dead)
{
    self->is_void = true;
    self->void_number++;
    for (size_t i = 0; i < self->bucket_count; i++) {
        self->epochs[i]++;
        struct store_hot_entry *next, *entry = self->buckets[i];
        for (; entry; entry = next) {
            next = entry->next;
            entry->is_stale = false;
            settle(self, entry, dead);
        }
    }
}

void store_hot_end_void(struct store_hot *self, uint64_t number)
{
    if (self->void_number == number)
        self->is_void = false;
}

void store_hot_trim(struct store_hot *self, struct store_hot_dead *dead)
{
    struct store_hot_entry *entry;
    while (self->bytes > self->bytes_max && (entry = TAILQ_LAST(&self->used, store_hot_list))) {
        part_with_item(self, entry, dead);
        settle(self, entry, dead);
    }
}

void store_hot_bury(struct store_hot_dead *dead)
{
    while (dead->items) {
        struct store_item *item = dead->items;
        dead->items = item->next_dead;
        store_item_release(&item);
    }
    while (dead->entries) {
        struct store_hot_entry *entry = dead->entries;
        dead->entries = entry->next;
        free(entry);
    }
}
