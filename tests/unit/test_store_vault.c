/* Sealed records: readable with the key, nothing without it, and nothing of them on disk in clear.
 */
#include "test_store_fixture.h"

enum { BODY_SIZE = 5000 };

static const char marker[] = "the-private-marker-of-this-test";

/* A record whose meta and body hold the marker often, and would compress well. */
static void make_private(struct sample *sample, uint64_t key, uint64_t body)
{
    sample_make(sample, key, body, BODY_SIZE);
    for (size_t at = 0; at + sizeof marker <= BODY_SIZE; at += 2 * sizeof marker)
        memcpy(sample->body + at, marker, sizeof marker);
    sample->record.meta = marker;
    sample->record.meta_size = sizeof marker;
    sample->record.flags = STORE_RECORD_SEALED;
}

static bool file_holds(const struct scratch *scratch, const void *bytes, size_t size)
{
    size_t file_size;
    uint8_t *data = file_read(scratch->file, &file_size);
    const bool holds = memmem(data, file_size, bytes, size) != NULL;
    free(data);
    return holds;
}

static bool is_there(struct store *store, const struct sample *sample)
{
    struct store_item *item = NULL;
    if (store_get(store, sample->key, start_ms, &item) != 0)
        return false;
    const bool result = item_is(item, sample);
    assert_int_equal(store_item_flags(item), sample->record.flags);
    store_item_release(&item);
    return result;
}

static void test_sealed_records_come_back_and_are_nowhere_in_clear(void **state)
{
    struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct sample sample;
    make_private(&sample, 1, 1);
    assert_int_equal(store_put(store, &sample.record, start_ms, NULL), 0);

    store_close(&store);

    assert_false(file_holds(*state, marker, 8));
    assert_false(file_holds(*state, sample.content, sizeof sample.content));
    assert_int_equal(report_of(*state).bodies, 1); /* checked without the key */
    store = store_of(&options);
    assert_true(is_there(store, &sample));
    store_close(&store);
    sample_done(&sample);
}

static void test_a_plain_record_is_on_disk_in_clear(void **state)
{
    struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct sample sample;
    make_private(&sample, 1, 1);
    sample.record.flags = 0;
    assert_int_equal(store_put(store, &sample.record, start_ms, NULL), 0);

    store_close(&store);

    assert_true(file_holds(*state, marker, sizeof marker)); /* so the other test can see it */
    assert_true(file_holds(*state, sample.content, sizeof sample.content));
    sample_done(&sample);
}

static void test_sealed_and_plain_records_share_no_body(void **state)
{
    struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct sample sealed, plain;
    make_private(&sealed, 1, 1);
    make_private(&plain, 2, 1);
    plain.record.flags = 0;
    assert_int_equal(store_put(store, &sealed.record, start_ms, NULL), 0);
    assert_int_equal(store_put(store, &plain.record, start_ms, NULL), 0);

    store_close(&store);

    assert_int_equal(report_of(*state).bodies, 2);
    store = store_of(&options);
    assert_true(is_there(store, &sealed));
    assert_true(is_there(store, &plain));
    store_close(&store);
    sample_done(&sealed);
    sample_done(&plain);
}

static void test_sealed_records_share_bodies_among_themselves(void **state)
{
    struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct store_item *item = NULL;
    struct sample samples[3];
    for (uint64_t i = 0; i < 3; i++)
        make_private(&samples[i], i, 1);
    assert_int_equal(store_put(store, &samples[0].record, start_ms, &item), 0);
    assert_int_equal(store_put(store, &samples[1].record, start_ms, NULL), 0);
    assert_int_equal(
        store_share(store, item, samples[2].key,
                    &(const struct store_label){marker, sizeof marker, start_ms + day_ms}, start_ms,
                    NULL),
        0);
    store_item_release(&item);

    store_close(&store);

    assert_int_equal(report_of(*state).bodies, 1);
    store = store_of(&options);
    for (uint64_t i = 0; i < 3; i++) {
        assert_true(is_there(store, &samples[i]));
        sample_done(&samples[i]);
    }
    store_close(&store);
}

static bool count_visit(void *cls, const uint8_t *key, const uint8_t *content, const void *meta,
                        size_t meta_size, size_t body_size)
{
    (void)key;
    (void)content;
    (void)meta;
    (void)meta_size;
    (void)body_size;
    ++*(unsigned *)cls;
    return true;
}

static void test_another_key_finds_sealed_records_absent_and_removes_them(void **state)
{
    static const uint8_t other_key[STORE_SEAL_KEY_SIZE] = {8};
    struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct sample sealed[3], plain;
    unsigned seen = 0;
    for (uint64_t i = 0; i < 3; i++) {
        make_private(&sealed[i], i, i);
        assert_int_equal(store_put(store, &sealed[i].record, start_ms, NULL), 0);
    }
    make_private(&plain, 3, 3);
    plain.record.flags = 0;
    assert_int_equal(store_put(store, &plain.record, start_ms, NULL), 0);
    store_close(&store);

    options.seal_key = other_key;
    store = store_of(&options);
    assert_int_equal(counts_of(store).entries, 4);
    assert_false(is_there(store, &sealed[0]));
    assert_int_equal(store_sync(store), 0);
    assert_int_equal(counts_of(store).entries, 3);
    assert_int_equal(counts_of(store).damaged, 1);
    assert_int_equal(store_each(store, count_visit, &seen), 0);
    assert_int_equal(seen, 1);
    assert_true(is_there(store, &plain));
    store_close(&store);

    const struct store_report report = report_of(*state);
    assert_int_equal(report.entries, 1);
    assert_int_equal(report.bodies, 1);
    for (uint64_t i = 0; i < 3; i++)
        sample_done(&sealed[i]);
    sample_done(&plain);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sealed_records_come_back_and_are_nowhere_in_clear),
        TEST(test_a_plain_record_is_on_disk_in_clear),
        TEST(test_sealed_and_plain_records_share_no_body),
        TEST(test_sealed_records_share_bodies_among_themselves),
        TEST(test_another_key_finds_sealed_records_absent_and_removes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
