/* The seam of the mesh core while it is empty: it takes time in, never backwards, and wants
 * nothing. */
#include "mesh/mesh.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct mesh_event timeout = {.type = MESH_EVENT_TIMEOUT};

static int setup(void **state)
{
    struct mesh *mesh = NULL;
    const int r = mesh_new(&mesh);
    *state = mesh;
    return r;
}

static int teardown(void **state)
{
    struct mesh *mesh = *state;
    mesh_destroy(&mesh);
    return mesh != NULL;
}

static void test_a_step_moves_time_forward(void **state)
{
    struct mesh *mesh = *state;

    assert_int_equal(mesh_step(mesh, &timeout, 0), 0);
    assert_int_equal(mesh_step(mesh, &timeout, 0), 0);
    assert_int_equal(mesh_step(mesh, &timeout, INT64_MAX), 0);
}

static void test_a_clock_that_runs_backwards_is_refused(void **state)
{
    struct mesh *mesh = *state;
    assert_int_equal(mesh_step(mesh, &timeout, 1000), 0);

    assert_int_equal(mesh_step(mesh, &timeout, 999), -EINVAL);

    assert_int_equal(mesh_step(mesh, &timeout, 1000), 0); /* nothing had changed */
}

static void test_any_clock_may_begin_anywhere(void **state)
{
    struct mesh *mesh = *state;

    assert_int_equal(mesh_step(mesh, &timeout, INT64_MIN), 0);
    assert_int_equal(mesh_step(mesh, &timeout, -1), 0);
}

static void test_a_lone_node_has_no_effects(void **state)
{
    struct mesh *mesh = *state;
    struct mesh_effect effect = {.type = MESH_EFFECT_NONE};

    assert_int_equal(mesh_step(mesh, &timeout, 1), 0);

    assert_false(mesh_next_effect(mesh, &effect));
    assert_true(mesh_deadline_ms(mesh) == INT64_MAX);
}

static void test_two_nodes_share_no_state(void **state)
{
    struct mesh *one = *state, *other = NULL;
    assert_int_equal(mesh_new(&other), 0);
    assert_int_equal(mesh_step(one, &timeout, 1000), 0);

    assert_int_equal(mesh_step(other, &timeout, 1), 0);

    mesh_destroy(&other);
    assert_null(other);
    mesh_destroy(&other);
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
