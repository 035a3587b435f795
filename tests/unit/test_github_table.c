/* The bounded map with an end for each entry. */
#include "github/table.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { CAPACITY = 4, KEY_SIZE = 16, THREADS = 4, ROUNDS = 20000, KEYS = 8 };
enum { NOW = 1000, END = 2000 };

struct key {
    uint8_t bytes[KEY_SIZE];
};

static struct key key_of(unsigned number)
{
    struct key key;
    memset(key.bytes, (int)(number * 37 + 1), sizeof key.bytes);
    return key;
}

static void put(struct github_table *table, unsigned number, int value, int64_t expires_ms)
{
    const struct key key = key_of(number);
    github_table_put(table, &key, &value, NOW, expires_ms);
}

/* The value, or -1. */
static int get(struct github_table *table, unsigned number, int64_t now_ms)
{
    const struct key key = key_of(number);
    int value = -1;
    const bool found = github_table_get(table, &key, now_ms, &value);
    return found ? value : -1;
}

static int setup(void **state)
{
    struct github_table *table = NULL;
    const int r = github_table_new(CAPACITY, KEY_SIZE, sizeof(int), &table);
    *state = table;
    return r;
}

static int teardown(void **state)
{
    struct github_table *table = *state;
    github_table_destroy(&table);
    return table != NULL;
}

static void test_a_value_is_found_until_its_end(void **state)
{
    put(*state, 1, 11, END);

    assert_int_equal(get(*state, 1, NOW), 11);
    assert_int_equal(get(*state, 1, END - 1), 11);
    assert_int_equal(get(*state, 2, NOW), -1);
}

static void test_at_its_end_an_entry_is_gone(void **state)
{
    put(*state, 1, 11, END);

    assert_int_equal(get(*state, 1, END), -1);
    assert_int_equal(github_table_count(*state), 0);
    assert_int_equal(github_table_evictions(*state), 0);
}

static void test_a_later_put_replaces_value_and_end(void **state)
{
    put(*state, 1, 11, END + 500);
    put(*state, 1, 12, END);

    assert_int_equal(get(*state, 1, END - 1), 12);
    assert_int_equal(get(*state, 1, END), -1);
}

static void test_extending_never_shortens(void **state)
{
    const struct key key = key_of(1);
    const int early = 1, late = 2;

    github_table_extend(*state, &key, &late, NOW, END);
    github_table_extend(*state, &key, &early, NOW, END - 1);

    assert_int_equal(get(*state, 1, END - 1), late);
    github_table_extend(*state, &key, &early, NOW, END + 1);
    assert_int_equal(get(*state, 1, END), early);
}

static void test_a_removed_entry_is_gone(void **state)
{
    const struct key key = key_of(1);
    put(*state, 1, 11, END);

    github_table_remove(*state, &key);
    github_table_remove(*state, &key);

    assert_int_equal(get(*state, 1, NOW), -1);
}

static void test_a_full_table_loses_what_was_used_longest_ago(void **state)
{
    for (unsigned i = 0; i < CAPACITY; i++)
        put(*state, i, (int)i, END);
    assert_int_equal(get(*state, 0, NOW), 0);

    put(*state, CAPACITY, 99, END);

    assert_int_equal(get(*state, 0, NOW), 0);
    assert_int_equal(get(*state, 1, NOW), -1);
    assert_int_equal(get(*state, CAPACITY, NOW), 99);
    assert_int_equal(github_table_count(*state), CAPACITY);
    assert_int_equal(github_table_evictions(*state), 1);
}

static void test_leaving_after_its_end_is_no_eviction(void **state)
{
    put(*state, 0, 0, NOW);
    for (unsigned i = 1; i <= CAPACITY; i++)
        put(*state, i, (int)i, END);

    assert_int_equal(github_table_count(*state), CAPACITY);
    assert_int_equal(github_table_evictions(*state), 0);
}

static void test_a_set_needs_no_values(void **state)
{
    (void)state;
    struct github_table *table = NULL;
    const struct key key = key_of(1), other = key_of(2);
    assert_int_equal(github_table_new(CAPACITY, KEY_SIZE, 0, &table), 0);

    github_table_put(table, &key, NULL, NOW, END);

    assert_true(github_table_get(table, &key, NOW, NULL));
    assert_false(github_table_get(table, &other, NOW, NULL));
    github_table_destroy(&table);
}

static void test_destroying_nothing_is_harmless(void **state)
{
    (void)state;
    struct github_table *table = NULL;

    github_table_destroy(&table);

    assert_null(table);
}

/* Values are whole: two halves that belong together. */
struct pair {
    uint64_t one, two;
};

static void *hammer(void *table)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        const struct key key = key_of(i % KEYS);
        const struct pair pair = {.one = i, .two = ~(uint64_t)i};
        struct pair found = {.one = 0, .two = ~(uint64_t)0};
        github_table_put(table, &key, &pair, NOW, END);
        github_table_get(table, &key, NOW, &found);
        if (found.two != ~found.one)
            return table;
        if (i % 5 == 0)
            github_table_remove(table, &key);
    }
    return NULL;
}

static void test_threads_never_see_half_a_value(void **state)
{
    (void)state;
    struct github_table *table = NULL;
    pthread_t threads[THREADS];
    void *broken = NULL;
    assert_int_equal(github_table_new(CAPACITY, KEY_SIZE, sizeof(struct pair), &table), 0);

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, table), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &broken), 0);
        assert_null(broken);
    }

    assert_true(github_table_count(table) <= CAPACITY);
    github_table_destroy(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_value_is_found_until_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_at_its_end_an_entry_is_gone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_later_put_replaces_value_and_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_extending_never_shortens, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_removed_entry_is_gone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_table_loses_what_was_used_longest_ago, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_leaving_after_its_end_is_no_eviction, setup, teardown),
        cmocka_unit_test(test_a_set_needs_no_values),
        cmocka_unit_test(test_destroying_nothing_is_harmless),
        cmocka_unit_test(test_threads_never_see_half_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
