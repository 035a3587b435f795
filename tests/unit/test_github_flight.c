/* Who waits for whose fetch, for how long, and what becomes of it when somebody leaves. */
#include "github/flight.h"

#include "github_world.h"

static const char issues[] = "/repos/o/r/issues";
static const char issues_body[] = "[{\"number\":1}]";

static struct asker_request get(const char *token)
{
    const struct asker_request request = {.target = issues, .token = token};
    return request;
}

/* The GitHub side anew, its clients with another patience. */
static void set_patience(struct world *world, uint32_t request_timeout_ms)
{
    struct github_options options = world_options(world);
    options.request_timeout_ms = request_timeout_ms;
    world_restart(world, &options);
}

/* Begins with upstream held, so that everybody who comes later finds the fetch under way. */
static void begin_first(struct world *world, struct asker *asker, const char *token)
{
    const struct asker_request request = get(token);
    const size_t before = world_asked(world);
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_HEADS);
    asker_begin(asker, world->github, &request);
    assert_true(upstream_server_await(&world->upstream, before + 1));
}

static void finish(struct asker *asker, int status, const char *body)
{
    assert_int_equal(asker_wait(asker), status);
    if (body)
        assert_string_equal(asker_text(asker), body);
    asker_done(asker);
}

static void test_those_who_come_later_share_the_one_fetch(void **state)
{
    enum { LATER = 200 };
    struct world *world = *state;
    static struct asker first, later[LATER];
    const struct asker_request request = get("alice");
    world_put(world, issues, issues_body, "alice");
    begin_first(world, &first, "alice");
    for (size_t i = 0; i < LATER; i++)
        asker_begin(&later[i], world->github, &request);
    world_settle(world);

    upstream_server_hold(&world->upstream, 0);

    finish(&first, 200, issues_body);
    for (size_t i = 0; i < LATER; i++)
        finish(&later[i], 200, issues_body);
    assert_int_equal(world_asked(world), 1);
    assert_int_equal(world_count(world, GITHUB_COUNTER_collapsed), LATER);
}

static void test_a_waiter_never_gets_the_refusal_of_another_token(void **state)
{
    struct world *world = *state;
    struct asker eve, alice, nobody;
    const struct asker_request good = get("alice"), anonymous = get(NULL);
    world_put(world, issues, issues_body, "alice");
    begin_first(world, &eve, "eve");
    asker_begin(&alice, world->github, &good);
    asker_begin(&nobody, world->github, &anonymous);
    world_settle(world);

    upstream_server_hold(&world->upstream, 0);

    finish(&eve, 404, "{\"message\":\"Not Found\"}");
    finish(&alice, 200, issues_body);
    finish(&nobody, 404, "{\"message\":\"Not Found\"}");
}

static void test_a_waiter_without_access_does_not_get_the_body_either(void **state)
{
    struct world *world = *state;
    struct asker eve, alice, nobody;
    const struct asker_request bad = get("eve"), anonymous = get(NULL);
    world_put(world, issues, issues_body, "alice");
    begin_first(world, &alice, "alice");
    asker_begin(&eve, world->github, &bad);
    asker_begin(&nobody, world->github, &anonymous);
    world_settle(world);

    upstream_server_hold(&world->upstream, 0);

    finish(&alice, 200, issues_body);
    finish(&eve, 404, "{\"message\":\"Not Found\"}");
    finish(&nobody, 404, "{\"message\":\"Not Found\"}");
    assert_int_equal(world_asked(world), 3);
}

static void test_waiters_of_the_same_token_share_its_refusal(void **state)
{
    struct world *world = *state;
    struct asker first, second;
    const struct asker_request request = get("eve");
    begin_first(world, &first, "eve");
    asker_begin(&second, world->github, &request);
    world_settle(world);

    upstream_server_hold(&world->upstream, 0);

    finish(&first, 404, NULL);
    finish(&second, 404, NULL);
    assert_int_equal(world_asked(world), 1);
}

static void test_the_deadline_gives_504_and_ends_a_fetch_that_nobody_waits_for(void **state)
{
    struct world *world = *state;
    struct asker asker;
    set_patience(world, 50);
    world_put(world, issues, issues_body, "alice");
    begin_first(world, &asker, "alice");

    assert_int_equal(asker_wait(&asker), 504);
    assert_string_equal(asker_field(&asker, "Cache-Status"),
                        "runmesh; fwd=uri-miss; detail=timeout");
    assert_string_equal(asker_field(&asker, "Content-Type"), "application/json; charset=utf-8");
    assert_non_null(strstr(asker_text(&asker), "\"documentation_url\""));
    asker_done(&asker);

    upstream_server_hold(&world->upstream, 0);
    github_set_request_timeout(world->github, 30000);
    world_expect(world, "alice", issues, 200, "runmesh; fwd=uri-miss; fwd-status=200; stored",
                 NULL);
    assert_int_equal(world_count(world, GITHUB_COUNTER_timeouts), 1);
}

static void test_a_shorter_patience_holds_for_those_behind_longer_ones(void **state)
{
    struct world *world = *state;
    struct asker patient, hasty;
    const struct asker_request other = {.target = "/repos/o/r/labels", .token = "alice"};
    world_put(world, issues, issues_body, "alice");
    begin_first(world, &patient, "alice");

    github_set_request_timeout(world->github, 50);
    asker_begin(&hasty, world->github, &other);

    assert_int_equal(asker_wait(&hasty), 504);
    assert_false(asker_look(&patient));
    upstream_server_hold(&world->upstream, 0);
    finish(&patient, 200, issues_body);
    asker_done(&hasty);
}

static void test_a_clock_set_back_does_not_stretch_a_deadline(void **state)
{
    struct world *world = *state;
    struct asker asker;
    set_patience(world, 200);
    begin_first(world, &asker, "alice");

    shifted_clock_move(-3600);
    assert_int_equal(asker_wait(&asker), 504);
    shifted_clock_move(3600);

    assert_int_equal(world_count(world, GITHUB_COUNTER_timeouts), 1);
    asker_done(&asker);
}

static void test_a_clock_set_forward_does_not_end_a_wait(void **state)
{
    struct world *world = *state;
    struct asker asker;
    world_put(world, issues, issues_body, "alice");
    begin_first(world, &asker, "alice");

    shifted_clock_move(3600);
    upstream_server_hold(&world->upstream, 0);

    finish(&asker, 200, issues_body);
    assert_int_equal(world_count(world, GITHUB_COUNTER_timeouts), 0);
}

static void test_a_call_that_is_released_ends_its_fetch(void **state)
{
    struct world *world = *state;
    struct asker asker;
    world_put(world, issues, issues_body, "alice");
    begin_first(world, &asker, "alice");

    asker_done(&asker);
    world_settle(world);
    upstream_server_hold(&world->upstream, 0);

    world_expect(world, "alice", issues, 200, "runmesh; fwd=uri-miss; fwd-status=200; stored",
                 issues_body);
    assert_int_equal(world_asked(world), 2);
}

static void test_a_fetch_goes_on_for_others_when_its_origin_leaves(void **state)
{
    struct world *world = *state;
    struct asker origin, other;
    const struct asker_request request = get("alice");
    world_put(world, issues, issues_body, "alice");
    begin_first(world, &origin, "alice");
    asker_begin(&other, world->github, &request);
    world_settle(world);

    asker_done(&origin);
    world_settle(world);
    upstream_server_hold(&world->upstream, 0);

    finish(&other, 200, issues_body);
    assert_int_equal(world_asked(world), 1);
}

/* The mails of a call wait in order: asked, then left. */
static void test_calls_released_before_they_were_looked_at_leave_nothing(void **state)
{
    struct world *world = *state;
    const struct asker_request request = get("alice");
    world_put(world, issues, issues_body, "alice");
    for (int i = 0; i < 500; i++) {
        struct asker asker;
        asker_begin(&asker, world->github, &request);
        asker_done(&asker);
    }

    world_expect(world, "alice", issues, 200, NULL, issues_body);
}

static void test_a_key_too_many_is_refused_while_others_are_fetched(void **state)
{
    struct world *world = *state;
    struct asker *askers = calloc(GITHUB_FLIGHTS_MAX, sizeof *askers);
    assert_non_null(askers);
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_HEADS);
    for (size_t i = 0; i < GITHUB_FLIGHTS_MAX; i++) {
        char target[64];
        const struct asker_request request = {.target = target, .token = "alice"};
        snprintf(target, sizeof target, "/repos/o/r/issues?q=%zu", i);
        asker_begin(&askers[i], world->github, &request);
    }

    world_expect(world, "alice", issues, 503, "runmesh; fwd=uri-miss; detail=flights", NULL);

    upstream_server_hold(&world->upstream, 0);
    for (size_t i = 0; i < GITHUB_FLIGHTS_MAX; i++)
        finish(&askers[i], 404, NULL);
    free(askers);
    assert_int_equal(world_count(world, GITHUB_COUNTER_refused), 1);
}

static void test_only_if_cached_is_never_asked_of_github(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = {
        .target = issues, .token = "alice", .fields = "Cache-Control: only-if-cached"};
    world_put(world, issues, issues_body, "alice");

    assert_int_equal(world_ask(world, &asker, &request), 504);
    assert_string_equal(asker_field(&asker, "Cache-Status"),
                        "runmesh; fwd=request; detail=only-if-cached");
    asker_done(&asker);

    assert_int_equal(world_asked(world), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_those_who_come_later_share_the_one_fetch),
        WORLD_TEST(test_a_waiter_never_gets_the_refusal_of_another_token),
        WORLD_TEST(test_a_waiter_without_access_does_not_get_the_body_either),
        WORLD_TEST(test_waiters_of_the_same_token_share_its_refusal),
        WORLD_TEST(test_the_deadline_gives_504_and_ends_a_fetch_that_nobody_waits_for),
        WORLD_TEST(test_a_shorter_patience_holds_for_those_behind_longer_ones),
        WORLD_TEST(test_a_clock_set_back_does_not_stretch_a_deadline),
        WORLD_TEST(test_a_clock_set_forward_does_not_end_a_wait),
        WORLD_TEST(test_a_call_that_is_released_ends_its_fetch),
        WORLD_TEST(test_a_fetch_goes_on_for_others_when_its_origin_leaves),
        WORLD_TEST(test_calls_released_before_they_were_looked_at_leave_nothing),
        WORLD_TEST(test_a_key_too_many_is_refused_while_others_are_fetched),
        WORLD_TEST(test_only_if_cached_is_never_asked_of_github),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
