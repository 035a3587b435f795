/* "Not found", per token, for seconds. */
#include "github/negative.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SCALE = 10 };

#define NOW INT64_C(1700000000000)
#define TTL_MS (GITHUB_NEGATIVE_S * INT64_C(1000))

static const uint8_t alice[GITHUB_TOKEN_ID_SIZE] = "alice", bob[GITHUB_TOKEN_ID_SIZE] = "bob";
static const uint8_t key[GITHUB_KEY_SIZE] = "key", other_key[GITHUB_KEY_SIZE] = "other";

static struct github_negative *make(uint32_t time_scale)
{
    struct github_negative *negative = NULL;
    assert_int_equal(github_negative_new(time_scale, &negative), 0);
    return negative;
}

static int setup(void **state)
{
    *state = make(1);
    return 0;
}

static int teardown(void **state)
{
    struct github_negative *negative = *state;
    github_negative_destroy(&negative);
    return negative != NULL;
}

static bool knows(struct github_negative *negative, const uint8_t *token_id, const uint8_t *asked,
                  int64_t now_ms)
{
    char body[GITHUB_NEGATIVE_BODY_MAX];
    size_t size = 0;
    return github_negative_get(negative, token_id, asked, now_ms, body, &size);
}

static void test_a_404_comes_back_as_github_said_it(void **state)
{
    char body[GITHUB_NEGATIVE_BODY_MAX];
    size_t size = 0;

    github_negative_put(*state, alice, key, "{\"message\":\"Not Found\"}", 23, NOW);

    assert_true(github_negative_get(*state, alice, key, NOW, body, &size));
    assert_int_equal(size, 23);
    assert_memory_equal(body, "{\"message\":\"Not Found\"}", 23);
}

static void test_it_is_about_one_token_and_one_key(void **state)
{
    github_negative_put(*state, alice, key, "x", 1, NOW);

    assert_false(knows(*state, bob, key, NOW));
    assert_false(knows(*state, alice, other_key, NOW));
}

static void test_it_lasts_five_seconds(void **state)
{
    github_negative_put(*state, alice, key, "x", 1, NOW);

    assert_true(knows(*state, alice, key, NOW + TTL_MS - 1));
    assert_false(knows(*state, alice, key, NOW + TTL_MS));
}

static void test_its_life_is_scaled(void **state)
{
    (void)state;
    struct github_negative *negative = make(SCALE);
    github_negative_put(negative, alice, key, "x", 1, NOW);

    assert_true(knows(negative, alice, key, NOW + TTL_MS / SCALE - 1));
    assert_false(knows(negative, alice, key, NOW + TTL_MS / SCALE));
    github_negative_destroy(&negative);
}

static void test_a_write_forgets_them_all(void **state)
{
    github_negative_put(*state, alice, key, "x", 1, NOW);
    github_negative_put(*state, bob, other_key, "x", 1, NOW);

    github_negative_clear(*state);
    assert_false(knows(*state, alice, key, NOW));
    assert_false(knows(*state, bob, other_key, NOW));

    github_negative_put(*state, alice, key, "y", 1, NOW);
    assert_true(knows(*state, alice, key, NOW));
}

static void test_the_largest_body_fits_and_no_larger(void **state)
{
    static char body[GITHUB_NEGATIVE_BODY_MAX + 1];
    char found[GITHUB_NEGATIVE_BODY_MAX];
    size_t size = 0;
    memset(body, 'x', sizeof body);

    github_negative_put(*state, alice, key, body, GITHUB_NEGATIVE_BODY_MAX, NOW);
    github_negative_put(*state, alice, other_key, body, GITHUB_NEGATIVE_BODY_MAX + 1, NOW);

    assert_true(github_negative_get(*state, alice, key, NOW, found, &size));
    assert_int_equal(size, GITHUB_NEGATIVE_BODY_MAX);
    assert_memory_equal(found, body, size);
    assert_false(knows(*state, alice, other_key, NOW));
}

static void test_an_empty_body_is_a_body(void **state)
{
    char found[GITHUB_NEGATIVE_BODY_MAX];
    size_t size = 7;

    github_negative_put(*state, alice, key, NULL, 0, NOW);

    assert_true(github_negative_get(*state, alice, key, NOW, found, &size));
    assert_int_equal(size, 0);
}

static void test_the_oldest_leaves_when_all_places_are_taken(void **state)
{
    for (uint32_t i = 0; i <= GITHUB_NEGATIVES_MAX; i++) {
        uint8_t numbered[GITHUB_KEY_SIZE] = {0};
        memcpy(numbered, &i, sizeof i);
        github_negative_put(*state, alice, numbered, "x", 1, NOW);
    }
    static const uint8_t first[GITHUB_KEY_SIZE] = {0}, second[GITHUB_KEY_SIZE] = {1};

    assert_false(knows(*state, alice, first, NOW));
    assert_true(knows(*state, alice, second, NOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_404_comes_back_as_github_said_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_is_about_one_token_and_one_key, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_lasts_five_seconds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_its_life_is_scaled, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_write_forgets_them_all, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_largest_body_fits_and_no_larger, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_empty_body_is_a_body, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_oldest_leaves_when_all_places_are_taken, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
