/* The accounting of exchanges, and the words for their failures. */
#include "github/upstream.h"

#include "github_asked.h"

static void count(struct world *world, const char *token, int status)
{
    struct asked asked;
    struct github_headers headers;
    github_headers_init(&headers);
    asked_get(&asked, world, token, "/user");
    github_upstream_count(world->github, &asked.question, status, &headers);
    asked_done(&asked);
    github_headers_done(&headers);
}

static void test_a_304_is_free_for_those_with_a_credential(void **state)
{
    struct world *world = *state;

    count(world, "alice", 304);
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_charged), 0);
    count(world, NULL, 304);

    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_charged), 1);
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_not_modified), 2);
}

static void test_every_other_answer_is_charged(void **state)
{
    static const int statuses[] = {200, 301, 404, 403, 500};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        count(world, "alice", statuses[i]);

    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_charged), 5);
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_not_modified), 0);
}

static void test_no_answer_is_a_failure_and_no_charge(void **state)
{
    struct world *world = *state;

    count(world, "alice", 0);

    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_failures), 1);
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_charged), 0);
}

static void test_each_failure_has_its_status_and_its_word(void **state)
{
    static const struct {
        int result, status;
        const char *cache_status;
    } rows[] = {
        {-ETIMEDOUT, 504, "runmesh; fwd=uri-miss; detail=timeout"},
        {-ECONNREFUSED, 502, "runmesh; fwd=uri-miss; detail=unreachable"},
        {-EPROTO, 502, "runmesh; fwd=uri-miss; detail=bad-answer"},
        {-EMSGSIZE, 502, "runmesh; fwd=uri-miss; detail=bad-answer"},
        {-ECANCELED, 503, "runmesh; fwd=uri-miss; detail=shutdown"},
        {-ENOMEM, 503, "runmesh; fwd=uri-miss; detail=memory"},
    };
    struct world *world = *state;
    const struct github_trace trace = {.reason = GITHUB_REASON_MISS};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct github_answer answer;
        github_upstream_fail(world->github, rows[i].result, &trace, &answer);
        assert_int_equal(answer.status, rows[i].status);
        expect_slice(github_headers_find(&answer.headers, "Cache-Status"), rows[i].cache_status);
        github_answer_done(&answer);
    }
    assert_int_equal(world_count(world, GITHUB_COUNTER_errors), sizeof rows / sizeof rows[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_304_is_free_for_those_with_a_credential),
        WORLD_TEST(test_every_other_answer_is_charged),
        WORLD_TEST(test_no_answer_is_a_failure_and_no_charge),
        WORLD_TEST(test_each_failure_has_its_status_and_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
