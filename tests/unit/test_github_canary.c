/* The canary: how many misses it takes, and how it comes back. */
#include "github/canary.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { THREADS = 4, NOTES = 5000 };

static int setup(void **state)
{
    struct github_canary *canary = NULL;
    const int r = github_canary_new(&canary);
    *state = canary;
    return r;
}

static int teardown(void **state)
{
    struct github_canary *canary = *state;
    github_canary_destroy(&canary);
    return canary != NULL;
}

/* 'm' for a miss, 'h' for a hit, in order. */
static void note_all(struct github_canary *canary, const char *notes)
{
    for (; *notes; notes++)
        github_canary_note(canary, *notes == 'h');
}

static void test_a_new_canary_holds_without_proof(void **state)
{
    assert_true(github_canary_holds(*state));
    assert_int_equal(github_canary_misses(*state), 0);
}

static void test_two_misses_in_five_are_borne(void **state)
{
    note_all(*state, "mhmhh");

    assert_true(github_canary_holds(*state));
    assert_int_equal(github_canary_misses(*state), 2);
}

static void test_the_third_miss_in_five_trips(void **state)
{
    note_all(*state, "mhmh");
    assert_true(github_canary_holds(*state));

    note_all(*state, "m");

    assert_false(github_canary_holds(*state));
}

static void test_misses_at_the_very_start_trip(void **state)
{
    note_all(*state, "mmm");

    assert_false(github_canary_holds(*state));
}

static void test_hits_that_outnumber_the_misses_restore_it(void **state)
{
    note_all(*state, "mmmmm");
    note_all(*state, "hh");
    assert_false(github_canary_holds(*state));

    note_all(*state, "h");

    assert_true(github_canary_holds(*state));
    assert_int_equal(github_canary_misses(*state), 5);
}

static void test_old_misses_leave_the_window(void **state)
{
    note_all(*state, "mmhhhhh");
    note_all(*state, "mm");

    assert_true(github_canary_holds(*state));
}

static void *note_misses(void *canary)
{
    for (int i = 0; i < NOTES; i++)
        github_canary_note(canary, false);
    return NULL;
}

static void test_no_miss_is_lost_between_threads(void **state)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, note_misses, *state), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);

    assert_int_equal(github_canary_misses(*state), THREADS * NOTES);
    assert_false(github_canary_holds(*state));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_new_canary_holds_without_proof, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_misses_in_five_are_borne, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_third_miss_in_five_trips, setup, teardown),
        cmocka_unit_test_setup_teardown(test_misses_at_the_very_start_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hits_that_outnumber_the_misses_restore_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_old_misses_leave_the_window, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_miss_is_lost_between_threads, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
