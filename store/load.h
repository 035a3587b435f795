/* Records from disk into memory. Every record is checked against its checksum, and no transaction
 * outlives a call. */
#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "store/disk.h"
#include "store/item.h"
#include "store/record.h"
#include "store/vault.h"

struct store_loaded {
    struct store_item *item; /* the caller's */
    int64_t used_ms;         /* the last use that the disk knows of */
};

/* -ENOENT; -EBADMSG when the entry or its body is damaged or does not open, ret_damage is then what
 * a discard needs (STORE_RECORD_SUM_SIZE bytes); -ENOMEM; -EIO. */
int store_load_item(struct store_disk *disk, const struct store_vault *vault, const uint8_t *key,
                    struct store_loaded *ret_loaded, uint8_t *ret_damage) MUST_CHECK;

/* An entry without its body. */
struct store_outline {
    uint8_t key[STORE_KEY_SIZE], content[STORE_CONTENT_SIZE];
    uint8_t *meta; /* malloc'ed; the caller's */
    size_t meta_size, body_size;
};

/* The entry behind `key` (or with NULL the first) in the order of keys. -ENOENT when there is none.
 * With -EBADMSG only ret_outline->key and ret_damage are filled in. */
int store_load_next(struct store_disk *disk, const struct store_vault *vault, const uint8_t *key,
                    struct store_outline *ret_outline, uint8_t *ret_damage) MUST_CHECK;

#endif
