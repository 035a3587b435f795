/* Damaged data files: whatever is in the file, a store opens, gives right bytes or none, can be
 * written, and is sound after it. */
#include "test_store_fixture.h"

#include <lmdb.h>

#include "store/image.h"

enum {
    RECORDS = 150,
    PAGE = 4096,
    PAGE_HEADER = 16,
    FLIPS = 400, /* STORE_TEST_FLIPS in the environment sets another number */
    MUTATIONS = 20000,
};

/* Of sizes that put records on leaf pages, on overflow pages, and in several pieces. */
static size_t size_of(uint64_t i)
{
    static const size_t sizes[] = {100, 700, 1900, 3500, 9000};
    return sizes[i % (sizeof sizes / sizeof sizes[0])];
}

/* A data file with a past: records replaced, shared and removed, so that there are free pages. */
static uint8_t *make_file(struct scratch *scratch, size_t *ret_size)
{
    const struct store_options options = options_of(scratch);
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < 2 * (uint64_t)RECORDS; i++) {
        sample_put(store, i, i, size_of(i), start_ms);
        if (i % 40 == 0)
            assert_int_equal(store_sync(store), 0);
    }
    for (uint64_t i = RECORDS; i < 2 * (uint64_t)RECORDS; i++)
        sample_remove(store, i);
    store_close(&store);
    assert_int_equal(report_of(scratch).entries, RECORDS);
    return file_read(scratch->file, ret_size);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Opens the store over a damaged file, and demands what must hold. Returns the records found. */
static unsigned survive(const struct scratch *scratch)
{
    struct store_options options = options_of(scratch);
    struct store_report report = {0};
    unsigned found = 0;
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < RECORDS; i++)
        found += sample_is_there(store, i, i, size_of(i), start_ms);
    for (uint64_t i = 0; i < 20; i++)
        sample_put(store, RECORDS + i, RECORDS + i, size_of(i), start_ms);
    for (uint64_t i = 0; i < RECORDS; i += 3)
        sample_remove(store, i);
    assert_int_equal(store_sync(store), 0);
    for (uint64_t i = 0; i < 20; i++)
        assert_true(sample_is_there(store, RECORDS + i, RECORDS + i, size_of(i), start_ms));
    store_close(&store);
    assert_int_equal(store_verify(scratch->dir, &report), 0);
    return found;
}

static void start_with(const struct scratch *scratch, const void *data, size_t size)
{
    scratch_empty(scratch->dir);
    assert_int_equal(mkdir(scratch->dir, 0700), 0);
    file_write(scratch->file, data, size);
}

static unsigned flips_wanted(void)
{
    uint64_t number;
    const char *text = getenv("STORE_TEST_FLIPS");
    return text && slice_to_u64(slice_of(text), UINT32_MAX, &number) ? (unsigned)number : FLIPS;
}

static void test_flipped_bits_never_give_wrong_bytes(void **state)
{
    size_t size;
    uint64_t random = 42, found = 0;
    uint8_t *data = make_file(*state, &size);
    const unsigned flips = flips_wanted();

    for (unsigned i = 0; i < flips; i++) {
        /* Every other flip goes to where a page keeps its structure. */
        uint64_t at = number_next(&random) % size;
        if (i % 2)
            at = at / PAGE * PAGE + number_next(&random) % (i % 4 == 1 ? PAGE_HEADER : 160);
        const uint8_t bit = (uint8_t)(1U << number_next(&random) % 8);
        data[at] ^= bit;
        start_with(*state, data, size);
        found += survive(*state);
        data[at] ^= bit;
    }

    assert_in_range(found, flips * (uint64_t)RECORDS / 4, flips * (uint64_t)RECORDS);
    free(data);
}

static void test_overwritten_pages_never_give_wrong_bytes(void **state)
{
    size_t size;
    uint64_t random = 43;
    uint8_t *data = make_file(*state, &size), *copy = malloc(size);

    for (unsigned i = 0; i < 60; i++) {
        uint8_t *page = copy + number_next(&random) % (size / PAGE) * PAGE;
        memcpy(copy, data, size);
        if (i % 3 == 0)
            memset(page, 0, PAGE);
        else if (i % 3 == 1)
            bytes_fill(i, page, PAGE);
        else /* an old or misplaced page, sound in itself */
            memmove(page, copy + number_next(&random) % (size / PAGE) * PAGE, PAGE);
        start_with(*state, copy, size);
        survive(*state);
    }

    free(copy);
    free(data);
}

static void expect_quarantine(const struct scratch *scratch, const void *data, size_t size)
{
    char aside[sizeof scratch->file + 8];
    struct store_report report;
    const struct store_options options = options_of(scratch);
    start_with(scratch, data, size);
    assert_int_equal(store_verify(scratch->dir, &report), -EUCLEAN);

    struct store *store = store_of(&options);

    assert_int_equal(counts_of(store).quarantines, 1);
    assert_int_equal(counts_of(store).entries, 0);
    snprintf(aside, sizeof aside, "%s.bad-1", scratch->file);
    assert_true(exists(aside));
    sample_put(store, 1, 1, 100, start_ms);
    assert_int_equal(store_sync(store), 0);
    store_close(&store);
    assert_int_equal(report_of(scratch).entries, 1);
}

static void test_a_truncated_file_is_set_aside(void **state)
{
    size_t size;
    uint8_t *data = make_file(*state, &size);

    expect_quarantine(*state, data, size / 2);
    expect_quarantine(*state, data, 5 * PAGE + 7);
    expect_quarantine(*state, data, 2 * PAGE);
    expect_quarantine(*state, data, PAGE);
    expect_quarantine(*state, data, 100);
    expect_quarantine(*state, data, 1);

    free(data);
}

static void test_an_empty_a_zero_and_a_random_file_are_set_aside(void **state)
{
    enum { SIZE = 64 * PAGE };
    uint8_t *data = calloc(1, SIZE);

    expect_quarantine(*state, data, 0);
    expect_quarantine(*state, data, SIZE);
    bytes_fill(1, data, SIZE);
    expect_quarantine(*state, data, SIZE);

    free(data);
}

/* LMDB files that somebody else made: other tables, other flags. */
static void test_a_foreign_file_is_set_aside(void **state)
{
    static const char *const names[] = {NULL, "entries", "foreign"};
    const struct scratch *scratch = *state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size;
        MDB_env *env;
        MDB_txn *txn;
        MDB_dbi table;
        MDB_val key = {.mv_data = (void *)(uintptr_t) "k", .mv_size = 1}, value = key;
        scratch_empty(scratch->dir);
        assert_int_equal(mkdir(scratch->dir, 0700), 0);
        assert_int_equal(mdb_env_create(&env), 0);
        assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
        assert_int_equal(mdb_env_open(env, scratch->dir, 0, 0600), 0);
        assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
        assert_int_equal(mdb_dbi_open(txn, names[i], names[i] ? MDB_CREATE : 0, &table), 0);
        assert_int_equal(mdb_put(txn, table, &key, &value, 0), 0);
        assert_int_equal(mdb_txn_commit(txn), 0);
        mdb_env_close(env);
        uint8_t *data = file_read(scratch->file, &size);
        expect_quarantine(scratch, data, size);
        free(data);
    }
}

static void test_another_schema_is_set_aside(void **state)
{
    size_t size, at = 0;
    uint8_t *data = make_file(*state, &size), *found;
    const char *schema = store_image_schema();
    while ((found = memmem(data + at, size - at, schema, strlen(schema)))) {
        found[strlen(schema) - 1]++; /* the next version */
        at = (size_t)(found - data) + 1;
    }
    assert_true(at > 0);

    expect_quarantine(*state, data, size);

    free(data);
}

static void test_only_the_newest_set_aside_files_are_kept(void **state)
{
    const struct scratch *scratch = *state;
    const struct store_options options = options_of(scratch);
    char aside[sizeof scratch->file + 8];
    for (unsigned i = 1; i <= 5; i++) {
        struct store *store;
        if (i == 1)
            assert_int_equal(mkdir(scratch->dir, 0700), 0);
        file_write(scratch->file, "damaged", i);
        store = store_of(&options);
        store_close(&store);
    }

    for (unsigned i = 1; i <= 5; i++) {
        snprintf(aside, sizeof aside, "%s.bad-%u", scratch->file, i);
        assert_int_equal(exists(aside), i > 5 - STORE_QUARANTINES_MAX);
    }
}

static void test_a_stale_or_damaged_lock_file_does_no_harm(void **state)
{
    const struct scratch *scratch = *state;
    const struct store_options options = options_of(scratch);
    char lock[sizeof scratch->dir + 16];
    uint8_t noise[8192];
    struct store *store = store_of(&options);
    sample_put(store, 1, 1, 100, start_ms);
    store_close(&store);
    snprintf(lock, sizeof lock, "%s/lock.mdb", scratch->dir);
    for (unsigned i = 0; i < 3; i++) {
        bytes_fill(i, noise, sizeof noise);
        file_write(lock, noise, i == 2 ? 0 : sizeof noise);

        store = store_of(&options);
        assert_true(sample_is_there(store, 1, 1, 100, start_ms));
        sample_put(store, 1, 1, 100, start_ms);
        assert_int_equal(store_sync(store), 0);
        store_close(&store);
    }
}

static uint64_t number_at(const uint8_t *data, size_t at)
{
    uint64_t number;
    memcpy(&number, data + at, sizeof number);
    return number;
}

/* A list of free pages that names a page in use: LMDB would write over it, checksums or not. */
static void test_a_free_page_that_is_in_use_is_found(void **state)
{
    enum {
        META = PAGE_HEADER, /* LMDB's MDB_meta on its page, and offsets in it */
        FREE_ROOT = META + 24 + 40,
        MAIN_ROOT = META + 24 + 48 + 40,
        TXN = META + 24 + 2 * 48 + 8,
        NODE_HEADER = 8,
    };
    size_t size;
    const char *problem = NULL;
    uint8_t *data = make_file(*state, &size);
    const size_t meta = number_at(data, TXN) > number_at(data, PAGE + TXN) ? 0 : PAGE;
    const size_t page = (size_t)number_at(data, meta + FREE_ROOT) * PAGE;
    uint16_t node, low;
    memcpy(&node, data + page + PAGE_HEADER, sizeof node);
    memcpy(&low, data + page + node, sizeof low);
    const size_t list = page + node + NODE_HEADER + sizeof(uint64_t); /* behind the key */
    assert_int_equal(data[page + 10], 2); /* the tree of free pages is one leaf */
    assert_true(number_at(data, list) > 0 && low > 8);
    assert_int_equal(store_image_check(data, size, &problem), 0);

    memcpy(data + list + 8, data + meta + MAIN_ROOT, sizeof(uint64_t));

    assert_int_equal(store_image_check(data, size, &problem), -EUCLEAN);
    assert_string_equal(problem, "page used twice");
    expect_quarantine(*state, data, size);
    free(data);
}

/* The checker itself, in this process: no input may make it read out of bounds or run on. */
static void test_the_check_survives_any_mutation(void **state)
{
    size_t size;
    uint64_t random = 44;
    unsigned sound = 0;
    const char *problem = NULL;
    uint8_t *data = make_file(*state, &size), *copy = malloc(size);
    assert_int_equal(store_image_check(data, size, &problem), 0);

    for (unsigned i = 0; i < MUTATIONS / 20; i++) {
        memcpy(copy, data, size);
        for (unsigned j = 0; j < 20; j++) {
            const uint64_t page = number_next(&random) % (size / PAGE);
            copy[page * PAGE + number_next(&random) % 200] ^=
                (uint8_t)(1U << number_next(&random) % 8);
            problem = NULL;
            const int r = store_image_check(copy, size - (j == 19 ? page : 0), &problem);
            assert_true(r == 0 || (r == -EUCLEAN && problem));
            sound += r == 0;
        }
    }

    assert_in_range(sound, 1, MUTATIONS / 4 * 3); /* most of it is values and free pages */
    free(copy);
    free(data);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_flipped_bits_never_give_wrong_bytes),
        TEST(test_overwritten_pages_never_give_wrong_bytes),
        TEST(test_a_truncated_file_is_set_aside),
        TEST(test_an_empty_a_zero_and_a_random_file_are_set_aside),
        TEST(test_a_foreign_file_is_set_aside),
        TEST(test_another_schema_is_set_aside),
        TEST(test_only_the_newest_set_aside_files_are_kept),
        TEST(test_a_stale_or_damaged_lock_file_does_no_harm),
        TEST(test_a_free_page_that_is_in_use_is_found),
        TEST(test_the_check_survives_any_mutation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
