/* Bodies in memory: plain bytes with counted references, shared by all items that were renewed or
 * shared from one another, and at most one other form of them. How a body lies on disk is known in
 * pack.h. */
#ifndef STORE_BODY_H
#define STORE_BODY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Another form of a body, made once. */
struct store_variant {
    void *data;
    size_t size;
};

struct store_body {
    atomic_uint references;
    _Atomic(struct store_variant *) variant;
    unsigned hot_uses; /* entries of the hot table that hold it; belongs to the hot table */
    size_t size;
    uint8_t bytes[];
};

/* A body of that size for the caller to fill in, with one reference; NULL when memory is short. */
struct store_body *store_body_new(size_t size);
struct store_body *store_body_retain(struct store_body *self);
void store_body_release(struct store_body **self_p);

/* As store_item_variant. */
const void *store_body_variant(struct store_body *self,
                               void *(*make)(const void *body, size_t size, size_t *ret_size),
                               size_t *ret_size);

#endif
