/* The layouts on disk: what is written reads back, nothing else does. */
#include "test_store_fixture.h"

#include "store/pack.h"
#include "store/record.h"

static const uint8_t id[STORE_KEY_SIZE] = {1, 2, 3}, other_id[STORE_KEY_SIZE] = {1, 2, 4};

enum { ENTRY_SIZE = STORE_RECORD_ENTRY_OVERHEAD + 5 };

static void make_entry(uint8_t ret[static ENTRY_SIZE])
{
    struct store_record_entry entry = {
        .flags = STORE_RECORD_DISK_SEALED,
        .body_size = 1234,
        .keep_until_ms = -5,
        .used_ms = INT64_MAX,
        .payload = (const uint8_t *)"hello",
        .payload_size = 5,
    };
    memcpy(entry.row, other_id, sizeof entry.row);
    store_record_put_entry(id, &entry, ret);
}

static void test_an_entry_reads_back(void **state)
{
    (void)state;
    uint8_t data[ENTRY_SIZE];
    struct store_record_entry entry;

    make_entry(data);

    assert_int_equal(store_record_read_entry(id, data, sizeof data, &entry), 0);
    assert_int_equal(entry.flags, STORE_RECORD_DISK_SEALED);
    assert_int_equal(entry.body_size, 1234);
    assert_int_equal(entry.keep_until_ms, -5);
    assert_true(entry.used_ms == INT64_MAX);
    assert_memory_equal(entry.row, other_id, sizeof entry.row);
    assert_int_equal(entry.payload_size, 5);
    assert_memory_equal(entry.payload, "hello", 5);
}

static void test_an_entry_is_refused_when_anything_changed(void **state)
{
    (void)state;
    uint8_t data[ENTRY_SIZE];
    struct store_record_entry entry;
    make_entry(data);

    assert_int_equal(store_record_read_entry(other_id, data, sizeof data, &entry), -EBADMSG);
    for (size_t size = 0; size < sizeof data; size++)
        assert_int_equal(store_record_read_entry(id, data, size, &entry), -EBADMSG);
    for (size_t bit = 0; bit < 8 * sizeof data; bit++) {
        data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(store_record_read_entry(id, data, sizeof data, &entry), -EBADMSG);
        data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

/* A right checksum over nonsense: another version of this program, or an attacker. */
static void test_an_entry_with_impossible_fields_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = {{0, 'B'}, {1, 2}, {2, 2}, {3, 1}, {4, 0xFF}, {59, 4}, {59, 6}, {56, 1}};
    struct store_record_entry entry;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        uint8_t data[ENTRY_SIZE];
        make_entry(data);
        data[changes[i].at] = changes[i].value;
        const size_t size = sizeof data - STORE_RECORD_SUM_SIZE;
        store_record_sum('E', id, data, size, data + size);
        assert_int_equal(store_record_read_entry(id, data, sizeof data, &entry), -EBADMSG);
    }
}

static void test_a_body_is_refused_when_anything_changed(void **state)
{
    (void)state;
    enum { SIZE = STORE_RECORD_BODY_OVERHEAD + 4 };
    uint8_t data[SIZE] = {0};
    size_t size;
    struct store_record_body body = {.plain_size = 4, .payload_size = 4};
    memcpy(data + STORE_RECORD_BODY_HEADER, "body", 4);

    store_record_put_body(id, &body, data);

    assert_int_equal(store_record_read_body(id, data, SIZE, &body), 0);
    assert_memory_equal(body.payload, "body", 4);
    assert_int_equal(store_record_body_size(data, STORE_RECORD_BODY_HEADER, &size), 0);
    assert_int_equal(size, SIZE);
    assert_int_equal(store_record_read_body(other_id, data, SIZE, &body), -EBADMSG);
    for (size_t cut = 0; cut < SIZE; cut++)
        assert_int_equal(store_record_read_body(id, data, cut, &body), -EBADMSG);
    for (size_t bit = 0; bit < 8 * (size_t)SIZE; bit++) {
        data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(store_record_read_body(id, data, SIZE, &body), -EBADMSG);
        data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void test_a_body_never_claims_more_than_the_limit(void **state)
{
    (void)state;
    uint8_t data[STORE_RECORD_BODY_OVERHEAD] = {0};
    size_t size;
    struct store_record_body body = {.plain_size = STORE_BODY_MAX};

    store_record_put_body(id, &body, data);
    assert_int_equal(store_record_body_size(data, sizeof data, &size), 0);
    body.plain_size = STORE_BODY_MAX + 1;
    store_record_put_body(id, &body, data);
    assert_int_equal(store_record_body_size(data, sizeof data, &size), -EBADMSG);
    assert_int_equal(store_record_read_body(id, data, sizeof data, &body), -EBADMSG);
}

static void test_counts_read_back_only_under_their_row(void **state)
{
    (void)state;
    uint8_t data[STORE_RECORD_REFS_SIZE];
    uint64_t count = 0;

    store_record_put_refs(id, UINT64_MAX, data);

    assert_int_equal(store_record_read_refs(id, data, sizeof data, &count), 0);
    assert_true(count == UINT64_MAX);
    assert_int_equal(store_record_read_refs(other_id, data, sizeof data, &count), -EBADMSG);
    assert_int_equal(store_record_read_refs(id, data, sizeof data - 1, &count), -EBADMSG);
}

static void test_orders_sort_by_time_then_key(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MIN, -1, 0, 1, 1700000000000, INT64_MAX};
    uint8_t previous[STORE_RECORD_ORDER_SIZE] = {0}, order[STORE_RECORD_ORDER_SIZE];
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        store_record_put_order(times[i], i % 2 ? id : other_id, order);
        assert_true(memcmp(previous, order, sizeof order) < 0);
        assert_true(store_record_order_ms(order) == times[i]);
        assert_memory_equal(store_record_order_key(order), i % 2 ? id : other_id, sizeof id);
        memcpy(previous, order, sizeof order);
    }
}

/* --- pack.h: compression and sealing on top of the layout --- */

struct packer {
    ZSTD_CCtx *compressor;
    ZSTD_DCtx *decompressor;
    struct store_vault vault;
    struct store_body *body;
};

static struct packer packer_make(size_t size)
{
    struct packer self = {.compressor = ZSTD_createCCtx(), .decompressor = ZSTD_createDCtx()};
    store_vault_init(&self.vault, seal_key);
    self.body = store_body_new(size);
    memset(self.body->bytes, 'x', size);
    return self;
}

static void packer_end(struct packer *self)
{
    ZSTD_freeCCtx(self->compressor);
    ZSTD_freeDCtx(self->decompressor);
    store_body_release(&self->body);
}

static void test_a_body_packs_small_and_opens_only_as_it_was_packed(void **state)
{
    (void)state;
    struct packer packer = packer_make(100000);
    for (unsigned flags = 0; flags <= STORE_RECORD_SEALED; flags++) {
        struct store_pack pack = {0};
        struct store_body *opened = NULL;
        assert_int_equal(
            store_pack_make(packer.compressor, &packer.vault, id, flags, packer.body, &pack), 0);
        assert_true(pack.size < 200);
        assert_int_equal(
            store_pack_open(packer.decompressor, &packer.vault, id, flags, &pack, &opened), 0);
        assert_int_equal(opened->size, 100000);
        assert_memory_equal(opened->bytes, packer.body->bytes, 100000);
        store_body_release(&opened);
        assert_int_equal(
            store_pack_open(packer.decompressor, &packer.vault, id, !flags, &pack, &opened),
            -EBADMSG);
        assert_int_equal(
            store_pack_open(packer.decompressor, &packer.vault, other_id, flags, &pack, &opened),
            -EBADMSG);
        assert_null(opened);
        store_pack_done(&pack);
    }
    packer_end(&packer);
}

/* A frame that would grow beyond, or stay below, the recorded length; with a right checksum. */
static void test_a_body_of_another_length_than_recorded_is_refused(void **state)
{
    (void)state;
    static const uint32_t lengths[] = {0, 1, 99999, 100001, STORE_BODY_MAX};
    struct packer packer = packer_make(100000);
    struct store_pack pack = {0};
    struct store_body *opened = NULL;
    assert_int_equal(store_pack_make(packer.compressor, &packer.vault, id, 0, packer.body, &pack),
                     0);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct store_record_body body;
        assert_int_equal(store_record_read_body(id, pack.data, pack.size, &body), 0);
        body.plain_size = lengths[i];
        store_record_put_body(id, &body, pack.data);
        assert_int_equal(store_pack_open(packer.decompressor, &packer.vault, id, 0, &pack, &opened),
                         -EBADMSG);
    }
    assert_null(opened);
    store_pack_done(&pack);
    packer_end(&packer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_reads_back),
        cmocka_unit_test(test_an_entry_is_refused_when_anything_changed),
        cmocka_unit_test(test_an_entry_with_impossible_fields_is_refused),
        cmocka_unit_test(test_a_body_is_refused_when_anything_changed),
        cmocka_unit_test(test_a_body_never_claims_more_than_the_limit),
        cmocka_unit_test(test_counts_read_back_only_under_their_row),
        cmocka_unit_test(test_orders_sort_by_time_then_key),
        cmocka_unit_test(test_a_body_packs_small_and_opens_only_as_it_was_packed),
        cmocka_unit_test(test_a_body_of_another_length_than_recorded_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
