/* A linked list with its limits. */
#include "store/queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void store_queue_init(struct store_queue *self)
{
    memset(self, 0, sizeof *self);
    self->last = &self->first;
}

struct store_op *store_queue_op_new(enum store_op_kind kind, const uint8_t *key,
                                    struct store_item *item, int64_t now_ms)
{
    struct store_op *op = calloc(1, sizeof *op);
    if (!op)
        return NULL;
    op->kind = kind;
    op->result = -ECANCELED; /* until a batch was begun with it */
    op->now_ms = now_ms;
    if (key)
        memcpy(op->key, key, STORE_KEY_SIZE);
    if (item)
        op->item = store_item_retain(item);
    return op;
}

void store_queue_op_destroy(struct store_op **op_p)
{
    struct store_op *op = *op_p;
    *op_p = NULL;
    if (!op)
        return;
    store_item_release(&op->item);
    store_pack_done(&op->pack);
    free(op);
}

static size_t bytes_of(const struct store_item *item)
{
    return item ? item->meta_size + item->body->size : 0;
}

bool store_queue_has_room(const struct store_queue *self, const struct store_item *item)
{
    return self->count < STORE_QUEUE_MAX &&
           self->bytes + bytes_of(item) <= (size_t)STORE_QUEUE_BYTES_MAX;
}

void store_queue_push(struct store_queue *self, struct store_op **op_p)
{
    struct store_op *op = *op_p;
    *op_p = NULL;
    op->next = NULL;
    op->number = ++self->pushed;
    *self->last = op;
    self->last = &op->next;
    self->count++;
    self->bytes += bytes_of(op->item);
    if (op->kind == STORE_OP_SWEEP)
        self->has_sweep = true;
}

struct store_op *store_queue_take(struct store_queue *self)
{
    struct store_op *first = self->first, **end = &self->first;
    size_t count = 0, bytes = 0;
    while (*end && count < STORE_BATCH_MAX && bytes < (size_t)STORE_BATCH_BYTES_MAX) {
        const struct store_op *op = *end;
        count++;
        bytes += bytes_of(op->item);
        if (op->kind == STORE_OP_SWEEP)
            self->has_sweep = false;
        end = &(*end)->next;
    }
    self->first = *end;
    if (!self->first)
        self->last = &self->first;
    *end = NULL;
    self->count -= count;
    self->bytes -= bytes;
    return count ? first : NULL;
}
