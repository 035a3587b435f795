/* Limits of space: whatever is put into whatever file, puts succeed, the newest records are there,
 * the file stays within its size, and nothing gets stuck. */
#include "test_store_fixture.h"

static uint64_t size_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return (uint64_t)status.st_size;
}

static void test_the_number_of_entries_is_kept_by_removing_the_oldest(void **state)
{
    struct store_options options = options_of(*state);
    options.entries_max = 50;
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < 130; i++)
        sample_put(store, i, i, 100, start_ms + (int64_t)i);

    assert_int_equal(store_sync(store), 0);

    assert_int_equal(counts_of(store).entries, 50);
    assert_int_equal(counts_of(store).evictions, 80);
    for (uint64_t i = 0; i < 130; i++)
        assert_int_equal(sample_is_there(store, i, i, 100, start_ms), i >= 80);
    store_close(&store);
    report_of(*state);
}

static void test_one_entry_is_enough(void **state)
{
    struct store_options options = options_of(*state);
    options.entries_max = 1;
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);

    for (uint64_t i = 0; i < 20; i++)
        sample_put(store, i, i, 100, start_ms + (int64_t)i);
    sample_put(store, 19, 20, 100, start_ms);
    assert_int_equal(store_sync(store), 0);

    assert_int_equal(counts_of(store).entries, 1);
    assert_true(sample_is_there(store, 19, 20, 100, start_ms));
    store_close(&store);
    report_of(*state);
}

static void test_a_use_saves_a_record_from_eviction(void **state)
{
    struct store_options options = options_of(*state);
    options.entries_max = 50;
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < 50; i++)
        sample_put(store, i, i, 100, start_ms + (int64_t)i);
    assert_int_equal(store_sync(store), 0);

    assert_true(sample_is_there(store, 0, 0, 100, start_ms + STORE_TOUCH_MS));
    assert_true(sample_is_there(store, 1, 1, 100, start_ms + 1 + STORE_TOUCH_MS - 1));
    sample_put(store, 50, 50, 100, start_ms + STORE_TOUCH_MS);
    sample_put(store, 51, 51, 100, start_ms + STORE_TOUCH_MS);
    assert_int_equal(store_sync(store), 0);

    assert_true(sample_is_there(store, 0, 0, 100, start_ms));
    assert_false(sample_is_there(store, 1, 1, 100, start_ms)); /* too soon to be noted */
    assert_false(sample_is_there(store, 2, 2, 100, start_ms));
    assert_true(sample_is_there(store, 3, 3, 100, start_ms));
    store_close(&store);
    report_of(*state);
}

/* Puts records one after the other, never more than the queue takes. */
static void fill(struct store *store, uint64_t records, size_t size)
{
    for (uint64_t i = 0; i < records; i++) {
        sample_put(store, i, i, size, start_ms + (int64_t)i);
        if (i % 1000 == 999)
            assert_int_equal(store_sync(store), 0);
    }
    assert_int_equal(store_sync(store), 0);
}

/* Puts many times what fits, of sizes up to size_max, and looks at the rest. */
static void overfill(struct scratch *scratch, uint64_t bytes_max, uint64_t records,
                     uint64_t size_max)
{
    enum { NEWEST = 3 };
    uint64_t random = size_max;
    size_t *sizes = calloc(records, sizeof *sizes);
    struct store_options options = options_of(scratch);
    options.bytes_max = bytes_max;
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < records; i++) {
        sizes[i] = (size_t)(number_next(&random) % size_max);
        sample_put(store, i, i, sizes[i], start_ms + (int64_t)i);
        if (i % 7 == 0)
            sample_remove(store, number_next(&random) % (i + 1));
        if (i % 500 == 0)
            assert_int_equal(store_sync(store), 0);
    }
    for (uint64_t i = 0; i < NEWEST; i++)
        sample_put(store, records - 1 - i, records - 1 - i, sizes[records - 1 - i],
                   start_ms + (int64_t)records);
    assert_int_equal(store_sync(store), 0);

    const struct store_counts counts = counts_of(store);
    assert_true(size_of(scratch->file) <= bytes_max);
    assert_true(counts.bytes <= bytes_max * STORE_REFUSE_PERCENT / 100);
    assert_true(counts.evictions > 0);
    assert_int_equal(counts.dropped, 0);
    for (uint64_t i = 0; i < NEWEST; i++)
        assert_true(sample_is_there(store, records - 1 - i, records - 1 - i, sizes[records - 1 - i],
                                    start_ms));
    for (uint64_t i = 0; i < records; i++)
        sample_is_there(store, i, i, sizes[i], start_ms); /* right bytes or none */
    store_close(&store);
    report_of(scratch);
    free(sizes);
}

static void test_the_smallest_file_takes_any_number_of_small_records(void **state)
{
    overfill(*state, STORE_BYTES_MIN, 1000, 1500);
}

static void test_the_smallest_file_takes_bodies_of_many_pages(void **state)
{
    overfill(*state, STORE_BYTES_MIN, 120, 180000);
}

static void test_a_larger_file_takes_bodies_of_all_sizes(void **state)
{
    overfill(*state, 8 * MEBIBYTE + 4095, 800, 60000);
}

static void test_a_full_file_uses_its_space(void **state)
{
    enum { RECORDS = 6000, SIZE = 1000 };
    struct store_options options = options_of(*state);
    options.bytes_max = 4 * MEBIBYTE;
    struct store *store = store_of(&options);
    fill(store, RECORDS, SIZE);
    assert_int_equal(store_sync(store), 0);

    assert_true(counts_of(store).bytes > 3 * MEBIBYTE);
    store_close(&store);
}

static void test_a_body_that_can_not_fit_is_dropped_and_the_others_stay(void **state)
{
    struct store_options options = options_of(*state);
    options.bytes_max = STORE_BYTES_MIN;
    struct store *store = store_of(&options);
    sample_put(store, 1, 1, 1000, start_ms);

    sample_put(store, 2, 2, MEBIBYTE / 2, start_ms);
    sample_put(store, 3, 3, 1000, start_ms);
    assert_int_equal(store_sync(store), 0);

    assert_int_equal(counts_of(store).dropped, 1);
    assert_false(counts_of(store).degraded);
    assert_true(sample_is_there(store, 2, 2, MEBIBYTE / 2, start_ms)); /* from memory */
    store_close(&store);
    store = store_of(&options);
    assert_true(sample_is_there(store, 1, 1, 1000, start_ms));
    assert_false(sample_is_there(store, 2, 2, MEBIBYTE / 2, start_ms));
    assert_true(sample_is_there(store, 3, 3, 1000, start_ms));
    store_close(&store);
}

static void test_a_dropped_replacement_takes_the_old_record_with_it(void **state)
{
    struct store_options options = options_of(*state);
    options.bytes_max = STORE_BYTES_MIN;
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    sample_put(store, 1, 1, 1000, start_ms);
    assert_int_equal(store_sync(store), 0);

    sample_put(store, 1, 2, MEBIBYTE / 2, start_ms);
    assert_int_equal(store_sync(store), 0);
    assert_false(sample_is_there(store, 1, 2, MEBIBYTE / 2, start_ms));

    store_close(&store);
    store = store_of(&options);
    assert_false(sample_is_there(store, 1, 2, MEBIBYTE / 2, start_ms));
    store_close(&store);
    assert_int_equal(report_of(*state).entries, 0);
}

static void test_metas_of_the_largest_size_fit_the_smallest_file(void **state)
{
    enum { RECORDS = 100 };
    struct store_options options = options_of(*state);
    options.bytes_max = STORE_BYTES_MIN;
    struct store *store = store_of(&options);
    uint8_t *meta = calloc(1, STORE_META_MAX);
    for (uint64_t i = 0; i < RECORDS; i++) {
        struct sample sample;
        sample_make(&sample, i, i, 10);
        sample.record.meta = meta;
        sample.record.meta_size = STORE_META_MAX;
        assert_int_equal(store_put(store, &sample.record, start_ms + (int64_t)i, NULL), 0);
        sample_done(&sample);
    }
    assert_int_equal(store_sync(store), 0);

    assert_true(counts_of(store).entries >= 10);
    store_close(&store);
    report_of(*state);
    free(meta);
}

static void test_a_lowered_limit_shrinks_the_file_and_keeps_the_newest(void **state)
{
    enum { RECORDS = 6000 };
    struct scratch *scratch = *state;
    struct store_options options = options_of(scratch);
    options.bytes_max = 16 * MEBIBYTE;
    struct store *store = store_of(&options);
    fill(store, RECORDS, 1500);
    store_close(&store);
    assert_true(size_of(scratch->file) > 8 * MEBIBYTE);

    options.bytes_max = 2 * MEBIBYTE;
    store = store_of(&options);

    assert_true(size_of(scratch->file) <= 2 * MEBIBYTE);
    assert_true(counts_of(store).evictions > 0);
    assert_true(sample_is_there(store, RECORDS - 1, RECORDS - 1, 1500, start_ms));
    assert_false(sample_is_there(store, 0, 0, 1500, start_ms));
    fill(store, 1000, 1500);
    assert_true(size_of(scratch->file) <= 2 * MEBIBYTE);
    store_close(&store);
    report_of(scratch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_number_of_entries_is_kept_by_removing_the_oldest),
        TEST(test_one_entry_is_enough),
        TEST(test_a_use_saves_a_record_from_eviction),
        TEST(test_the_smallest_file_takes_any_number_of_small_records),
        TEST(test_the_smallest_file_takes_bodies_of_many_pages),
        TEST(test_a_larger_file_takes_bodies_of_all_sizes),
        TEST(test_a_full_file_uses_its_space),
        TEST(test_a_body_that_can_not_fit_is_dropped_and_the_others_stay),
        TEST(test_a_dropped_replacement_takes_the_old_record_with_it),
        TEST(test_metas_of_the_largest_size_fit_the_smallest_file),
        TEST(test_a_lowered_limit_shrinks_the_file_and_keeps_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
