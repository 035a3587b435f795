/* What a request means: key, route, who asks, what may be answered from the store. */
#include "github/question.h"

#include "github/state.h"
#include "github_asked.h"

static bool same_key(const struct world *world, const struct asker_request *a,
                     const struct asker_request *b)
{
    struct asked first, second;
    asked_init(&first, world, a);
    asked_init(&second, world, b);
    assert_int_equal(first.result, 0);
    assert_int_equal(second.result, 0);
    const bool is_same =
        memcmp(first.question.key, second.question.key, sizeof first.question.key) == 0;
    asked_done(&first);
    asked_done(&second);
    return is_same;
}

static bool is_bypassed(const struct world *world, const char *fields, int64_t body_size)
{
    struct asked asked;
    const struct asker_request request = {
        .target = "/repos/o/r/issues", .fields = fields, .body_size = body_size};
    asked_init(&asked, world, &request);
    assert_int_equal(asked.result, 0);
    const bool bypassed = asked.question.is_bypassed;
    asked_done(&asked);
    return bypassed;
}

static void test_spellings_of_one_request_have_one_key(void **state)
{
    const struct asker_request plain = {.target = "/repos/o/r/issues?a=1&b=2"};
    const struct asker_request sorted = {.target = "/repos/o/r/issues?b=2&a=1"};
    const struct asker_request enterprise = {.target = "/api/v3/repos/o/r/issues?a=1&b=2"};
    const struct asker_request json = {.target = plain.target,
                                       .fields = "Accept: application/json"};
    const struct asker_request head = {.method = "HEAD", .target = plain.target};

    assert_true(same_key(*state, &plain, &sorted));
    assert_true(same_key(*state, &plain, &enterprise));
    assert_true(same_key(*state, &plain, &json));
    assert_true(same_key(*state, &plain, &head));
}

static void test_different_requests_have_different_keys(void **state)
{
    const struct asker_request plain = {.target = "/repos/o/r/issues?q=a+b"};
    const struct asker_request others[] = {
        {.target = "/repos/o/r/issues"},
        {.target = "/repos/o/r/issues?q=a%20b"},
        {.target = "/repos/o/r/issues?q=a+b&q=a+b"},
        {.target = "/repos/O/r/issues?q=a+b"},
        {.target = plain.target, .fields = "Accept: application/vnd.github.raw+json"},
        {.target = plain.target, .fields = "X-GitHub-Api-Version: 2022-11-28"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(same_key(*state, &plain, &others[i]));
}

static void test_each_token_has_its_own_bound_key(void **state)
{
    struct asked alice, bob, nobody;
    asked_get(&alice, *state, "alice", "/user");
    asked_get(&bob, *state, "bob", "/user");
    asked_get(&nobody, *state, NULL, "/user");

    assert_memory_equal(alice.question.key, bob.question.key, GITHUB_KEY_SIZE);
    assert_memory_not_equal(alice.question.bound, bob.question.bound, GITHUB_KEY_SIZE);
    assert_memory_not_equal(alice.question.bound, alice.question.key, GITHUB_KEY_SIZE);
    assert_memory_not_equal(nobody.question.bound, nobody.question.key, GITHUB_KEY_SIZE);
    assert_true(nobody.question.is_anonymous);
    assert_false(alice.question.is_anonymous);
    asked_done(&alice);
    asked_done(&bob);
    asked_done(&nobody);
}

static void test_what_github_answers_differently_is_bypassed(void **state)
{
    assert_false(is_bypassed(*state, NULL, 0));
    assert_true(is_bypassed(*state, "Range: bytes=0-1", 0));
    assert_true(is_bypassed(*state, "Cookie: a=b", 0));
    assert_true(is_bypassed(*state, "X-GitHub-OTP: 1", 0));
    assert_true(is_bypassed(*state, "Accept: a/b\nAccept: c/d", 0));
    assert_true(is_bypassed(*state, "Accept: a/b;x=\"y\"", 0));
    assert_true(is_bypassed(*state, NULL, 1));
    assert_true(is_bypassed(*state, NULL, -1));
}

static void expect_address(const struct world *world, const char *target, bool is_bypassed_then)
{
    struct asked asked;
    const struct asker_request request = {.target = target};
    asked_init(&asked, world, &request);
    assert_int_equal(asked.question.is_bypassed, is_bypassed_then);
    asked_done(&asked);
}

static void test_a_credential_in_the_address_is_never_stored(void **state)
{
    expect_address(*state, "/user?access_token=secret", true);
    expect_address(*state, "/user?a=b&Client_Secret=secret", true);
    expect_address(*state, "/user?access%5ftoken=secret", true);
    expect_address(*state, "/user?q=access_token%3d", false);
}

/* RFC 9110, 5.3: the second one counts as much as the first. */
static void test_a_second_cache_control_is_not_overlooked(void **state)
{
    assert_true(is_bypassed(*state, "Cache-Control: max-age=60\nCache-Control: no-cache", 0));
}

static void test_methods_are_told_apart(void **state)
{
    static const struct {
        const char *method;
        bool is_get, is_unsafe;
    } rows[] = {{"GET", true, false},   {"HEAD", true, false}, {"OPTIONS", false, false},
                {"POST", false, true},  {"PUT", false, true},  {"PATCH", false, true},
                {"DELETE", false, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asked asked;
        const struct asker_request request = {.method = rows[i].method, .target = "/"};
        asked_init(&asked, *state, &request);
        assert_int_equal(asked.question.is_get, rows[i].is_get);
        assert_int_equal(asked.question.is_unsafe, rows[i].is_unsafe);
        asked_done(&asked);
    }
}

static void test_a_number_that_is_known_stands_for_its_names(void **state)
{
    const struct world *world = *state;
    struct asked by_id, by_name, unknown;
    github_alias_learn(world->github->alias, 7, slice_of("o"), slice_of("r"));

    asked_get(&by_id, world, "alice", "/repositories/7/issues?page=2");
    asked_get(&by_name, world, "alice", "/repos/O/R/issues");
    asked_get(&unknown, world, "alice", "/repositories/8/issues");

    expect_slice(by_id.question.named_path, "/repos/o/r/issues");
    assert_memory_equal(by_id.question.scope_id, by_name.question.scope_id, GITHUB_SCOPE_ID_SIZE);
    assert_memory_not_equal(by_id.question.key, by_name.question.key, GITHUB_KEY_SIZE);
    expect_slice(unknown.question.named_path, "/repositories/8/issues");
    assert_memory_not_equal(unknown.question.scope_id, by_name.question.scope_id,
                            GITHUB_SCOPE_ID_SIZE);
    asked_done(&by_id);
    asked_done(&by_name);
    asked_done(&unknown);
}

static void expect_resource(const struct world *world, const char *target, const char *resource)
{
    struct asked asked;
    asked_get(&asked, world, "alice", target);
    assert_string_equal(github_question_resource(&asked.question), resource);
    asked_done(&asked);
}

static void test_the_limit_that_counts_is_known(void **state)
{
    expect_resource(*state, "/repos/o/r", "core");
    expect_resource(*state, "/search/issues?q=x", "search");
    expect_resource(*state, "/search/code?q=x", "code_search");
    expect_resource(*state, "/api/graphql", "graphql");
}

static void test_the_target_goes_up_as_it_came(void **state)
{
    struct asked asked;
    struct buffer target;
    buffer_init(&target, GITHUB_TARGET_MAX);
    asked_get(&asked, *state, "alice", "/api/v3/repos/o/r/contents/a%2fb;c?z=1&a=%20");

    github_question_target(&asked.question, &target);

    assert_string_equal(target.data, "/repos/o/r/contents/a%2fb;c?z=1&a=%20");
    buffer_done(&target);
    asked_done(&asked);
}

static void test_bad_targets_and_endless_ones_are_refused(void **state)
{
    static char target[GITHUB_TARGET_MAX + 2], parameters[2 * GITHUB_QUERY_PARAMETERS_MAX + 8];
    struct asked asked;
    struct asker_request request = {.target = "relative"};
    asked_init(&asked, *state, &request);
    assert_int_equal(asked.result, -EBADMSG);
    asked_done(&asked);

    memset(target, '/', sizeof target - 1);
    request.target = target;
    asked_init(&asked, *state, &request);
    assert_int_equal(asked.result, -EMSGSIZE);
    asked_done(&asked);

    memset(parameters, '&', sizeof parameters - 1);
    parameters[0] = '/';
    parameters[1] = '?';
    request.target = parameters;
    asked_init(&asked, *state, &request);
    assert_int_equal(asked.result, -EMSGSIZE);
    asked_done(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_spellings_of_one_request_have_one_key),
        WORLD_TEST(test_different_requests_have_different_keys),
        WORLD_TEST(test_each_token_has_its_own_bound_key),
        WORLD_TEST(test_what_github_answers_differently_is_bypassed),
        WORLD_TEST(test_a_credential_in_the_address_is_never_stored),
        WORLD_TEST(test_a_second_cache_control_is_not_overlooked),
        WORLD_TEST(test_methods_are_told_apart),
        WORLD_TEST(test_a_number_that_is_known_stands_for_its_names),
        WORLD_TEST(test_the_limit_that_counts_is_known),
        WORLD_TEST(test_the_target_goes_up_as_it_came),
        WORLD_TEST(test_bad_targets_and_endless_ones_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
