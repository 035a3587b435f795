/* The callers' half: what is done on their threads. A put or a get that hits is a look-up and a few
 * links under the lock; copies, disk and frees happen outside it. */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/load.h"
#include "store/shrink.h"
#include "store/state.h"
#include "store/writer.h"

static void destroy(struct store *self)
{
    store_hot_done(&self->hot);
    store_vault_done(&self->vault);
    pthread_cond_destroy(&self->batch_is_done);
    pthread_cond_destroy(&self->work_is_there);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

/* Everything but the disk and the thread. */
static int new_store(const struct store_options *options, struct store **ret_store)
{
    struct store *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->work_is_there, NULL);
    pthread_cond_init(&self->batch_is_done, NULL);
    store_vault_init(&self->vault, options->seal_key);
    store_queue_init(&self->queue);
    self->batch.entries_max = options->entries_max;
    self->batch.table.disk = &self->disk;
    self->batch.table.vault = &self->vault;
    int r = store_hot_init(&self->hot, options->hot_bytes_max);
    if (r == 0)
        *ret_store = self;
    else
        destroy(self);
    return r;
}

int store_open(const struct store_options *options, struct store **ret_store)
{
    struct store *self = NULL;
    uint64_t evictions = 0, quarantines = 0;
    CHECK(options->bytes_max >= (uint64_t)STORE_BYTES_MIN && options->entries_max >= 1);
    int r = store_shrink_file(options, &evictions, &quarantines);
    if (r == 0)
        r = new_store(options, &self);
    if (r != 0)
        return r;
    r = store_disk_open(&self->disk, options->dir, options->bytes_max);
    if (r < 0) {
        destroy(self);
        return r;
    }
    self->disk.quarantines += quarantines;
    self->batch.tally.evictions = evictions;
    r = store_writer_start(self);
    if (r < 0) {
        store_disk_close(&self->disk);
        destroy(self);
        return r;
    }
    *ret_store = self;
    return 0;
}

void store_close(struct store **self_p)
{
    struct store *self = *self_p;
    *self_p = NULL;
    if (!self)
        return;
    store_writer_stop(self);
    store_disk_close(&self->disk);
    destroy(self);
}

/* An operation that may be lost: it is queued if there is room. Takes it; the lock is held. */
static void push_if_room(struct store *self, struct store_op *op)
{
    if (!op)
        return; /* memory was short */
    if (store_queue_has_room(&self->queue, NULL)) {
        store_queue_push(&self->queue, &op);
        pthread_cond_signal(&self->work_is_there);
    }
    store_queue_op_destroy(&op);
}

/* Takes note of the time; the lock is held. A clock that was set back counts as a new one: what it
 * said before holds nothing up. */
static void note_time(struct store *self, int64_t now_ms)
{
    const bool is_first = self->now_ms == 0;
    self->now_ms = now_ms;
    if (is_first || now_ms < self->swept_ms)
        self->swept_ms = now_ms;
    if (now_ms - self->swept_ms < STORE_SWEEP_MS || self->queue.has_sweep)
        return;
    self->swept_ms = now_ms;
    push_if_room(self, store_queue_op_new(STORE_OP_SWEEP, NULL, NULL, now_ms));
}

/* Has a use written down, unless the one that is known is near enough; the lock is held. Returns
 * the use that is known now. */
static int64_t note_use(struct store *self, const uint8_t *key, int64_t used_ms, int64_t now_ms)
{
    const int64_t since_ms = now_ms - used_ms;
    if (since_ms >= 0 && since_ms < STORE_TOUCH_MS)
        return used_ms;
    push_if_room(self, store_queue_op_new(STORE_OP_TOUCH, key, NULL, now_ms));
    return now_ms;
}

/* Makes the operation's item (or with none, its absence) the truth about its key and queues it for
 * the disk. Takes the operation, also on failure. */
static int admit(struct store *self, struct store_op *op)
{
    struct store_hot_dead dead = {0};
    pthread_mutex_lock(&self->lock);
    struct store_hot_entry *entry = store_hot_set(&self->hot, op->key, op->item, &dead);
    const int r = entry ? 0 : -ENOMEM;
    if (r == 0) {
        entry->used_ms = op->now_ms;
        if (store_queue_has_room(&self->queue, op->item)) {
            store_queue_push(&self->queue, &op);
        } else {
            store_hot_give_up(&self->hot, entry, &dead);
            self->counts.dropped++;
        }
        store_hot_trim(&self->hot, &dead);
        pthread_cond_signal(&self->work_is_there);
    }
    pthread_mutex_unlock(&self->lock);
    store_queue_op_destroy(&op);
    store_hot_bury(&dead);
    return r;
}

/* The rest of every put, renewal and sharing, once there is a body. The record has no bytes of it
 * when the body comes from another item. */
static int put_record(struct store *self, const struct store_record *record,
                      struct store_body *body, int64_t now_ms, struct store_item **ret_item)
{
    struct store_item *item = store_item_new(record, body);
    if (!item)
        return -ENOMEM;
    struct store_op *op = store_queue_op_new(STORE_OP_PUT, record->key, item, now_ms);
    int r = op ? 0 : -ENOMEM;
    if (r == 0) {
        op->has_body_on_disk = !record->body && body->size > 0;
        pthread_mutex_lock(&self->lock);
        note_time(self, now_ms);
        pthread_mutex_unlock(&self->lock);
        r = admit(self, op);
    }
    if (r == 0 && ret_item)
        *ret_item = item;
    else
        store_item_release(&item);
    return r;
}

int store_put(struct store *self, const struct store_record *record, int64_t now_ms,
              struct store_item **ret_item)
{
    if (record->meta_size > STORE_META_MAX || record->body_size > STORE_BODY_MAX)
        return -EMSGSIZE;
    struct store_body *body = store_body_new(record->body_size);
    if (!body)
        return -ENOMEM;
    if (record->body_size)
        memcpy(body->bytes, record->body, record->body_size);
    int r = put_record(self, record, body, now_ms, ret_item);
    store_body_release(&body);
    return r;
}

int store_share(struct store *self, const struct store_item *item, const uint8_t *key,
                const struct store_label *label, int64_t now_ms, struct store_item **ret_item)
{
    const struct store_record record = {
        .key = key,
        .content = item->content,
        .meta = label->meta,
        .meta_size = label->meta_size,
        .keep_until_ms = label->keep_until_ms,
        .flags = item->flags,
    };
    if (label->meta_size > STORE_META_MAX)
        return -EMSGSIZE;
    return put_record(self, &record, item->body, now_ms, ret_item);
}

/* What was read failed its check: it is removed, unless something else has taken its place. */
static void discard(struct store *self, const uint8_t *key, const uint8_t *damage)
{
    struct store_op *op = store_queue_op_new(STORE_OP_DISCARD, key, NULL, 0);
    if (op)
        memcpy(op->damage, damage, sizeof op->damage);
    pthread_mutex_lock(&self->lock);
    push_if_room(self, op);
    pthread_mutex_unlock(&self->lock);
}

static int get_from_disk(struct store *self, const uint8_t *key, int64_t now_ms, uint32_t epoch,
                         struct store_item **ret_item)
{
    struct store_hot_dead dead = {0};
    struct store_loaded loaded;
    uint8_t damage[STORE_RECORD_SUM_SIZE];
    int r = store_load_item(&self->disk, &self->vault, key, &loaded, damage);
    if (r == -EBADMSG)
        discard(self, key, damage);
    if (r < 0)
        return r == -ENOMEM ? r : -ENOENT;
    pthread_mutex_lock(&self->lock);
    const int64_t used_ms = note_use(self, key, loaded.used_ms, now_ms);
    store_hot_offer(&self->hot, loaded.item, used_ms, epoch);
    store_hot_trim(&self->hot, &dead);
    pthread_mutex_unlock(&self->lock);
    store_hot_bury(&dead);
    *ret_item = loaded.item;
    return 0;
}

int store_get(struct store *self, const uint8_t *key, int64_t now_ms, struct store_item **ret_item)
{
    struct store_item *item = NULL;
    pthread_mutex_lock(&self->lock);
    note_time(self, now_ms);
    struct store_hot_entry *entry = store_hot_find(&self->hot, key);
    if (entry && entry->item) {
        item = store_item_retain(entry->item);
        store_hot_use(&self->hot, entry);
        entry->used_ms = note_use(self, key, entry->used_ms, now_ms);
    }
    const bool is_absent = !item && (entry || self->hot.is_void);
    const uint32_t epoch = store_hot_epoch(&self->hot, key);
    self->counts.hot_hits += item != NULL;
    self->counts.hot_misses += item == NULL;
    pthread_mutex_unlock(&self->lock);
    if (is_absent)
        return -ENOENT;
    if (!item)
        return get_from_disk(self, key, now_ms, epoch, ret_item);
    *ret_item = item;
    return 0;
}

/* The removal must hold although it can't be queued: the key is listed as stale, or if even that
 * takes memory, the whole disk is. */
static void remove_without_memory(struct store *self, const uint8_t *key)
{
    struct store_hot_dead dead = {0};
    pthread_mutex_lock(&self->lock);
    struct store_hot_entry *entry = store_hot_set(&self->hot, key, NULL, &dead);
    if (entry)
        store_hot_give_up(&self->hot, entry, &dead);
    else
        store_hot_declare_void(&self->hot, &dead);
    pthread_cond_signal(&self->work_is_there);
    pthread_mutex_unlock(&self->lock);
    store_hot_bury(&dead);
}

void store_remove(struct store *self, const uint8_t *key)
{
    struct store_op *op = store_queue_op_new(STORE_OP_REMOVE, key, NULL, 0);
    if (!op || admit(self, op) < 0)
        remove_without_memory(self, key);
}

int store_sync(struct store *self)
{
    pthread_mutex_lock(&self->lock);
    const uint64_t number = self->queue.pushed;
    while (self->queue.done < number)
        pthread_cond_wait(&self->batch_is_done, &self->lock);
    int r = self->last_error < 0 ? -EIO : 0;
    pthread_mutex_unlock(&self->lock);
    return r;
}

static bool is_void(struct store *self)
{
    pthread_mutex_lock(&self->lock);
    bool result = self->hot.is_void;
    pthread_mutex_unlock(&self->lock);
    return result;
}

int store_each(struct store *self,
               bool (*visit)(void *cls, const uint8_t *key, const uint8_t *content,
                             const void *meta, size_t meta_size, size_t body_size),
               void *cls)
{
    uint8_t behind[STORE_KEY_SIZE], damage[STORE_RECORD_SUM_SIZE];
    const uint8_t *key = NULL;
    bool goes_on = !is_void(self);
    int r = 0;
    while (goes_on) {
        struct store_outline outline = {0};
        r = store_load_next(&self->disk, &self->vault, key, &outline, damage);
        if (r < 0 && r != -EBADMSG)
            break;
        memcpy(behind, outline.key, sizeof behind);
        key = behind;
        if (r == -EBADMSG) {
            discard(self, behind, damage);
            continue;
        }
        goes_on = visit(cls, outline.key, outline.content, outline.meta, outline.meta_size,
                        outline.body_size);
        free(outline.meta);
    }
    return r == -ENOENT || r == -EBADMSG ? 0 : r;
}

void store_counts(struct store *self, struct store_counts *ret_counts)
{
    pthread_mutex_lock(&self->lock);
    *ret_counts = self->counts;
    ret_counts->hot_entries = self->hot.entries;
    ret_counts->hot_bytes = self->hot.bytes;
    pthread_mutex_unlock(&self->lock);
}
