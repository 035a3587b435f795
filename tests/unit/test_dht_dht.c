/* The seam of the dht core while it is empty: it takes time in, never backwards, and wants nothing.
 */
#include "dht/dht.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct dht_event timeout = {.type = DHT_EVENT_TIMEOUT};

static int setup(void **state)
{
    struct dht *dht = NULL;
    const int r = dht_new(&dht);
    *state = dht;
    return r;
}

static int teardown(void **state)
{
    struct dht *dht = *state;
    dht_destroy(&dht);
    return dht != NULL;
}

static void test_a_step_moves_time_forward(void **state)
{
    struct dht *dht = *state;

    assert_int_equal(dht_step(dht, &timeout, 0), 0);
    assert_int_equal(dht_step(dht, &timeout, 0), 0);
    assert_int_equal(dht_step(dht, &timeout, INT64_MAX), 0);
}

static void test_a_clock_that_runs_backwards_is_refused(void **state)
{
    struct dht *dht = *state;
    assert_int_equal(dht_step(dht, &timeout, 1000), 0);

    assert_int_equal(dht_step(dht, &timeout, 999), -EINVAL);

    assert_int_equal(dht_step(dht, &timeout, 1000), 0); /* nothing had changed */
}

static void test_any_clock_may_begin_anywhere(void **state)
{
    struct dht *dht = *state;

    assert_int_equal(dht_step(dht, &timeout, INT64_MIN), 0);
    assert_int_equal(dht_step(dht, &timeout, -1), 0);
}

static void test_a_lone_node_has_no_effects(void **state)
{
    struct dht *dht = *state;
    struct dht_effect effect = {.type = DHT_EFFECT_NONE};

    assert_int_equal(dht_step(dht, &timeout, 1), 0);

    assert_false(dht_next_effect(dht, &effect));
    assert_true(dht_deadline_ms(dht) == INT64_MAX);
}

static void test_two_nodes_share_no_state(void **state)
{
    struct dht *one = *state, *other = NULL;
    assert_int_equal(dht_new(&other), 0);
    assert_int_equal(dht_step(one, &timeout, 1000), 0);

    assert_int_equal(dht_step(other, &timeout, 1), 0);

    dht_destroy(&other);
    assert_null(other);
    dht_destroy(&other);
}

#define CORE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CORE_TEST(test_a_step_moves_time_forward),
        CORE_TEST(test_a_clock_that_runs_backwards_is_refused),
        CORE_TEST(test_any_clock_may_begin_anywhere),
        CORE_TEST(test_a_lone_node_has_no_effects),
        CORE_TEST(test_two_nodes_share_no_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
