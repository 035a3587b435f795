/* What is handed through: bodies both ways, ends of all kinds, and what a write does to what is
 * stored. */
#include "github/pass.h"

#include "github_world.h"

static const char issues[] = "/repos/o/r/issues";
static const char issues_body[] = "[{\"number\":1}]";

enum { LARGE = 3 * 1024 * 1024 };

static char large[LARGE];

static struct asker_request post(const char *token, int64_t body_size)
{
    const struct asker_request request = {
        .method = "POST", .target = issues, .token = token, .body_size = body_size};
    return request;
}

static void put_post(struct world *world, const struct upstream_resource *like)
{
    struct upstream_resource resource = *like;
    resource.target = "POST /repos/o/r/issues";
    upstream_server_put(&world->upstream, &resource);
}

static size_t body_of(struct world *world, size_t number)
{
    pthread_mutex_lock(&world->upstream.lock);
    const size_t size = world->upstream.bodies[number];
    pthread_mutex_unlock(&world->upstream.lock);
    return size;
}

/* Sends one write without a body; its status. */
static int write_once(struct world *world, const char *method, const char *target,
                      const char *token)
{
    struct asker asker;
    const struct asker_request request = {.method = method, .target = target, .token = token};
    const int status = world_ask(world, &asker, &request);
    asker_done(&asker);
    return status;
}

/* --- Bodies --- */

static void test_a_body_of_known_length_goes_up_whole(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = post("alice", LARGE);
    put_post(world, &(struct upstream_resource){.body = "{\"number\":2}", .status = 201});

    asker_begin(&asker, world->github, &request);
    assert_true(asker_send(&asker, large, sizeof large));
    github_call_upload_end(asker.call);

    assert_int_equal(asker_wait(&asker), 201);
    assert_string_equal(asker_text(&asker), "{\"number\":2}");
    assert_string_equal(asker_field(&asker, "Cache-Status"), "runmesh; fwd=method; fwd-status=201");
    asker_done(&asker);
    assert_int_equal(body_of(world, 0), LARGE);
}

static void test_a_short_chunked_body_goes_up_with_its_length(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = post("alice", -1);
    put_post(world, &(struct upstream_resource){.body = "{}"});

    asker_begin(&asker, world->github, &request);
    assert_true(asker_send(&asker, "{\"title\":\"x\"}", 13));
    github_call_upload_end(asker.call);

    assert_int_equal(asker_wait(&asker), 200);
    asker_done(&asker);
    assert_non_null(
        strcasestr(upstream_server_head(&world->upstream, 0), "Content-Length: 13\r\n"));
    assert_int_equal(body_of(world, 0), 13);
}

static void test_a_long_chunked_body_goes_up_whole(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = post("alice", -1);
    put_post(world, &(struct upstream_resource){.body = "{}"});

    asker_begin(&asker, world->github, &request);
    assert_true(asker_send(&asker, large, sizeof large));
    github_call_upload_end(asker.call);

    assert_int_equal(asker_wait(&asker), 200);
    asker_done(&asker);
    assert_int_equal(body_of(world, 0), LARGE);
}

/* GitHub wants "Content-Length: 0" where a body could be (PUT /user/starred/o/r, for one). */
static void test_a_write_without_a_body_says_so(void **state)
{
    struct world *world = *state;
    put_post(world, &(struct upstream_resource){.body = "{}"});

    assert_int_equal(write_once(world, "POST", issues, "alice"), 200);
    assert_int_equal(write_once(world, "PUT", "/user/starred/o/r", "alice"), 404);

    assert_non_null(strcasestr(upstream_server_head(&world->upstream, 0), "Content-Length: 0\r\n"));
    assert_non_null(strcasestr(upstream_server_head(&world->upstream, 1), "Content-Length: 0\r\n"));
}

static void test_an_answer_of_any_size_comes_down_whole(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = post("alice", 0);
    put_post(world, &(struct upstream_resource){.body = large, .body_size = LARGE});

    assert_int_equal(world_ask(world, &asker, &request), 200);
    assert_true(asker.answer.is_streamed);
    assert_int_equal(asker.answer.stream_size, LARGE);
    assert_int_equal(asker_read(&asker), 0);
    assert_int_equal(asker.body.size, LARGE);
    assert_memory_equal(asker.body.data, large, LARGE);
    asker_done(&asker);
}

static void test_an_answer_that_breaks_off_is_not_an_end(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = post("alice", 0);
    put_post(world, &(struct upstream_resource){
                        .raw = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,2"});

    assert_int_equal(world_ask(world, &asker, &request), 200);
    assert_int_equal(asker_read(&asker), -EPROTO);
    assert_string_equal(asker.body.data, "[1,2");
    asker_done(&asker);
}

static void test_an_answer_before_the_body_was_read_ends_the_upload(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = post("alice", 16 * LARGE);
    put_post(world, &(struct upstream_resource){
                        .body = "{\"message\":\"no\"}", .status = 401, .is_early = true});

    asker_begin(&asker, world->github, &request);
    for (int i = 0; i < 16; i++)
        assert_true(asker_send(&asker, large, sizeof large));
    github_call_upload_end(asker.call);

    assert_int_equal(asker_wait(&asker), 401);
    asker_done(&asker);
}

static void test_a_body_that_nobody_will_read_is_taken_all_the_same(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = {.target = issues,
                                          .token = "alice",
                                          .fields = "Cache-Control: only-if-cached",
                                          .body_size = LARGE};

    asker_begin(&asker, world->github, &request);
    assert_true(asker_send(&asker, large, sizeof large));
    github_call_upload_end(asker.call);

    assert_int_equal(asker_wait(&asker), 504);
    asker_done(&asker);
    assert_int_equal(world_asked(world), 0);
}

/* --- Ends --- */

/* Begins an answer whose second half upstream holds back; its first half is read. */
static void begin_half(struct world *world, struct asker *asker)
{
    char block[8];
    const struct asker_request request = post("alice", 0);
    put_post(world, &(struct upstream_resource){.body = "[1,2]", .pause_at = 2});
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_BODIES);
    assert_int_equal(world_ask(world, asker, &request), 200);
    ssize_t size;
    while ((size = github_call_download(asker->call, block, sizeof block)) == -EAGAIN)
        assert_true(asker_sleep(asker));
    assert_int_equal(size, 2);
}

static void test_a_shut_service_wakes_a_client_that_reads_a_stream(void **state)
{
    struct world *world = *state;
    struct asker asker;
    begin_half(world, &asker);

    github_shut(world->github);

    assert_int_equal(asker_read(&asker), -ECANCELED);
    asker_done(&asker);
}

static void test_a_shut_service_wakes_a_client_that_has_no_room_to_send(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = post("alice", 16 * LARGE);
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_HEADS);
    asker_begin(&asker, world->github, &request);
    while (github_call_upload(asker.call, large, sizeof large) > 0)
        continue;

    github_shut(world->github);

    for (int i = 0; i < 16; i++)
        assert_true(asker_send(&asker, large, sizeof large));
    assert_int_equal(asker_wait(&asker), 503);
    asker_done(&asker);
}

static void test_a_client_may_leave_in_the_middle_of_a_stream(void **state)
{
    struct world *world = *state;
    struct asker asker;
    begin_half(world, &asker);

    asker_done(&asker);
    upstream_server_hold(&world->upstream, 0);

    assert_int_equal(write_once(world, "POST", issues, "alice"), 200);
}

static void test_a_client_may_leave_in_the_middle_of_its_own_body(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = post("alice", LARGE);
    put_post(world, &(struct upstream_resource){.body = "{}"});
    asker_begin(&asker, world->github, &request);
    assert_true(asker_send(&asker, large, LARGE / 2));
    assert_true(upstream_server_await(&world->upstream, 1));

    asker_done(&asker);

    assert_int_equal(write_once(world, "POST", issues, "alice"), 200);
}

static void test_a_write_that_github_does_not_answer_is_a_504(void **state)
{
    struct world *world = *state;
    struct asker asker;
    struct github_options options = world_options(world);
    const struct asker_request request = post("alice", 0);
    options.request_timeout_ms = 50;
    world_restart(world, &options);
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_HEADS);

    assert_int_equal(world_ask(world, &asker, &request), 504);
    assert_string_equal(asker_field(&asker, "Cache-Status"), "runmesh; fwd=method; detail=timeout");
    asker_done(&asker);
    assert_int_equal(world_count(world, GITHUB_COUNTER_timeouts), 1);
}

static void test_a_write_to_an_unreachable_github_is_a_502(void **state)
{
    struct world *world = *state;
    upstream_server_stop(&world->upstream);

    assert_int_equal(write_once(world, "POST", issues, "alice"), 502);
}

/* --- What a write does --- */

static void test_after_a_write_older_entries_are_not_believed(void **state)
{
    struct world *world = *state;
    put_post(world, &(struct upstream_resource){.body = "{}", .status = 201});
    world_put(world, issues, issues_body, "alice,bob");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    assert_int_equal(write_once(world, "POST", issues, "bob"), 201);
    world_put(world, issues, "[]", "alice,bob");

    world_expect(world, "alice", issues, 200,
                 "runmesh; fwd=stale; fwd-status=200; stored; detail=written", "[]");
}

static void test_after_a_write_a_404_is_asked_again(void **state)
{
    struct world *world = *state;
    world_expect(world, "alice", issues, 404, NULL, NULL);
    put_post(world, &(struct upstream_resource){.body = "{}", .status = 201});

    assert_int_equal(write_once(world, "POST", issues, "alice"), 201);
    world_put(world, issues, issues_body, "alice");

    world_expect(world, "alice", issues, 200, NULL, issues_body);
}

/* Lets a GET that finds nothing overlap with a write by another token. */
static void test_a_404_from_before_a_write_is_not_remembered(void **state)
{
    struct world *world = *state;
    struct asker early;
    const struct asker_request get = {.target = issues, .token = "alice"};
    const struct upstream_resource absent = {.target = issues,
                                             .body = "{\"message\":\"Not Found\"}",
                                             .status = 404,
                                             .etag = UPSTREAM_ETAG_NONE,
                                             .pause_at = 5};
    upstream_server_put(&world->upstream, &absent);
    put_post(world, &(struct upstream_resource){.body = "{}", .status = 201});
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_BODIES);
    asker_begin(&early, world->github, &get);
    assert_true(upstream_server_await(&world->upstream, 1));

    shifted_clock_move(1);
    assert_int_equal(write_once(world, "POST", issues, "bob"), 201);
    upstream_server_hold(&world->upstream, 0);
    assert_int_equal(asker_wait(&early), 404);
    asker_done(&early);
    upstream_server_clear(&world->upstream);
    world_put(world, issues, issues_body, "alice");

    world_expect(world, "alice", issues, 200, NULL, issues_body);
}

static void test_a_refusal_of_what_is_handed_through_withdraws_the_proof(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request range = {
        .target = issues, .token = "alice", .fields = "Range: bytes=0-1"};
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    upstream_server_clear(&world->upstream);
    assert_int_equal(world_ask(world, &asker, &range), 404);
    asker_done(&asker);

    world_expect(world, "alice", issues, 404, NULL, NULL);
}

static int ask_graphql(struct world *world, const char *body, const char *fields)
{
    struct asker asker;
    const struct asker_request request = {.method = "POST",
                                          .target = "/api/graphql",
                                          .token = "alice",
                                          .fields = fields,
                                          .body_size = (int64_t)strlen(body)};
    asker_begin(&asker, world->github, &request);
    assert_true(asker_send(&asker, body, strlen(body)));
    github_call_upload_end(asker.call);
    const int status = asker_wait(&asker);
    asker_done(&asker);
    return status;
}

static void expect_graphql(struct world *world, const char *body, const char *fields,
                           size_t asked_again)
{
    const struct upstream_resource graphql = {.target = "POST /graphql", .body = "{\"data\":1}"};
    upstream_server_put(&world->upstream, &graphql);
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);
    const size_t before = world_asked(world);

    assert_int_equal(ask_graphql(world, body, fields), 200);
    world_expect(world, "alice", issues, 200, NULL, issues_body);

    assert_int_equal(world_asked(world) - before - 1, asked_again);
}

static void test_a_graphql_query_leaves_entries_as_they_are(void **state)
{
    expect_graphql(*state, "{\"query\":\"query { viewer { login } }\"}", NULL, 0);
}

static void test_a_graphql_mutation_makes_its_token_ask_again(void **state)
{
    expect_graphql(*state, "{\"query\":\"mutation { x }\"}", NULL, 1);
}

static void test_a_graphql_body_that_can_not_be_read_counts_as_a_mutation(void **state)
{
    expect_graphql(*state, "\x1f\x8b\x08", "Content-Encoding: gzip", 1);
}

static void test_a_get_of_a_range_is_handed_through_and_not_stored(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = {
        .target = issues, .token = "alice", .fields = "Range: bytes=0-1"};
    world_put(world, issues, issues_body, "alice");

    assert_int_equal(world_ask(world, &asker, &request), 200);
    assert_string_equal(asker_field(&asker, "Cache-Status"), "runmesh; fwd=bypass; fwd-status=200");
    asker_done(&asker);

    world_expect(world, "alice", issues, 200, "runmesh; fwd=uri-miss; fwd-status=200; stored",
                 NULL);
}

/* --- Bodies whose addresses are moved --- */

static const char named[] = "{\"url\":\"https://api.github.com/repos/o/r/issues/2\"}";
static const char moved[] = "{\"url\":\"http://localhost:1/repos/o/r/issues/2\"}";

static void test_addresses_in_the_answer_to_a_write_are_moved(void **state)
{
    struct world *world = *state;
    struct asker asker;
    struct asker_request request = post("alice", 0);
    request.base = "http://localhost:1";
    request.rewrites_body = true;
    put_post(world, &(struct upstream_resource){
                        .body = named,
                        .status = 201,
                        .fields = "Content-Type: application/json; charset=utf-8\r\n"});

    assert_int_equal(world_ask(world, &asker, &request), 201);

    assert_string_equal(asker_text(&asker), moved);
    asker_done(&asker);
}

static void test_a_body_too_large_to_be_moved_goes_on_as_it_is(void **state)
{
    struct world *world = *state;
    struct asker asker;
    const struct asker_request request = {.target = "/repos/o/r/traffic/views",
                                          .token = "alice",
                                          .base = "http://localhost:1",
                                          .rewrites_body = true};
    const struct upstream_resource resource = {
        .target = "/repos/o/r/traffic/views",
        .body = large,
        .body_size = sizeof large,
        .fields = "Content-Type: application/json; charset=utf-8\r\n"};
    upstream_server_put(&world->upstream, &resource);

    assert_int_equal(world_ask(world, &asker, &request), 200);
    assert_int_equal(asker_read(&asker), 0);

    assert_int_equal(asker.body.size, sizeof large);
    assert_memory_equal(asker.body.data, large, sizeof large);
    asker_done(&asker);
}

int main(void)
{
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (char)('a' + i % 23);
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_body_of_known_length_goes_up_whole),
        WORLD_TEST(test_a_short_chunked_body_goes_up_with_its_length),
        WORLD_TEST(test_a_long_chunked_body_goes_up_whole),
        WORLD_TEST(test_a_write_without_a_body_says_so),
        WORLD_TEST(test_an_answer_of_any_size_comes_down_whole),
        WORLD_TEST(test_an_answer_that_breaks_off_is_not_an_end),
        WORLD_TEST(test_an_answer_before_the_body_was_read_ends_the_upload),
        WORLD_TEST(test_a_body_that_nobody_will_read_is_taken_all_the_same),
        WORLD_TEST(test_a_shut_service_wakes_a_client_that_reads_a_stream),
        WORLD_TEST(test_a_shut_service_wakes_a_client_that_has_no_room_to_send),
        WORLD_TEST(test_a_client_may_leave_in_the_middle_of_a_stream),
        WORLD_TEST(test_a_client_may_leave_in_the_middle_of_its_own_body),
        WORLD_TEST(test_a_write_that_github_does_not_answer_is_a_504),
        WORLD_TEST(test_a_write_to_an_unreachable_github_is_a_502),
        WORLD_TEST(test_after_a_write_older_entries_are_not_believed),
        WORLD_TEST(test_after_a_write_a_404_is_asked_again),
        WORLD_TEST(test_a_404_from_before_a_write_is_not_remembered),
        WORLD_TEST(test_a_refusal_of_what_is_handed_through_withdraws_the_proof),
        WORLD_TEST(test_a_graphql_query_leaves_entries_as_they_are),
        WORLD_TEST(test_a_graphql_mutation_makes_its_token_ask_again),
        WORLD_TEST(test_a_graphql_body_that_can_not_be_read_counts_as_a_mutation),
        WORLD_TEST(test_a_get_of_a_range_is_handed_through_and_not_stored),
        WORLD_TEST(test_addresses_in_the_answer_to_a_write_are_moved),
        WORLD_TEST(test_a_body_too_large_to_be_moved_goes_on_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
