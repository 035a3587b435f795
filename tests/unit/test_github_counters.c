/* Counters: their names, their independence, many threads. */
#include "github/counters.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 4, ADDS = 20000 };

static void test_each_counter_counts_for_itself(void **state)
{
    struct github_counters counters = {0};
    (void)state;
    for (int i = 0; i < GITHUB_COUNTERS_COUNT; i++)
        for (int times = 0; times <= i; times++)
            github_counters_add(&counters, (enum github_counter)i);

    for (int i = 0; i < GITHUB_COUNTERS_COUNT; i++)
        assert_int_equal(github_counters_get(&counters, (enum github_counter)i), i + 1);
}

static void test_names_are_those_of_the_statistics_and_come_once(void **state)
{
    (void)state;
    assert_string_equal(github_counters_name(GITHUB_COUNTER_requests_total), "requests_total");
    assert_string_equal(github_counters_name(GITHUB_COUNTER_upstream_not_modified),
                        "upstream_not_modified");
    for (int i = 0; i < GITHUB_COUNTERS_COUNT; i++) {
        const char *name = github_counters_name((enum github_counter)i);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        assert_true(strlen(github_counters_help((enum github_counter)i)) > 0);
        for (int other = 0; other < i; other++)
            assert_string_not_equal(name, github_counters_name((enum github_counter)other));
    }
}

static void *add_many(void *cls)
{
    for (int i = 0; i < ADDS; i++)
        github_counters_add(cls, GITHUB_COUNTER_misses);
    return NULL;
}

static void test_no_count_is_lost_between_threads(void **state)
{
    struct github_counters counters = {0};
    pthread_t threads[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, &counters), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);

    assert_int_equal(github_counters_get(&counters, GITHUB_COUNTER_misses), THREADS * ADDS);
    assert_int_equal(github_counters_get(&counters, GITHUB_COUNTER_errors), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_counter_counts_for_itself),
        cmocka_unit_test(test_names_are_those_of_the_statistics_and_come_once),
        cmocka_unit_test(test_no_count_is_lost_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
