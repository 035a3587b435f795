/* Writes on their way to the writer thread, in order. Not for several threads at once: the store's
 * lock is held around every call. */
#ifndef STORE_QUEUE_H
#define STORE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/item.h"
#include "store/pack.h"
#include "store/record.h"

enum store_op_kind {
    STORE_OP_PUT,     /* write the item */
    STORE_OP_REMOVE,  /* remove the key */
    STORE_OP_TOUCH,   /* note a use of the key */
    STORE_OP_DISCARD, /* remove the key if its record is still the damaged one */
    STORE_OP_SWEEP,   /* remove what has run out */
};

struct store_op {
    struct store_op *next;
    enum store_op_kind kind;
    bool has_body_on_disk;   /* by what was known: the item was renewed or shared from another */
    bool is_refused;         /* by the writer, before any transaction */
    unsigned swept;          /* of a sweep: records looked at */
    int result;              /* after the batch: 0, or why it was given up */
    uint64_t number;         /* in the order of the queue, from 1; 0: never queued */
    int64_t now_ms;          /* when it was asked for */
    struct store_item *item; /* of a put */
    struct store_pack pack;  /* the item's body, made by the writer */
    uint8_t key[STORE_KEY_SIZE];
    uint8_t row[STORE_CONTENT_SIZE];       /* where the item's body goes */
    uint8_t damage[STORE_RECORD_SUM_SIZE]; /* of a discard: checksum of the bad record */
};

struct store_queue {
    struct store_op *first, **last;
    size_t count, bytes;
    uint64_t pushed, done; /* numbers of operations */
    bool has_sweep;
};

void store_queue_init(struct store_queue *self);

/* An operation on the key; a put's item is retained. NULL when memory is short. */
struct store_op *store_queue_op_new(enum store_op_kind kind, const uint8_t *key,
                                    struct store_item *item, int64_t now_ms);
void store_queue_op_destroy(struct store_op **op_p);

/* Whether another operation that holds so many bytes may still be queued. */
bool store_queue_has_room(const struct store_queue *self, const struct store_item *item);

/* Takes the operation. */
void store_queue_push(struct store_queue *self, struct store_op **op_p);

/* Hands over the oldest operations, at most STORE_BATCH_MAX and about STORE_BATCH_BYTES_MAX of
 * plain bytes, as a chain. NULL when there are none. */
struct store_op *store_queue_take(struct store_queue *self);

#endif
