/* Items from the inside: a key, a content id, meta and a body in memory, with counted references.
 * An item never changes once others can see it. */
#ifndef STORE_ITEM_H
#define STORE_ITEM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "store/body.h"
#include "store/store.h"

struct store_item {
    atomic_uint references;
    unsigned flags;
    uint32_t meta_size;
    int64_t keep_until_ms;
    struct store_body *body;
    struct store_item *next_dead; /* belongs to the hot table */
    uint8_t key[STORE_KEY_SIZE], content[STORE_CONTENT_SIZE];
    uint8_t meta[];
};

/* Copies the record's key, content id and meta; takes a reference of its own to the body. NULL when
 * memory is short. */
struct store_item *store_item_new(const struct store_record *record, struct store_body *body);

#endif
