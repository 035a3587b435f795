/* The heap of things that happen later. */
#include "tools/mock-github/delay.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { DELAYS = 64 };

static int setup(void **state)
{
    static struct mock_delay delay;
    *state = &delay;
    return mock_delay_init(&delay, DELAYS);
}

static int teardown(void **state)
{
    mock_delay_done(*state);
    return 0;
}

static void test_things_leave_in_order_of_their_time(void **state)
{
    struct mock_delay *delay = *state;
    static const int64_t due[] = {50, 10, 40, 10, 30, 20};
    static const size_t order[] = {1, 3, 5, 4, 2, 0};
    int things[6];

    for (size_t i = 0; i < 6; i++)
        assert_int_equal(mock_delay_add(delay, due[i], &things[i]), 0);

    assert_null(mock_delay_next(delay, 9));
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(mock_delay_due_ms(delay), due[order[i]]);
        assert_ptr_equal(mock_delay_next(delay, 50), &things[order[i]]);
    }
    assert_int_equal(mock_delay_due_ms(delay), INT64_MAX);
}

static void test_full_heap_refuses_one_more(void **state)
{
    struct mock_delay *delay = *state;
    int things[DELAYS + 1];
    for (size_t i = 0; i < DELAYS; i++)
        assert_int_equal(mock_delay_add(delay, (int64_t)(i * 7919 % DELAYS), &things[i]), 0);

    assert_int_equal(mock_delay_add(delay, 0, &things[DELAYS]), -EBUSY);

    for (size_t i = 0; i < DELAYS; i++)
        assert_non_null(mock_delay_next(delay, DELAYS));
    assert_null(mock_delay_next(delay, DELAYS));
}

static void test_removed_thing_never_leaves(void **state)
{
    struct mock_delay *delay = *state;
    int things[5];
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(mock_delay_add(delay, (int64_t)i, &things[i]), 0);

    mock_delay_remove(delay, &things[0]);
    mock_delay_remove(delay, &things[3]);
    mock_delay_remove(delay, &things[3]);

    assert_ptr_equal(mock_delay_next(delay, 9), &things[1]);
    assert_ptr_equal(mock_delay_next(delay, 9), &things[2]);
    assert_ptr_equal(mock_delay_next(delay, 9), &things[4]);
    assert_null(mock_delay_next(delay, 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_things_leave_in_order_of_their_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_heap_refuses_one_more, setup, teardown),
        cmocka_unit_test_setup_teardown(test_removed_thing_never_leaves, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
