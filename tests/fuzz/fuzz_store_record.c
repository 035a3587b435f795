/* Everything that is decoded from the store's data file: entries, bodies (decompressed and opened),
 * counts, and the file's structure. Where a checksum guards a decoder, half of the runs get a right
 * one, as an attacker who writes the file would make it. */
#include "fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "store/image.h"
#include "store/pack.h"
#include "store/record.h"
#include "store/store.h"

enum target {
    TARGET_ENTRY,
    TARGET_BODY,
    TARGET_SEALED_BODY,
    TARGET_REFS,
    TARGET_IMAGE,
    TARGETS,
};

static const uint8_t id[STORE_KEY_SIZE];
static const uint8_t seal_key[STORE_SEAL_KEY_SIZE];

static void sign(enum target target, uint8_t *data, size_t size)
{
    static const uint8_t kinds[TARGETS] = {
        [TARGET_ENTRY] = 'E', [TARGET_BODY] = 'B', [TARGET_SEALED_BODY] = 'B', [TARGET_REFS] = 'R'};
    if (size >= STORE_RECORD_SUM_SIZE)
        store_record_sum(kinds[target], id, data, size - STORE_RECORD_SUM_SIZE,
                         data + size - STORE_RECORD_SUM_SIZE);
}

static void try_entry(const uint8_t *data, size_t size)
{
    struct store_record_entry entry;
    int r = store_record_guess_entry(data, size, &entry);
    CHECK(r < 0 || entry.payload_size < size);
    r = store_record_read_entry(id, data, size, &entry);
    if (r < 0)
        return;
    /* What is accepted must be exactly what would have been written. */
    uint8_t *again = malloc(size);
    CHECK(again);
    store_record_put_entry(id, &entry, again);
    CHECK(memcmp(again, data, size) == 0);
    free(again);
}

static void try_body(uint8_t *data, size_t size, unsigned flags)
{
    struct store_vault vault;
    struct store_pack pack = {.data = data, .size = size, .is_borrowed = true};
    struct store_body *body = NULL;
    ZSTD_DCtx *zstd = ZSTD_createDCtx();
    size_t claimed;
    CHECK(zstd);
    store_vault_init(&vault, seal_key);
    int r = store_record_body_size(data, size, &claimed);
    CHECK(r < 0 || claimed <= STORE_RECORD_BODY_MAX);
    if (store_pack_open(zstd, &vault, id, flags, &pack, &body) == 0)
        CHECK(body->size <= STORE_BODY_MAX);
    store_body_release(&body);
    ZSTD_freeDCtx(zstd);
}

static void try_target(enum target target, uint8_t *data, size_t size)
{
    const char *problem = NULL;
    uint64_t count;
    switch (target) {
    case TARGET_ENTRY:
        try_entry(data, size);
        break;
    case TARGET_BODY:
        try_body(data, size, 0);
        break;
    case TARGET_SEALED_BODY:
        try_body(data, size, STORE_RECORD_SEALED);
        break;
    case TARGET_REFS:
        CHECK(store_record_read_refs(id, data, size, &count) < 0 || size == STORE_RECORD_REFS_SIZE);
        break;
    default:
        CHECK(store_image_check(data, size, &problem) == 0 || problem);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const enum target target = data[0] / 2 % TARGETS;
    const bool is_signed = data[0] % 2;
    uint8_t *copy = malloc(size);
    CHECK(copy);
    memcpy(copy, data + 1, size - 1);
    if (is_signed && target != TARGET_IMAGE)
        sign(target, copy, size - 1);
    try_target(target, copy, size - 1);
    free(copy);
    return 0;
}
