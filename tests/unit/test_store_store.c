/* The contract of store.h on a real LMDB in a scratch folder. */
#include "test_store_fixture.h"

enum { BODY_SIZE = 3000 };

static void test_a_record_reads_back_from_memory(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct store_item *item = NULL;
    struct sample sample;
    sample_make(&sample, 1, 1, BODY_SIZE);

    assert_int_equal(store_put(store, &sample.record, start_ms, &item), 0);

    assert_true(item_is(item, &sample));
    assert_true(sample_is_there(store, 1, 1, BODY_SIZE, start_ms));
    assert_false(sample_is_there(store, 2, 2, BODY_SIZE, start_ms));
    assert_int_equal(counts_of(store).hot_hits, 1);
    assert_int_equal(counts_of(store).hot_misses, 1);
    store_item_release(&item);
    sample_done(&sample);
    store_close(&store);
}

static void test_a_restart_keeps_everything(void **state)
{
    enum { RECORDS = 500 };
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < RECORDS; i++)
        sample_put(store, i, i, i * 20, start_ms);

    store_close(&store);
    report_of(*state);
    store = store_of(&options);

    assert_int_equal(counts_of(store).entries, RECORDS);
    assert_int_equal(counts_of(store).hot_entries, 0);
    for (uint64_t i = 0; i < RECORDS; i++)
        assert_true(sample_is_there(store, i, i, i * 20, start_ms));
    store_close(&store);
    assert_int_equal(report_of(*state).entries, RECORDS);
}

static void test_bodies_of_every_size_come_back_from_disk(void **state)
{
    static const size_t sizes[] = {0,    1,    63,   64,   1900,  2048,   4000,          4052,
                                   4053, 4080, 8132, 8133, 65536, 300000, STORE_BODY_MAX};
    struct store_options options = options_of(*state);
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        sample_put(store, i, i, sizes[i], start_ms);

    assert_int_equal(store_sync(store), 0);

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        assert_true(sample_is_there(store, i, i, sizes[i], start_ms));
    assert_int_equal(counts_of(store).hot_hits, 0);
    store_close(&store);
    assert_int_equal(report_of(*state).bodies, sizeof sizes / sizeof sizes[0]);
}

static void test_a_compressible_body_takes_less_space_and_comes_back(void **state)
{
    struct store_options options = options_of(*state);
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    struct store_item *item = NULL;
    struct sample sample;
    size_t size;
    sample_make(&sample, 1, 1, MEBIBYTE);
    memset(sample.body, 'x', MEBIBYTE);

    assert_int_equal(store_put(store, &sample.record, start_ms, NULL), 0);
    assert_int_equal(store_sync(store), 0);

    assert_true(counts_of(store).bytes < 100000);
    assert_int_equal(store_get(store, sample.key, start_ms, &item), 0);
    assert_memory_equal(store_item_body(item, &size), sample.body, MEBIBYTE);
    store_item_release(&item);
    sample_done(&sample);
    store_close(&store);
}

static void test_limits_of_meta_and_body_are_kept(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct store_item *item = NULL;
    struct sample sample;
    uint8_t *meta = calloc(1, STORE_META_MAX + 1);
    sample_make(&sample, 1, 1, STORE_BODY_MAX + 1);

    assert_int_equal(store_put(store, &sample.record, start_ms, &item), -EMSGSIZE);
    sample.record.body_size = 10;
    sample.record.meta = meta;
    sample.record.meta_size = STORE_META_MAX + 1;
    assert_int_equal(store_put(store, &sample.record, start_ms, &item), -EMSGSIZE);
    assert_null(item);
    sample.record.meta_size = STORE_META_MAX;
    assert_int_equal(store_put(store, &sample.record, start_ms, &item), 0);
    assert_int_equal(store_share(store, item, store_item_key(item),
                                 &(const struct store_label){meta, STORE_META_MAX + 1, start_ms},
                                 start_ms, NULL),
                     -EMSGSIZE);
    store_item_release(&item);
    store_close(&store);

    store = store_of(&options);
    assert_int_equal(store_get(store, sample.key, start_ms, &item), 0);
    assert_true(item_is(item, &sample));
    store_item_release(&item);
    store_close(&store);
    free(meta);
    sample_done(&sample);
}

static void test_a_put_replaces_the_record_and_frees_the_old_body(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    sample_put(store, 1, 1, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), 0);

    sample_put(store, 1, 2, BODY_SIZE, start_ms);

    assert_true(sample_is_there(store, 1, 2, BODY_SIZE, start_ms));
    store_close(&store);
    const struct store_report report = report_of(*state);
    assert_int_equal(report.entries, 1);
    assert_int_equal(report.bodies, 1);
    store = store_of(&options);
    assert_true(sample_is_there(store, 1, 2, BODY_SIZE, start_ms));
    store_close(&store);
}

static void test_a_body_of_several_entries_is_stored_once_and_goes_with_the_last(void **state)
{
    enum { ENTRIES = 5 };
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < ENTRIES; i++)
        sample_put(store, i, 77, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), 0);
    assert_int_equal(counts_of(store).entries, ENTRIES);
    assert_int_equal(counts_of(store).bodies, 1);

    for (uint64_t i = 0; i < ENTRIES - 1; i++)
        sample_remove(store, i);
    assert_int_equal(store_sync(store), 0);
    assert_int_equal(counts_of(store).bodies, 1);
    assert_true(sample_is_there(store, ENTRIES - 1, 77, BODY_SIZE, start_ms));

    sample_remove(store, ENTRIES - 1);
    assert_int_equal(store_sync(store), 0);
    assert_int_equal(counts_of(store).entries, 0);
    assert_int_equal(counts_of(store).bodies, 0);
    store_close(&store);
    report_of(*state);
}

static void test_renewing_changes_the_meta_and_shares_the_body(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct store_item *item = NULL, *renewed = NULL;
    struct sample sample;
    size_t size;
    sample_make(&sample, 1, 1, BODY_SIZE);
    assert_int_equal(store_put(store, &sample.record, start_ms, &item), 0);

    assert_int_equal(store_sync(store), 0);
    assert_int_equal(store_share(store, item, store_item_key(item),
                                 &(const struct store_label){"new", 3, start_ms + 2 * day_ms},
                                 start_ms + 7, &renewed),
                     0);

    assert_ptr_equal(store_item_body(item, &size), store_item_body(renewed, &size));
    assert_memory_equal(store_item_meta(renewed, &size), "new", 3);
    assert_int_equal(size, 3);
    assert_true(item_is(item, &sample)); /* who holds the old one sees no change */
    store_item_release(&item);
    store_item_release(&renewed);
    store_close(&store);
    assert_int_equal(report_of(*state).bodies, 1);
    store = store_of(&options);
    sample.record.meta = "new";
    sample.record.meta_size = 3;
    assert_int_equal(store_get(store, sample.key, start_ms, &item), 0);
    assert_true(item_is(item, &sample));
    store_item_release(&item);
    store_close(&store);
    sample_done(&sample);
}

static void test_renewing_what_was_removed_meanwhile_brings_the_body_back(void **state)
{
    struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct store_item *item = NULL;
    struct sample sample;
    sample_make(&sample, 1, 1, BODY_SIZE);
    assert_int_equal(store_put(store, &sample.record, start_ms, &item), 0);
    store_remove(store, sample.key);
    assert_int_equal(store_sync(store), 0);

    assert_int_equal(
        store_share(store, item, store_item_key(item),
                    &(const struct store_label){sample.meta, sizeof sample.meta, start_ms + day_ms},
                    start_ms, NULL),
        0);

    store_item_release(&item);
    store_close(&store);
    report_of(*state);
    store = store_of(&options);
    assert_true(sample_is_there(store, 1, 1, BODY_SIZE, start_ms));
    store_close(&store);
    sample_done(&sample);
}

static void test_sharing_stores_the_body_under_another_key(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct store_item *item = NULL;
    struct sample sample, other;
    sample_make(&sample, 1, 1, BODY_SIZE);
    sample_make(&other, 2, 1, BODY_SIZE);
    assert_int_equal(store_put(store, &sample.record, start_ms, &item), 0);

    assert_int_equal(
        store_share(store, item, other.key,
                    &(const struct store_label){other.meta, sizeof other.meta, start_ms + day_ms},
                    start_ms, NULL),
        0);

    store_item_release(&item);
    store_remove(store, sample.key);
    store_close(&store);
    assert_int_equal(report_of(*state).bodies, 1);
    store = store_of(&options);
    assert_false(sample_is_there(store, 1, 1, BODY_SIZE, start_ms));
    assert_true(sample_is_there(store, 2, 1, BODY_SIZE, start_ms));
    store_close(&store);
    sample_done(&sample);
    sample_done(&other);
}

static void test_a_body_that_contradicts_its_id_is_never_served_from_disk(void **state)
{
    struct store_options options = options_of(*state);
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    struct store_item *item = NULL;
    struct sample sample, liar;
    sample_make(&sample, 1, 1, BODY_SIZE);
    sample_make(&liar, 2, 2, BODY_SIZE / 2);
    memcpy(liar.content, sample.content, sizeof liar.content);

    assert_int_equal(store_put(store, &sample.record, start_ms, NULL), 0);
    assert_int_equal(store_put(store, &liar.record, start_ms, NULL), 0);
    assert_int_equal(store_sync(store), 0);

    assert_int_equal(store_get(store, liar.key, start_ms, &item), -ENOENT);
    assert_true(sample_is_there(store, 1, 1, BODY_SIZE, start_ms));
    store_close(&store);
    sample_done(&sample);
    sample_done(&liar);
}

static void test_a_removed_record_is_gone_at_once_and_for_good(void **state)
{
    struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    for (unsigned round = 0; round < 50; round++) {
        sample_put(store, 1, round, BODY_SIZE, start_ms);
        if (round % 2)
            assert_int_equal(store_sync(store), 0);
        sample_remove(store, 1);
        assert_false(sample_is_there(store, 1, round, BODY_SIZE, start_ms));
    }

    store_close(&store);

    store = store_of(&options);
    assert_false(sample_is_there(store, 1, 49, BODY_SIZE, start_ms));
    assert_int_equal(counts_of(store).entries, 0);
    sample_remove(store, 9); /* absent: no error */
    store_close(&store);
    report_of(*state);
}

static void test_what_has_run_out_is_swept_when_time_moves_on(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct sample sample;
    for (uint64_t i = 0; i < 100; i++) {
        sample_make(&sample, i, i, 100);
        sample.record.keep_until_ms = start_ms + (i < 60 ? 1000 : day_ms);
        assert_int_equal(store_put(store, &sample.record, start_ms, NULL), 0);
        sample_done(&sample);
    }
    assert_int_equal(store_sync(store), 0);
    assert_int_equal(counts_of(store).expirations, 0);

    assert_true(sample_is_there(store, 99, 99, 100, start_ms + STORE_SWEEP_MS));
    assert_int_equal(store_sync(store), 0);

    assert_int_equal(counts_of(store).expirations, 60);
    assert_int_equal(counts_of(store).entries, 40);
    store_close(&store);
    report_of(*state);
}

static void test_a_clock_that_jumps_and_returns_costs_one_sweep_at_most(void **state)
{
    enum { RECORDS = STORE_SWEEP_MAX + 500 };
    const int64_t year_ms = 365 * day_ms;
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < RECORDS; i++)
        sample_put(store, i, i, 10, start_ms);
    assert_int_equal(store_sync(store), 0);

    sample_is_there(store, 0, 0, 10, start_ms + year_ms);
    for (unsigned i = 0; i < 20; i++)
        sample_is_there(store, 0, 0, 10, start_ms + i * STORE_SWEEP_MS);
    assert_int_equal(store_sync(store), 0);

    assert_int_equal(counts_of(store).expirations, STORE_SWEEP_MAX);
    assert_int_equal(counts_of(store).entries, RECORDS - STORE_SWEEP_MAX);
    for (unsigned i = 0; i < RECORDS / STORE_SWEEP_MAX; i++) /* and sweeping goes on */
        sample_is_there(store, 0, 0, 10, start_ms + day_ms + (i + 1) * STORE_SWEEP_MS);
    assert_int_equal(store_sync(store), 0);
    assert_int_equal(counts_of(store).entries, 0);
    store_close(&store);
}

struct visits {
    uint64_t count, stop_at;
    uint8_t last[STORE_KEY_SIZE];
};

static bool visit(void *cls, const uint8_t *key, const uint8_t *content, const void *meta,
                  size_t meta_size, size_t body_size)
{
    struct visits *visits = cls;
    struct sample sample;
    const uint64_t number = body_size / 10;
    sample_make(&sample, number, number, body_size);
    assert_int_equal(meta_size, META_SIZE);
    assert_memory_equal(meta, sample.meta, META_SIZE);
    assert_memory_equal(key, sample.key, sizeof sample.key);
    assert_memory_equal(content, sample.content, sizeof sample.content);
    if (visits->count > 0)
        assert_true(memcmp(visits->last, key, STORE_KEY_SIZE) < 0);
    memcpy(visits->last, key, STORE_KEY_SIZE);
    sample_done(&sample);
    return ++visits->count < visits->stop_at;
}

static void test_each_visits_all_records_in_the_order_of_keys(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct visits all = {.stop_at = UINT64_MAX}, some = {.stop_at = 7};
    for (uint64_t i = 0; i < 200; i++) {
        struct sample sample;
        sample_make(&sample, i, i, 10 * i);
        sample.record.flags = i % 2 ? STORE_RECORD_SEALED : 0;
        assert_int_equal(store_put(store, &sample.record, start_ms, NULL), 0);
        sample_done(&sample);
    }
    assert_int_equal(store_sync(store), 0);

    assert_int_equal(store_each(store, visit, &all), 0);
    assert_int_equal(store_each(store, visit, &some), 0);

    assert_int_equal(all.count, 200);
    assert_int_equal(some.count, 7);
    store_close(&store);
}

static void test_memory_is_bounded_and_what_left_it_comes_from_disk(void **state)
{
    struct store_options options = options_of(*state);
    options.hot_bytes_max = 100000;
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < 200; i++)
        sample_put(store, i, i, BODY_SIZE, start_ms);

    assert_int_equal(store_sync(store), 0);

    assert_true(counts_of(store).hot_bytes <= 100000);
    assert_in_range(counts_of(store).hot_entries, 10, 40);
    for (uint64_t i = 0; i < 200; i++)
        assert_true(sample_is_there(store, i, i, BODY_SIZE, start_ms));
    assert_true(counts_of(store).hot_bytes <= 100000);
    store_close(&store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_record_reads_back_from_memory),
        TEST(test_a_restart_keeps_everything),
        TEST(test_bodies_of_every_size_come_back_from_disk),
        TEST(test_a_compressible_body_takes_less_space_and_comes_back),
        TEST(test_limits_of_meta_and_body_are_kept),
        TEST(test_a_put_replaces_the_record_and_frees_the_old_body),
        TEST(test_a_body_of_several_entries_is_stored_once_and_goes_with_the_last),
        TEST(test_renewing_changes_the_meta_and_shares_the_body),
        TEST(test_renewing_what_was_removed_meanwhile_brings_the_body_back),
        TEST(test_sharing_stores_the_body_under_another_key),
        TEST(test_a_body_that_contradicts_its_id_is_never_served_from_disk),
        TEST(test_a_removed_record_is_gone_at_once_and_for_good),
        TEST(test_what_has_run_out_is_swept_when_time_moves_on),
        TEST(test_a_clock_that_jumps_and_returns_costs_one_sweep_at_most),
        TEST(test_each_visits_all_records_in_the_order_of_keys),
        TEST(test_memory_is_bounded_and_what_left_it_comes_from_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
