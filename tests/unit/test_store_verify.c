/* The verification finds each kind of damage that a sound file can hold, and a running store mends
 * it. The damage is done through LMDB itself, so the file's structure is right. */
#include "test_store_fixture.h"

#include <lmdb.h>

#include "store/image.h"
#include "store/record.h"

enum { RECORDS = 20, BODY_SIZE = 6000 };

struct surgery {
    MDB_env *env;
    MDB_txn *txn;
};

static struct surgery surgery_begin(const struct scratch *scratch)
{
    struct surgery self;
    assert_int_equal(mdb_env_create(&self.env), 0);
    assert_int_equal(mdb_env_set_maxdbs(self.env, STORE_TABLES), 0);
    assert_int_equal(mdb_env_open(self.env, scratch->dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(self.env, NULL, 0, &self.txn), 0);
    return self;
}

static void surgery_end(struct surgery *self)
{
    assert_int_equal(mdb_txn_commit(self->txn), 0);
    mdb_env_close(self->env);
}

/* Removes the first row of a table, or with bytes, puts them in place of its value's first. */
static void damage_first(const struct scratch *scratch, enum store_table_id id, const char *bytes)
{
    struct surgery surgery = surgery_begin(scratch);
    MDB_dbi table;
    MDB_cursor *cursor;
    MDB_val key, value;
    uint8_t copy[STORE_RECORD_ENTRY_MAX];
    assert_int_equal(mdb_dbi_open(surgery.txn, store_image_table_name(id), 0, &table), 0);
    assert_int_equal(mdb_cursor_open(surgery.txn, table, &cursor), 0);
    assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_FIRST), 0);
    if (bytes) {
        memcpy(copy, value.mv_data, value.mv_size);
        memcpy(copy, bytes, strlen(bytes));
        value.mv_data = copy;
        assert_int_equal(mdb_cursor_put(cursor, &key, &value, MDB_CURRENT), 0);
    } else {
        assert_int_equal(mdb_cursor_del(cursor, 0), 0);
    }
    mdb_cursor_close(cursor);
    surgery_end(&surgery);
}

/* Pairs of records share a body. */
static void fill(const struct scratch *scratch)
{
    const struct store_options options = options_of(scratch);
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < RECORDS; i++)
        sample_put(store, i, i / 2, BODY_SIZE, start_ms + (int64_t)i);
    store_close(&store);
    assert_int_equal(report_of(scratch).entries, RECORDS);
    assert_int_equal(report_of(scratch).bodies, RECORDS / 2);
}

/* However the store was damaged: right bytes or none; after everything was put again all of it is
 * there; and after everything was removed or evicted nothing is left in any table. */
static void mend(const struct scratch *scratch)
{
    struct store_options options = options_of(scratch);
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    assert_int_equal(counts_of(store).quarantines, 0);
    for (uint64_t i = 0; i < RECORDS; i++)
        sample_is_there(store, i, i / 2, BODY_SIZE, start_ms + RECORDS);
    assert_int_equal(store_sync(store), 0);
    for (unsigned round = 0; round < 2; round++)
        for (uint64_t i = 0; i < RECORDS; i++)
            sample_put(store, i, i / 2, BODY_SIZE, start_ms + RECORDS);
    assert_int_equal(store_sync(store), 0);
    for (uint64_t i = 0; i < RECORDS; i++)
        sample_is_there(store, i, i / 2, BODY_SIZE, start_ms + RECORDS);
    assert_int_equal(store_sync(store), 0);
    for (uint64_t i = 0; i < RECORDS; i++)
        sample_put(store, i, i / 2, BODY_SIZE, start_ms + RECORDS);
    assert_int_equal(store_sync(store), 0);
    for (uint64_t i = 0; i < RECORDS; i++)
        assert_true(sample_is_there(store, i, i / 2, BODY_SIZE, start_ms + RECORDS));
    store_close(&store);

    options.entries_max = 1; /* everything goes through eviction, by way of the orders */
    store = store_of(&options);
    sample_put(store, RECORDS, RECORDS, 10, start_ms + day_ms / 2);
    assert_int_equal(store_sync(store), 0);
    assert_int_equal(counts_of(store).entries, 1);
    assert_true(sample_is_there(store, RECORDS, RECORDS, 10, start_ms));
    store_close(&store);
}

static void expect_problem(const struct scratch *scratch, const char *text)
{
    struct store_report report;
    assert_int_equal(store_verify(scratch->dir, &report), 0);
    assert_true(report.damaged > 0);
    assert_int_equal(strncmp(report.first_problem, text, strlen(text)), 0);
    mend(scratch);
}

static void test_a_damaged_entry_is_found_and_mended(void **state)
{
    fill(*state);
    damage_first(*state, STORE_TABLE_ENTRIES, "Ex");
    expect_problem(*state, "damaged entry");
}

static void test_a_missing_entry_is_found_and_mended(void **state)
{
    fill(*state);
    damage_first(*state, STORE_TABLE_ENTRIES, NULL);
    expect_problem(*state, "wrong count of a body");
}

static void test_a_damaged_body_is_found_and_mended(void **state)
{
    fill(*state);
    damage_first(*state, STORE_TABLE_BODIES, "Bx");
    expect_problem(*state, "damaged body");
}

static void test_sharing_a_damaged_body_mends_it_for_all(void **state)
{
    struct store_options options = options_of(*state);
    fill(*state);
    damage_first(*state, STORE_TABLE_BODIES, "Bx");
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);

    for (uint64_t i = 0; i < RECORDS; i += 2)
        sample_put(store, RECORDS + i, i / 2, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), 0);

    for (uint64_t i = 0; i < RECORDS; i++)
        assert_true(sample_is_there(store, i, i / 2, BODY_SIZE, start_ms));
    assert_int_equal(counts_of(store).damaged, 0);
    store_close(&store);
    report_of(*state);
}

static void test_a_missing_piece_is_found_and_mended(void **state)
{
    fill(*state);
    damage_first(*state, STORE_TABLE_BODIES, NULL);
    expect_problem(*state, "missing body");
}

static void test_a_damaged_count_is_found_and_mended(void **state)
{
    fill(*state);
    damage_first(*state, STORE_TABLE_REFS, "xxxx");
    expect_problem(*state, "damaged count of a body");
}

static void test_a_missing_count_is_found_and_mended(void **state)
{
    fill(*state);
    damage_first(*state, STORE_TABLE_REFS, NULL);
    expect_problem(*state, "uncounted body");
}

static void test_a_missing_expiry_is_found_and_mended(void **state)
{
    fill(*state);
    damage_first(*state, STORE_TABLE_EXPIRY, NULL);
    expect_problem(*state, "entry missing in the order of expiry");
}

static void test_a_missing_use_is_found_and_mended(void **state)
{
    fill(*state);
    damage_first(*state, STORE_TABLE_USE, NULL);
    expect_problem(*state, "entry missing in the order of use");
}

static void test_rows_of_nobody_in_the_orders_are_found_and_mended(void **state)
{
    static const enum store_table_id orders[] = {STORE_TABLE_EXPIRY, STORE_TABLE_USE};
    for (size_t i = 0; i < 2; i++) {
        const struct scratch *scratch = *state;
        uint8_t order[STORE_RECORD_ORDER_SIZE] = {0};
        MDB_val key = {.mv_data = order, .mv_size = sizeof order}, value = {.mv_data = order};
        MDB_dbi table;
        fill(scratch);
        struct surgery surgery = surgery_begin(scratch);
        assert_int_equal(mdb_dbi_open(surgery.txn, store_image_table_name(orders[i]), 0, &table),
                         0);
        assert_int_equal(mdb_put(surgery.txn, table, &key, &value, 0), 0);
        surgery_end(&surgery);
        expect_problem(scratch, "an order with another number of records");
        scratch_empty(scratch->dir);
    }
}

static void test_an_unused_store_is_in_order(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    store_close(&store);

    assert_int_equal(report_of(*state).entries, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_damaged_entry_is_found_and_mended),
        TEST(test_a_missing_entry_is_found_and_mended),
        TEST(test_a_damaged_body_is_found_and_mended),
        TEST(test_sharing_a_damaged_body_mends_it_for_all),
        TEST(test_a_missing_piece_is_found_and_mended),
        TEST(test_a_damaged_count_is_found_and_mended),
        TEST(test_a_missing_count_is_found_and_mended),
        TEST(test_a_missing_expiry_is_found_and_mended),
        TEST(test_a_missing_use_is_found_and_mended),
        TEST(test_rows_of_nobody_in_the_orders_are_found_and_mended),
        TEST(test_an_unused_store_is_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
