/* What an answer of GitHub means for those who wait: kept, renewed, refused, too large, or none. */
#include "github/landing.h"

#include "github_world.h"

static const char issues[] = "/repos/o/r/issues";
static const char issues_body[] = "[{\"number\":1}]";
static const char ref[] = "/repos/o/r/git/ref/heads/main"; /* a route that is never stale */

static void put_status(struct world *world, const char *target, int status)
{
    const struct upstream_resource resource = {.target = target,
                                               .body = "{\"message\":\"Broken\"}",
                                               .readers = "alice",
                                               .status = status,
                                               .etag = UPSTREAM_ETAG_NONE};
    upstream_server_put(&world->upstream, &resource);
}

/* --- When GitHub fails --- */

static void test_a_stale_entry_stands_in_for_a_server_error(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    put_status(world, issues, 502);
    shifted_clock_move(61);
    struct asker asker;
    const struct asker_request request = {.target = issues, .token = "alice"};
    assert_int_equal(world_ask(world, &asker, &request), 200);
    assert_non_null(strstr(asker_field(&asker, "Cache-Status"), "hit; ttl=-"));
    assert_non_null(strstr(asker_field(&asker, "Cache-Status"), "detail=stale"));
    assert_string_equal(asker_text(&asker), issues_body);
    asker_done(&asker);

    assert_int_equal(world_count(world, GITHUB_COUNTER_stale_hits), 1);
}

static void test_a_stale_entry_stands_in_while_github_is_unreachable(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    upstream_server_stop(&world->upstream);
    shifted_clock_move(61);
    world_expect(world, "alice", issues, 200, NULL, issues_body);
    world_expect(world, "bob", issues, 502, "runmesh; fwd=stale; detail=unreachable", NULL);
    world_expect(world, NULL, issues, 502, "runmesh; fwd=stale; detail=unreachable", NULL);

    shifted_clock_move(600);
    world_expect(world, "alice", issues, 502, "runmesh; fwd=stale; detail=unreachable", NULL);
}

static void test_a_route_that_is_never_stale_passes_the_error_on(void **state)
{
    struct world *world = *state;
    world_put(world, ref, "{}", "alice");
    world_expect(world, "alice", ref, 200, NULL, NULL);

    put_status(world, ref, 500);
    shifted_clock_move(61);
    world_expect(world, "alice", ref, 500, "runmesh; fwd=stale; fwd-status=500",
                 "{\"message\":\"Broken\"}");
    world_put(world, ref, "{}", "alice");
    world_expect(world, "alice", ref, 200, "runmesh; fwd=stale; fwd-status=304", "{}");
}

static void test_a_limit_is_no_loss_of_access(void **state)
{
    struct world *world = *state;
    const struct upstream_resource limited = {.target = issues,
                                              .body = "{\"message\":\"API rate limit exceeded\"}",
                                              .readers = "alice",
                                              .fields = "X-RateLimit-Remaining: 0\r\n",
                                              .status = 403};
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    upstream_server_put(&world->upstream, &limited);
    shifted_clock_move(61);
    world_expect(world, "alice", issues, 200, NULL, issues_body);
    world_expect(world, "alice", issues, 200, NULL, issues_body);
}

static void test_a_body_that_was_cut_is_a_bad_answer(void **state)
{
    struct world *world = *state;
    const struct upstream_resource cut = {
        .target = issues, .raw = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,2"};
    const struct upstream_resource open = {.target = issues, .raw = "HTTP/1.1 200 OK\r\n\r\n[1,2"};
    upstream_server_put(&world->upstream, &cut);
    world_expect(world, "alice", issues, 502, "runmesh; fwd=uri-miss; detail=bad-answer", NULL);

    upstream_server_put(&world->upstream, &open);
    world_expect(world, "alice", issues, 502, "runmesh; fwd=uri-miss; detail=bad-answer", NULL);
    world_put(world, issues, issues_body, NULL);
    world_expect(world, "alice", issues, 200, NULL, issues_body);
}

static void test_a_304_that_nobody_asked_for_is_a_bad_answer(void **state)
{
    struct world *world = *state;
    put_status(world, issues, 304);

    world_expect(world, "alice", issues, 502, "runmesh; fwd=uri-miss; detail=bad-answer", NULL);
}

static void test_a_redirect_is_handed_on_and_not_followed(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct upstream_resource moved = {.target = issues,
                                            .body = "{}",
                                            .fields = "Location: http://169.254.169.254/latest\r\n",
                                            .status = 302};
    const struct asker_request request = {
        .target = issues, .token = "alice", .base = "http://127.0.0.1:9480"};
    upstream_server_put(&world->upstream, &moved);

    assert_int_equal(world_ask(world, &asker, &request), 302);
    assert_string_equal(asker_field(&asker, "Location"), "http://169.254.169.254/latest");
    asker_done(&asker);
    assert_int_equal(world_ask(world, &asker, &request), 302);
    asker_done(&asker);
    assert_int_equal(world_asked(world), 2);
}

/* --- Bodies over the limit --- */

static void test_a_body_over_the_limit_is_handed_through_and_remembered(void **state)
{
    struct world *world = *state;
    struct asker asker;
    static char large[WORLD_BODY_MAX + 2];
    const struct asker_request request = {.target = issues, .token = "alice"};
    memset(large, 'x', sizeof large - 1);
    world_put(world, issues, large, "alice");

    assert_int_equal(world_ask(world, &asker, &request), 200);
    assert_string_equal(asker_field(&asker, "Cache-Status"), "runmesh; fwd=bypass; fwd-status=200");
    assert_int_equal(strlen(asker_text(&asker)), WORLD_BODY_MAX + 1);
    asker_done(&asker);
    assert_int_equal(world_asked(world), 2);

    world_expect(world, "alice", issues, 200, "runmesh; fwd=bypass; fwd-status=200", large);
    world_expect(world, "eve", issues, 404, "runmesh; fwd=bypass; fwd-status=404", NULL);
    assert_int_equal(world_asked(world), 4);
    assert_int_equal(world_count(world, GITHUB_COUNTER_oversize), 1);
}

static void test_a_body_of_just_the_limit_is_kept(void **state)
{
    struct world *world = *state;
    static char large[WORLD_BODY_MAX + 1];
    memset(large, 'x', sizeof large - 1);
    world_put(world, issues, large, "alice");

    world_expect(world, "alice", issues, 200, "runmesh; fwd=uri-miss; fwd-status=200; stored",
                 large);
    world_expect(world, "alice", issues, 200, NULL, large);
    assert_int_equal(world_asked(world), 1);
}

/* --- The full last page --- */

static const char first_page[] = "/repos/o/r/issues?per_page=2";
static const char second_page[] = "/repos/o/r/issues?per_page=2&page=2";

static void put_first_page(struct world *world, const char *fields)
{
    const struct upstream_resource page = {
        .target = first_page, .body = "[1,2]", .readers = "alice", .fields = fields};
    upstream_server_put(&world->upstream, &page);
}

static void test_a_full_last_page_is_probed_and_fetched_again_when_it_grew(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = {.target = first_page, .token = "alice"};
    put_first_page(world, NULL);
    world_put(world, second_page, "[]", "alice");
    world_expect(world, "alice", first_page, 200, NULL, "[1,2]");

    /* The body of the page stays the same when a next one appears, and so does its ETag. */
    shifted_clock_move(61);
    world_put(world, second_page, "[3]", "alice");
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_HEADS);
    asker_begin(&asker, world->github, &request);
    assert_true(upstream_server_await(&world->upstream, 2));
    upstream_server_hold(&world->upstream, 0);
    assert_true(upstream_server_await(&world->upstream, 4));
    assert_int_equal(asker_wait(&asker), 200);
    assert_string_equal(asker_text(&asker), "[1,2]");
    assert_string_equal(asker_field(&asker, "Cache-Status"),
                        "runmesh; fwd=stale; fwd-status=200; stored");
    asker_done(&asker);

    assert_null(strstr(upstream_server_head(&world->upstream, 3), "If-None-Match"));
    world_expect(world, "alice", second_page, 200, NULL, "[3]");
    assert_int_equal(world_asked(world), 4);
    assert_int_equal(world_count(world, GITHUB_COUNTER_page_probes), 1);
}

static void test_a_full_last_page_without_a_next_one_is_renewed_for_free(void **state)
{
    struct world *world = *state;
    put_first_page(world, NULL);
    world_put(world, second_page, "[]", "alice");
    world_expect(world, "alice", first_page, 200, NULL, NULL);

    shifted_clock_move(61);
    world_expect(world, "alice", first_page, 200, "runmesh; fwd=stale; fwd-status=304", "[1,2]");

    assert_int_equal(world_asked(world), 3);
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_charged), 1);
}

static void test_a_page_that_has_a_next_one_is_not_probed(void **state)
{
    struct world *world = *state;
    put_first_page(world, "Link: <https://x/repos/o/r/issues?page=2>; rel=\"next\"\r\n");
    world_expect(world, "alice", first_page, 200, NULL, NULL);

    shifted_clock_move(61);
    world_expect(world, "alice", first_page, 200, "runmesh; fwd=stale; fwd-status=304", "[1,2]");

    assert_int_equal(world_count(world, GITHUB_COUNTER_page_probes), 0);
}

static void test_a_probe_that_fails_does_not_spoil_the_answer(void **state)
{
    struct world *world = *state;
    put_first_page(world, NULL);
    world_expect(world, "alice", first_page, 200, NULL, NULL);

    put_status(world, second_page, 500);
    shifted_clock_move(61);
    world_expect(world, "alice", first_page, 200, "runmesh; fwd=stale; fwd-status=304", "[1,2]");
}

/* --- Bodies that differ per token --- */

static const char *const tokens[] = {"alice", "bob", "carol", "dave", "erin", "frank"};

static void test_the_same_body_again_is_no_contradiction(void **state)
{
    struct world *world = *state;
    const struct upstream_resource odd = {
        .target = issues, .body = issues_body, .etag = UPSTREAM_ETAG_ODD};
    upstream_server_put(&world->upstream, &odd);

    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        world_expect(world, tokens[i], issues, 200, NULL, issues_body);

    assert_int_equal(world_count(world, GITHUB_COUNTER_contradictions), 0);
}

static void test_a_key_with_contradictions_stays_bound_to_the_token(void **state)
{
    struct world *world = *state;
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        world_put(world, issues, tokens[i], tokens[i]);
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        world_expect(world, tokens[i], issues, 200, NULL, tokens[i]);

    assert_int_equal(world_count(world, GITHUB_COUNTER_contradictions), GITHUB_CONTRADICTIONS_MAX);
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        world_expect(world, tokens[i], issues, 200, NULL, tokens[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_stale_entry_stands_in_for_a_server_error),
        WORLD_TEST(test_a_stale_entry_stands_in_while_github_is_unreachable),
        WORLD_TEST(test_a_route_that_is_never_stale_passes_the_error_on),
        WORLD_TEST(test_a_limit_is_no_loss_of_access),
        WORLD_TEST(test_a_body_that_was_cut_is_a_bad_answer),
        WORLD_TEST(test_a_304_that_nobody_asked_for_is_a_bad_answer),
        WORLD_TEST(test_a_redirect_is_handed_on_and_not_followed),
        WORLD_TEST(test_a_body_over_the_limit_is_handed_through_and_remembered),
        WORLD_TEST(test_a_body_of_just_the_limit_is_kept),
        WORLD_TEST(test_a_full_last_page_is_probed_and_fetched_again_when_it_grew),
        WORLD_TEST(test_a_full_last_page_without_a_next_one_is_renewed_for_free),
        WORLD_TEST(test_a_page_that_has_a_next_one_is_not_probed),
        WORLD_TEST(test_a_probe_that_fails_does_not_spoil_the_answer),
        WORLD_TEST(test_the_same_body_again_is_no_contradiction),
        WORLD_TEST(test_a_key_with_contradictions_stays_bound_to_the_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
