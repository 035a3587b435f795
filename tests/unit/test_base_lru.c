/* The fixed-size table: who leaves when it is full, and that leaving is told exactly once. */
#include "base/lru.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { CAPACITY = 4, CHURN = 10000 };

struct fixture {
    struct lru *lru;
    uint64_t left[2 * CAPACITY]; /* values that left, in order */
    size_t left_count;
};

static void on_leave(void *cls, void *value)
{
    struct fixture *fixture = cls;
    if (fixture->left_count < sizeof fixture->left / sizeof *fixture->left)
        memcpy(&fixture->left[fixture->left_count], value, sizeof(uint64_t));
    fixture->left_count++;
}

static int setup(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    const struct lru_options options = {
        .capacity = CAPACITY,
        .key_size = sizeof(uint64_t),
        .value_size = sizeof(uint64_t),
        .on_leave = on_leave,
        .cls = fixture,
    };
    *state = fixture;
    return lru_new(&options, &fixture->lru);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    lru_destroy(&fixture->lru);
    test_free(fixture);
    return 0;
}

/* Every key holds itself as its value. */
static void put(struct fixture *fixture, uint64_t key)
{
    memcpy(lru_put(fixture->lru, &key, NULL), &key, sizeof key);
}

static bool has(const struct fixture *fixture, uint64_t key)
{
    const uint64_t *value = lru_peek(fixture->lru, &key);
    return value && *value == key;
}

static void fill(struct fixture *fixture)
{
    for (uint64_t key = 1; key <= CAPACITY; key++)
        put(fixture, key);
}

static void test_an_empty_table_has_nothing(void **state)
{
    struct fixture *fixture = *state;
    const uint64_t key = 1;

    assert_int_equal(lru_count(fixture->lru), 0);
    assert_null(lru_get(fixture->lru, &key));
    assert_null(lru_peek(fixture->lru, &key));
    assert_false(lru_remove(fixture->lru, &key));
}

static void test_a_new_value_is_all_zero(void **state)
{
    struct fixture *fixture = *state;
    const uint64_t key = CAPACITY + 1;
    bool added = false;
    fill(fixture);

    const uint64_t *value = lru_put(fixture->lru, &key, &added);

    assert_true(added);
    assert_true(*value == 0);
}

static void test_a_present_key_keeps_its_value(void **state)
{
    struct fixture *fixture = *state;
    const uint64_t key = 2;
    bool added = true;
    fill(fixture);

    const uint64_t *value = lru_put(fixture->lru, &key, &added);

    assert_false(added);
    assert_true(*value == 2);
    assert_int_equal(lru_count(fixture->lru), CAPACITY);
}

static void test_a_table_at_capacity_keeps_all(void **state)
{
    struct fixture *fixture = *state;

    fill(fixture);

    for (uint64_t key = 1; key <= CAPACITY; key++)
        assert_true(has(fixture, key));
    assert_int_equal(lru_count(fixture->lru), CAPACITY);
    assert_int_equal(lru_evictions(fixture->lru), 0);
    assert_int_equal(fixture->left_count, 0);
}

static void test_one_over_capacity_drops_the_oldest(void **state)
{
    struct fixture *fixture = *state;
    fill(fixture);

    put(fixture, CAPACITY + 1);

    assert_false(has(fixture, 1));
    for (uint64_t key = 2; key <= CAPACITY + 1; key++)
        assert_true(has(fixture, key));
    assert_int_equal(lru_count(fixture->lru), CAPACITY);
    assert_int_equal(lru_evictions(fixture->lru), 1);
    assert_int_equal(fixture->left_count, 1);
    assert_int_equal(fixture->left[0], 1);
}

static void test_a_get_saves_an_entry_from_eviction(void **state)
{
    struct fixture *fixture = *state;
    const uint64_t key = 1;
    fill(fixture);

    assert_non_null(lru_get(fixture->lru, &key));
    put(fixture, CAPACITY + 1);

    assert_true(has(fixture, 1));
    assert_false(has(fixture, 2));
}

static void test_a_peek_does_not_count_as_use(void **state)
{
    struct fixture *fixture = *state;
    const uint64_t key = 1;
    fill(fixture);

    assert_non_null(lru_peek(fixture->lru, &key));
    put(fixture, CAPACITY + 1);

    assert_false(has(fixture, 1));
}

static void test_a_removed_key_leaves_room(void **state)
{
    struct fixture *fixture = *state;
    const uint64_t key = 3;
    fill(fixture);

    assert_true(lru_remove(fixture->lru, &key));
    assert_false(lru_remove(fixture->lru, &key));
    put(fixture, CAPACITY + 1);

    assert_false(has(fixture, 3));
    assert_true(has(fixture, 1));
    assert_int_equal(lru_count(fixture->lru), CAPACITY);
    assert_int_equal(lru_evictions(fixture->lru), 0);
    assert_int_equal(fixture->left_count, 1);
    assert_int_equal(fixture->left[0], 3);
}

static void test_keys_of_one_bucket_are_told_apart(void **state)
{
    struct fixture *fixture = *state;
    const uint64_t middle = UINT64_C(1) << 40;

    put(fixture, UINT64_C(1) << 39);
    put(fixture, middle);
    put(fixture, UINT64_C(1) << 41);
    assert_true(lru_remove(fixture->lru, &middle));

    assert_true(has(fixture, UINT64_C(1) << 39));
    assert_false(has(fixture, middle));
    assert_true(has(fixture, UINT64_C(1) << 41));
}

static bool is_even(void *cls, const void *key, void *value)
{
    uint64_t *order = cls, number;
    (void)value;
    memcpy(&number, key, sizeof number);
    *order = *order * 10 + number;
    return number % 2 == 0;
}

static void test_a_sweep_visits_all_and_removes_the_chosen(void **state)
{
    struct fixture *fixture = *state;
    uint64_t order = 0;
    fill(fixture);

    lru_sweep(fixture->lru, is_even, &order);

    assert_int_equal(order, 4321); /* most recently used first */
    assert_int_equal(lru_count(fixture->lru), 2);
    assert_true(has(fixture, 1));
    assert_true(has(fixture, 3));
    assert_int_equal(fixture->left_count, 2);
    assert_int_equal(lru_evictions(fixture->lru), 0);
}

static void test_every_entry_leaves_when_the_table_goes(void **state)
{
    struct fixture *fixture = *state;
    fill(fixture);

    lru_destroy(&fixture->lru);

    assert_null(fixture->lru);
    assert_int_equal(fixture->left_count, CAPACITY);
}

static void test_long_churn_keeps_the_latest(void **state)
{
    struct fixture *fixture = *state;

    for (uint64_t key = 1; key <= CHURN; key++)
        put(fixture, key * UINT64_C(0x9e3779b97f4a7c15));

    for (uint64_t key = CHURN - CAPACITY + 1; key <= CHURN; key++)
        assert_true(has(fixture, key * UINT64_C(0x9e3779b97f4a7c15)));
    assert_int_equal(lru_count(fixture->lru), CAPACITY);
    assert_int_equal(lru_evictions(fixture->lru), CHURN - CAPACITY);
    assert_int_equal(fixture->left_count, CHURN - CAPACITY);
}

static void test_a_table_of_one_entry_works(void **state)
{
    (void)state;
    const struct lru_options options = {.capacity = 1, .key_size = 9, .value_size = 0};
    struct lru *lru = NULL;
    bool added = false;
    assert_int_equal(lru_new(&options, &lru), 0);

    assert_non_null(lru_put(lru, "12345678a", &added));
    assert_true(added);
    assert_non_null(lru_put(lru, "12345678b", &added));
    assert_true(added);

    assert_null(lru_peek(lru, "12345678a"));
    assert_non_null(lru_peek(lru, "12345678b"));
    assert_int_equal(lru_evictions(lru), 1);
    lru_destroy(&lru);
}

static void test_destroying_nothing_is_fine(void **state)
{
    (void)state;
    struct lru *lru = NULL;

    lru_destroy(&lru);

    assert_null(lru);
}

#define TABLE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TABLE_TEST(test_an_empty_table_has_nothing),
        TABLE_TEST(test_a_new_value_is_all_zero),
        TABLE_TEST(test_a_present_key_keeps_its_value),
        TABLE_TEST(test_a_table_at_capacity_keeps_all),
        TABLE_TEST(test_one_over_capacity_drops_the_oldest),
        TABLE_TEST(test_a_get_saves_an_entry_from_eviction),
        TABLE_TEST(test_a_peek_does_not_count_as_use),
        TABLE_TEST(test_a_removed_key_leaves_room),
        TABLE_TEST(test_keys_of_one_bucket_are_told_apart),
        TABLE_TEST(test_a_sweep_visits_all_and_removes_the_chosen),
        TABLE_TEST(test_every_entry_leaves_when_the_table_goes),
        TABLE_TEST(test_long_churn_keeps_the_latest),
        cmocka_unit_test(test_a_table_of_one_entry_works),
        cmocka_unit_test(test_destroying_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
