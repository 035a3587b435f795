/* One turn: wait for work, see to it that the disk can be written, run the batch, report. Time is
 * what the callers last said, so nothing happens by itself on an idle store. */
#include "store/writer.h"

#include <errno.h>
#include <string.h>

#include <zstd.h>

#include "store/batch.h"
#include "store/state.h"

/* Whether the disk may be tried: it works, or its last failure is long enough ago (or in the
 * future, after the clock was set back). */
static bool may_try(const struct store *self)
{
    const int64_t since_ms = self->now_ms - self->failed_ms;
    return !self->counts.degraded || since_ms >= STORE_RETRY_MS || since_ms < 0;
}

static bool has_work(const struct store *self)
{
    return self->queue.count > 0 ||
           (may_try(self) && (self->hot.is_void || self->hot.stale_count > 0));
}

/* Adds a removal for each key, up to a batch, whose record on disk is void. */
static void add_stale(struct store *self, struct store_op **end)
{
    for (unsigned i = 0; i < STORE_BATCH_MAX && self->hot.stale_count > 0; i++) {
        struct store_op *op = store_queue_op_new(STORE_OP_REMOVE, NULL, NULL, self->now_ms);
        if (!op)
            return; /* they stay stale */
        const struct store_hot_entry *entry = store_hot_take_stale(&self->hot);
        memcpy(op->key, entry->key, STORE_KEY_SIZE);
        *end = op;
        end = &op->next;
    }
}

/* What one turn is about. */
struct turn {
    struct store_op *ops;
    bool may_try;
    bool is_void;         /* the data file is to be emptied first */
    uint64_t void_number; /* which void that ends */
};

/* Waits for work. False: the store is closing and nothing is left to do. */
static bool take_turn(struct store *self, struct turn *ret_turn)
{
    pthread_mutex_lock(&self->lock);
    while (!has_work(self) && !self->is_stopping)
        pthread_cond_wait(&self->work_is_there, &self->lock);
    const bool has_any = has_work(self);
    const struct turn turn = {
        .ops = store_queue_take(&self->queue),
        .may_try = may_try(self),
        .is_void = self->hot.is_void,
        .void_number = self->hot.void_number,
    };
    *ret_turn = turn;
    if (turn.may_try) {
        struct store_op **end = &ret_turn->ops;
        while (*end)
            end = &(*end)->next;
        add_stale(self, end);
    }
    pthread_mutex_unlock(&self->lock);
    return has_any;
}

/* Empties a void data file. */
static int wipe(struct store *self, const struct turn *turn)
{
    int r = store_disk_wipe(&self->disk);
    if (r == 0)
        r = store_disk_map(&self->disk);
    if (r < 0)
        return r;
    pthread_mutex_lock(&self->lock);
    store_hot_end_void(&self->hot, turn->void_number);
    pthread_mutex_unlock(&self->lock);
    return 0;
}

/* Brings the disk into a state in which a batch can be tried. */
static int make_ready(struct store *self, const struct turn *turn)
{
    const bool is_new = turn->is_void || !self->disk.env;
    int r = 0;
    if (turn->is_void)
        r = wipe(self, turn);
    else if (is_new)
        r = store_disk_map(&self->disk);
    if (r == 0 && is_new)
        r = store_batch_measure(&self->batch);
    return r == 0 ? store_disk_health(&self->disk) : r;
}

/* An error of the disk, other than being full, means that what was written since the last good
 * commit can't be known: the file is closed, and checked before it is used again. */
static int run(struct store *self, const struct turn *turn)
{
    int r = make_ready(self, turn);
    if (r == 0)
        r = store_batch_run(&self->batch, turn->ops);
    if (r < 0 && r != -ENOSPC)
        store_disk_unmap(&self->disk);
    return r;
}

static void note_batch(struct store *self)
{
    struct store_counts *counts = &self->counts;
    const struct store_batch *batch = &self->batch;
    counts->entries = batch->entries;
    counts->bodies = batch->bodies;
    counts->bytes = batch->pages * self->disk.page_size;
    counts->commits = batch->commits;
    counts->writes = batch->tally.writes;
    counts->evictions = batch->tally.evictions;
    counts->expirations = batch->tally.expirations;
    counts->damaged = batch->tally.damaged;
    counts->quarantines = self->disk.quarantines;
}

/* A removal that comes from the list of stale keys was counted when the write was given up. */
static bool is_loss(const struct store_op *op)
{
    return op->result < 0 && op->number != 0 &&
           (op->kind == STORE_OP_PUT || op->kind == STORE_OP_REMOVE);
}

static void report(struct store *self, const struct store_op *ops, struct store_hot_dead *dead)
{
    for (const struct store_op *op = ops; op; op = op->next) {
        if (op->kind == STORE_OP_PUT || op->kind == STORE_OP_REMOVE)
            store_hot_unpin(&self->hot, op->key, op->result == 0, dead);
        self->counts.dropped += is_loss(op);
        if (op->number > self->queue.done)
            self->queue.done = op->number;
    }
    store_hot_trim(&self->hot, dead);
}

static void note_outcome(struct store *self, int r)
{
    self->counts.degraded = r < 0;
    self->last_error = r;
    if (r < 0)
        self->failed_ms = self->now_ms;
}

static void finish(struct store *self, struct turn *turn, int r)
{
    struct store_hot_dead dead = {0};
    pthread_mutex_lock(&self->lock);
    if (turn->may_try)
        note_outcome(self, r);
    note_batch(self);
    report(self, turn->ops, &dead);
    pthread_cond_broadcast(&self->batch_is_done);
    pthread_mutex_unlock(&self->lock);
    store_hot_bury(&dead);
    while (turn->ops) {
        struct store_op *op = turn->ops;
        turn->ops = op->next;
        store_queue_op_destroy(&op);
    }
}

static void *writer_main(void *cls)
{
    struct store *self = cls;
    struct turn turn;
    while (take_turn(self, &turn)) {
        int r = turn.may_try ? run(self, &turn) : -EIO;
        finish(self, &turn, r);
    }
    return NULL;
}

int store_writer_start(struct store *self)
{
    self->batch.table.zstd = ZSTD_createCCtx();
    int r = self->batch.table.zstd ? 0 : -ENOMEM;
    if (r == 0)
        r = store_batch_measure(&self->batch);
    if (r == 0) {
        note_batch(self);
        r = -pthread_create(&self->writer, NULL, writer_main, self);
    }
    if (r < 0)
        ZSTD_freeCCtx(self->batch.table.zstd);
    return r;
}

void store_writer_stop(struct store *self)
{
    pthread_mutex_lock(&self->lock);
    self->is_stopping = true;
    pthread_cond_signal(&self->work_is_there);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->writer, NULL);
    ZSTD_freeCCtx(self->batch.table.zstd);
}
