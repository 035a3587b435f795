/* Space. LMDB copies every page that it changes, and a page that one transaction frees can be used
 * again two transactions later only. So each transaction may write at most as many new pages as
 * leave, after it, enough for one more change: then a removal always succeeds, however full the
 * file is, and a full file can't become a stuck one. The costs are upper bounds; what is still
 * refused by LMDB is tried again alone, after more room was made, and then given up. */
#include "store/batch.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "store/chunks.h"
#include "store/record.h"

enum {
    PERCENT = 100,
    BODY_SHARE = 4, /* a record may take at most this fraction of the file */
};

/* One transaction's bookkeeping, in pages. */
struct budget {
    uint64_t free;   /* at its start */
    uint64_t change; /* what a change may cost, and what must be left for the next transaction */
    uint64_t spent;
};

enum step {
    STEP_DONE,  /* go on with the next operation */
    STEP_AGAIN, /* commit, then go on with the same one */
};

static uint64_t percent_of_file(const struct store_batch *self, unsigned percent)
{
    return store_disk_pages_max(self->table.disk) * percent / PERCENT;
}

static uint64_t pages_used(const struct store_batch *self)
{
    return store_disk_pages_used(self->table.disk, self->table.txn);
}

/* Pages for the values of a put, besides the trees. */
static uint64_t pages_of(const struct store_batch *self, const struct store_op *op)
{
    if (op->kind != STORE_OP_PUT)
        return 0;
    const uint64_t page_size = self->table.disk->page_size;
    const uint64_t entry = STORE_RECORD_ENTRY_OVERHEAD + STORE_CONTENT_SIZE + SEAL_OVERHEAD +
                           (uint64_t)op->item->meta_size;
    /* Pieces have a page each; their rows are another page for some eighty of them. */
    const uint64_t pieces = store_chunks_count(op->pack.size);
    return entry / page_size + 1 + pieces + pieces / 64;
}

static struct budget budget_now(const struct store_batch *self)
{
    const uint64_t used = pages_used(self), max = store_disk_pages_max(self->table.disk);
    const struct budget budget = {
        .free = max > used ? max - used : 0,
        .change = store_disk_pages_per_change(self->table.disk, self->table.txn),
    };
    return budget;
}

/* Whether so many pages may be written and the next transaction still has room for a change. */
static bool fits(const struct budget *budget, uint64_t pages)
{
    return budget->spent + pages + budget->change <= budget->free;
}

/* A removal may always begin a transaction: what it needs was left for it. */
static bool may_change(const struct budget *budget)
{
    return budget->spent == 0 || fits(budget, budget->change);
}

static int evict(struct store_batch *self, struct budget *budget, bool *ret_found)
{
    budget->spent += budget->change;
    return store_table_evict(&self->table, ret_found);
}

/* Whether the put would leave the file too full, or hold one record too many. */
static int is_crowded(struct store_batch *self, const struct store_op *op, bool *ret_is_crowded)
{
    bool has = false;
    int r = store_table_has(&self->table, op->key, &has);
    if (r < 0)
        return r;
    const uint64_t entries =
        store_disk_rows(self->table.disk, self->table.txn, STORE_TABLE_ENTRIES);
    *ret_is_crowded =
        (!has && entries >= self->entries_max) ||
        pages_used(self) + pages_of(self, op) > percent_of_file(self, STORE_EVICT_PERCENT);
    return 0;
}

static int put(struct store_batch *self, struct store_op *op, struct budget *budget,
               enum step *ret_step)
{
    const uint64_t pages = pages_of(self, op) + budget->change;
    bool is_crowded_now = true, found = true;
    int r = is_crowded(self, op, &is_crowded_now);
    while (r == 0 && found && (is_crowded_now || !fits(budget, pages))) {
        if (!may_change(budget) || (!is_crowded_now && budget->spent > 0)) {
            *ret_step = STEP_AGAIN;
            return 0;
        }
        r = evict(self, budget, &found);
        if (r == 0)
            r = is_crowded(self, op, &is_crowded_now);
    }
    if (r < 0)
        return r;
    *ret_step = STEP_DONE;
    if (!found ||
        pages_used(self) + pages_of(self, op) > percent_of_file(self, STORE_REFUSE_PERCENT)) {
        op->result = -ENOBUFS; /* nothing is left to remove: it is too big for this file */
        return 0;
    }
    budget->spent += pages;
    return store_table_put(&self->table, op);
}

static int sweep(struct store_batch *self, struct store_op *op, struct budget *budget,
                 enum step *ret_step)
{
    bool found = true;
    int r = 0;
    while (r == 0 && found && op->swept < STORE_SWEEP_MAX) {
        if (!may_change(budget)) {
            *ret_step = STEP_AGAIN;
            return 0;
        }
        budget->spent += budget->change;
        r = store_table_expire(&self->table, op->now_ms, &found);
        op->swept++;
    }
    *ret_step = STEP_DONE;
    return r;
}

static int apply(struct store_batch *self, struct store_op *op, struct budget *budget,
                 enum step *ret_step)
{
    *ret_step = STEP_DONE;
    if (op->is_refused)
        return 0;
    op->result = 0;
    if (op->kind == STORE_OP_PUT)
        return put(self, op, budget, ret_step);
    if (op->kind == STORE_OP_SWEEP)
        return sweep(self, op, budget, ret_step);
    if (!may_change(budget)) {
        *ret_step = STEP_AGAIN;
        return 0;
    }
    budget->spent += budget->change;
    switch (op->kind) {
    case STORE_OP_REMOVE:
        return store_table_remove(&self->table, op->key);
    case STORE_OP_TOUCH:
        return store_table_touch(&self->table, op->key, op->now_ms);
    default:
        return store_table_discard(&self->table, op);
    }
}

static void note_sizes(struct store_batch *self)
{
    self->entries = store_disk_rows(self->table.disk, self->table.txn, STORE_TABLE_ENTRIES);
    self->bodies = store_disk_rows(self->table.disk, self->table.txn, STORE_TABLE_REFS);
    self->pages = pages_used(self);
}

int store_batch_measure(struct store_batch *self)
{
    int r = store_table_begin(&self->table);
    if (r < 0)
        return r;
    note_sizes(self);
    store_table_abort(&self->table);
    return 0;
}

static int commit(struct store_batch *self)
{
    const struct store_batch before = *self;
    note_sizes(self);
    int r = store_table_commit(&self->table);
    if (r < 0) {
        self->entries = before.entries;
        self->bodies = before.bodies;
        self->pages = before.pages;
        return r;
    }
    const struct store_tally *done = &self->table.tally;
    self->commits++;
    self->tally.writes += done->writes;
    self->tally.evictions += done->evictions;
    self->tally.expirations += done->expirations;
    self->tally.damaged += done->damaged;
    return 0;
}

/* One transaction over operations from *op_p on, at most max of them; moves *op_p to the first that
 * is still to do. On failure nothing is committed and *op_p stays. */
static int run_transaction(struct store_batch *self, struct store_op **op_p, size_t max)
{
    struct store_op *op = *op_p;
    enum step step = STEP_DONE;
    int r = store_table_begin(&self->table);
    if (r < 0)
        return r;
    struct budget budget = budget_now(self);
    for (size_t i = 0; r == 0 && op && i < max; i++) {
        r = apply(self, op, &budget, &step);
        if (r < 0 || step == STEP_AGAIN)
            break;
        op = op->next;
    }
    if (r < 0)
        store_table_abort(&self->table);
    else
        r = commit(self);
    if (r == 0)
        *op_p = op;
    return r;
}

/* Removes about as many pages as the operation needs, at least one record. */
static int make_room(struct store_batch *self, const struct store_op *op)
{
    int r = store_table_begin(&self->table);
    if (r < 0)
        return r;
    struct budget budget = budget_now(self);
    const uint64_t before = pages_used(self);
    bool found = true;
    while (r == 0 && found && may_change(&budget) &&
           (budget.spent == 0 || before - pages_used(self) < pages_of(self, op)))
        r = evict(self, &budget, &found);
    if (r == 0)
        return commit(self);
    store_table_abort(&self->table);
    return r;
}

/* LMDB found the file full in spite of all care (a reader held pages back, say). */
static int run_crowded(struct store_batch *self, struct store_op **op_p)
{
    struct store_op *op = *op_p;
    int r = -ENOBUFS;
    for (unsigned tries = 0; r == -ENOBUFS && tries < STORE_MAKE_ROOM_MAX; tries++) {
        r = make_room(self, op);
        if (r == 0)
            r = run_transaction(self, op_p, 1);
    }
    if (r == -ENOBUFS) {
        op->result = r;
        *op_p = op->next;
        r = 0;
    }
    return r;
}

/* Compression happens before the transaction: while that is open, nobody else can write. */
static int prepare(struct store_batch *self, struct store_op *op)
{
    op->result = 0;
    if (op->kind != STORE_OP_PUT)
        return 0;
    const struct store_item *item = op->item;
    store_vault_row(self->table.vault, item->flags, item->content, op->row);
    if (op->has_body_on_disk)
        return 0;
    return store_pack_make(self->table.zstd, self->table.vault, op->row, item->flags, item->body,
                           &op->pack);
}

static bool is_too_big(const struct store_batch *self, const struct store_op *op)
{
    return pages_of(self, op) > store_disk_pages_max(self->table.disk) / BODY_SHARE;
}

/* Takes what can't be written at all out of the chain's way: it is marked as given up. */
static void prepare_all(struct store_batch *self, struct store_op *ops)
{
    for (struct store_op *op = ops; op; op = op->next) {
        op->result = prepare(self, op);
        if (op->result == 0 && is_too_big(self, op))
            op->result = -ENOBUFS;
        op->is_refused = op->result < 0;
    }
}

int store_batch_run(struct store_batch *self, struct store_op *ops)
{
    struct store_op *op = ops;
    size_t max = STORE_BATCH_MAX;
    int r = 0;
    prepare_all(self, ops);
    while (op && r == 0) {
        r = run_transaction(self, &op, max);
        if (r == 0 && max < STORE_BATCH_MAX)
            max *= 2;
        else if (r == -ENOBUFS && max > 1)
            max = 1;
        else if (r == -ENOBUFS)
            r = run_crowded(self, &op);
        if (r == -ENOBUFS)
            r = 0; /* only the size of the transaction was wrong */
    }
    for (; op; op = op->next)
        op->result = r;
    return r;
}
