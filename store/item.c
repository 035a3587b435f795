/* Life and contents of items. */
#include "store/item.h"

#include <stdlib.h>
#include <string.h>

struct store_item *store_item_new(const struct store_record *record, struct store_body *body)
{
    struct store_item *item = malloc(sizeof *item + record->meta_size);
    if (!item)
        return NULL;
    atomic_init(&item->references, 1);
    item->next_dead = NULL;
    item->flags = record->flags;
    item->meta_size = (uint32_t)record->meta_size;
    item->keep_until_ms = record->keep_until_ms;
    memcpy(item->key, record->key, STORE_KEY_SIZE);
    memcpy(item->content, record->content, STORE_CONTENT_SIZE);
    if (record->meta_size)
        memcpy(item->meta, record->meta, record->meta_size);
    item->body = store_body_retain(body);
    return item;
}

struct store_item *store_item_retain(struct store_item *item)
{
    atomic_fetch_add_explicit(&item->references, 1, memory_order_relaxed);
    return item;
}

void store_item_release(struct store_item **item_p)
{
    struct store_item *item = *item_p;
    *item_p = NULL;
    if (!item || atomic_fetch_sub_explicit(&item->references, 1, memory_order_acq_rel) != 1)
        return;
    store_body_release(&item->body);
    free(item);
}

const uint8_t *store_item_key(const struct store_item *item)
{
    return item->key;
}

const uint8_t *store_item_content(const struct store_item *item)
{
    return item->content;
}

const void *store_item_meta(const struct store_item *item, size_t *ret_size)
{
    *ret_size = item->meta_size;
    return item->meta;
}

const void *store_item_body(const struct store_item *item, size_t *ret_size)
{
    *ret_size = item->body->size;
    return item->body->bytes;
}

unsigned store_item_flags(const struct store_item *item)
{
    return item->flags;
}

const void *store_item_variant(struct store_item *item,
                               void *(*make)(const void *body, size_t size, size_t *ret_size),
                               size_t *ret_size)
{
    return store_body_variant(item->body, make, ret_size);
}
