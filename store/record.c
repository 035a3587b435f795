/* Fixed layouts over base's cursors. Decoders take the whole record or refuse it. */
#include "store/record.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"

_Static_assert((int)STORE_RECORD_SUM_SIZE == (int)HASH_ID_SIZE, "checksum size");
_Static_assert((int)STORE_KEY_SIZE == (int)STORE_CONTENT_SIZE, "ids have one size");

enum kind {
    KIND_ENTRY = 'E',
    KIND_BODY = 'B',
    KIND_REFS = 'R',
};

void store_record_sum(uint8_t kind, const uint8_t *id, const uint8_t *data, size_t size,
                      uint8_t ret[static STORE_RECORD_SUM_SIZE])
{
    static const char domain[] = "runmesh1 store record";
    struct hash hash;
    hash_start(&hash, NULL, HASH_ID_SIZE);
    hash_add(&hash, domain, sizeof domain);
    hash_add(&hash, &kind, sizeof kind);
    hash_add(&hash, id, STORE_KEY_SIZE);
    hash_add(&hash, data, size);
    hash_finish(&hash, ret, HASH_ID_SIZE);
}

static void put_sum(uint8_t kind, const uint8_t *id, uint8_t *data, size_t size)
{
    store_record_sum(kind, id, data, size, data + size);
}

static bool sum_is_right(uint8_t kind, const uint8_t *id, const uint8_t *data, size_t size)
{
    uint8_t sum[STORE_RECORD_SUM_SIZE];
    if (size < sizeof sum)
        return false;
    store_record_sum(kind, id, data, size - sizeof sum, sum);
    return memcmp(sum, data + size - sizeof sum, sizeof sum) == 0;
}

void store_record_put_entry(const uint8_t *key, const struct store_record_entry *entry,
                            uint8_t *ret)
{
    const size_t size = STORE_RECORD_ENTRY_HEADER + entry->payload_size;
    struct bytes_out out = bytes_out_over(ret, size);
    bytes_put_u8(&out, KIND_ENTRY);
    bytes_put_u8(&out, STORE_RECORD_VERSION);
    bytes_put_u8(&out, entry->flags);
    bytes_put_u8(&out, 0);
    bytes_put_u32(&out, entry->body_size);
    bytes_put_u64(&out, (uint64_t)entry->keep_until_ms);
    bytes_put_u64(&out, (uint64_t)entry->used_ms);
    bytes_put(&out, entry->row, STORE_CONTENT_SIZE);
    bytes_put_u32(&out, (uint32_t)entry->payload_size);
    bytes_put(&out, entry->payload, entry->payload_size);
    CHECK(!out.overflowed);
    put_sum(KIND_ENTRY, key, ret, size);
}

int store_record_guess_entry(const uint8_t *data, size_t size, struct store_record_entry *ret_entry)
{
    struct store_record_entry entry = {0};
    struct bytes_in in = bytes_in_over(data, size);
    const uint8_t kind = bytes_read_u8(&in);
    const uint8_t version = bytes_read_u8(&in);
    entry.flags = bytes_read_u8(&in);
    const uint8_t reserved = bytes_read_u8(&in);
    entry.body_size = bytes_read_u32(&in);
    entry.keep_until_ms = (int64_t)bytes_read_u64(&in);
    entry.used_ms = (int64_t)bytes_read_u64(&in);
    const uint8_t *row = bytes_read(&in, STORE_CONTENT_SIZE);
    entry.payload_size = bytes_read_u32(&in);
    entry.payload = bytes_read(&in, entry.payload_size);
    if (in.failed || bytes_left(&in) != STORE_RECORD_SUM_SIZE || size > STORE_RECORD_ENTRY_MAX)
        return -EBADMSG;
    if (kind != KIND_ENTRY || version != STORE_RECORD_VERSION || reserved != 0)
        return -EBADMSG;
    if ((entry.flags & ~STORE_RECORD_DISK_SEALED) != 0 || entry.body_size > STORE_BODY_MAX)
        return -EBADMSG;
    memcpy(entry.row, row, STORE_CONTENT_SIZE);
    *ret_entry = entry;
    return 0;
}

int store_record_read_entry(const uint8_t *key, const uint8_t *data, size_t size,
                            struct store_record_entry *ret_entry)
{
    if (!sum_is_right(KIND_ENTRY, key, data, size))
        return -EBADMSG;
    return store_record_guess_entry(data, size, ret_entry);
}

void store_record_put_body(const uint8_t *row, const struct store_record_body *body, uint8_t *ret)
{
    struct bytes_out out = bytes_out_over(ret, STORE_RECORD_BODY_HEADER);
    bytes_put_u8(&out, KIND_BODY);
    bytes_put_u8(&out, STORE_RECORD_VERSION);
    bytes_put_u8(&out, body->flags);
    bytes_put_u8(&out, 0);
    bytes_put_u32(&out, body->plain_size);
    bytes_put_u32(&out, (uint32_t)body->payload_size);
    CHECK(!out.overflowed);
    put_sum(KIND_BODY, row, ret, STORE_RECORD_BODY_HEADER + body->payload_size);
}

static int read_body_header(const uint8_t *data, size_t size, struct store_record_body *ret_body)
{
    struct store_record_body body = {0};
    struct bytes_in in = bytes_in_over(data, size);
    const uint8_t kind = bytes_read_u8(&in);
    const uint8_t version = bytes_read_u8(&in);
    body.flags = bytes_read_u8(&in);
    const uint8_t reserved = bytes_read_u8(&in);
    body.plain_size = bytes_read_u32(&in);
    body.payload_size = bytes_read_u32(&in);
    body.payload = in.at;
    if (in.failed || kind != KIND_BODY || version != STORE_RECORD_VERSION || reserved != 0)
        return -EBADMSG;
    if ((body.flags & ~(STORE_RECORD_DISK_SEALED | STORE_RECORD_DISK_ZSTD)) != 0)
        return -EBADMSG;
    if (body.plain_size > STORE_BODY_MAX || body.payload_size > STORE_BODY_MAX + SEAL_OVERHEAD)
        return -EBADMSG;
    *ret_body = body;
    return 0;
}

int store_record_body_size(const uint8_t *data, size_t size, size_t *ret_size)
{
    struct store_record_body body;
    int r = read_body_header(data, size, &body);
    if (r == 0)
        *ret_size = STORE_RECORD_BODY_OVERHEAD + body.payload_size;
    return r;
}

int store_record_read_body(const uint8_t *row, const uint8_t *data, size_t size,
                           struct store_record_body *ret_body)
{
    struct store_record_body body;
    if (!sum_is_right(KIND_BODY, row, data, size))
        return -EBADMSG;
    int r = read_body_header(data, size, &body);
    if (r == 0 && STORE_RECORD_BODY_OVERHEAD + body.payload_size != size)
        r = -EBADMSG;
    if (r == 0)
        *ret_body = body;
    return r;
}

void store_record_put_chunk_key(const uint8_t *row, size_t index,
                                uint8_t ret[static STORE_RECORD_CHUNK_KEY])
{
    struct bytes_out out = bytes_out_over(ret, STORE_RECORD_CHUNK_KEY);
    bytes_put(&out, row, STORE_CONTENT_SIZE);
    bytes_put_u16(&out, (uint16_t)index);
    CHECK(!out.overflowed);
}

void store_record_put_refs(const uint8_t *row, uint64_t count,
                           uint8_t ret[static STORE_RECORD_REFS_SIZE])
{
    struct bytes_out out = bytes_out_over(ret, sizeof count);
    bytes_put_u64(&out, count);
    put_sum(KIND_REFS, row, ret, sizeof count);
}

int store_record_read_refs(const uint8_t *row, const uint8_t *data, size_t size,
                           uint64_t *ret_count)
{
    if (size != STORE_RECORD_REFS_SIZE || !sum_is_right(KIND_REFS, row, data, size))
        return -EBADMSG;
    struct bytes_in in = bytes_in_over(data, size);
    *ret_count = bytes_read_u64(&in);
    return 0;
}

/* Times before 1970 must sort before later ones as bytes, too. */
static const uint64_t sign_bit = (uint64_t)1 << 63;

void store_record_put_order(int64_t ms, const uint8_t *key,
                            uint8_t ret[static STORE_RECORD_ORDER_SIZE])
{
    struct bytes_out out = bytes_out_over(ret, STORE_RECORD_ORDER_SIZE);
    bytes_put_u64(&out, (uint64_t)ms ^ sign_bit);
    bytes_put(&out, key, STORE_KEY_SIZE);
}

int64_t store_record_order_ms(const uint8_t order[static STORE_RECORD_ORDER_SIZE])
{
    struct bytes_in in = bytes_in_over(order, STORE_RECORD_ORDER_SIZE);
    return (int64_t)(bytes_read_u64(&in) ^ sign_bit);
}

const uint8_t *store_record_order_key(const uint8_t order[static STORE_RECORD_ORDER_SIZE])
{
    return order + STORE_RECORD_ORDER_SIZE - STORE_KEY_SIZE;
}
