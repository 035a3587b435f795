/* From an entry to the answer that this client gets. */
#include "github/reply.h"

#include <inttypes.h>

#include "github_kept.h"

static const char issues[] = "/repos/o/r/issues";

struct replied {
    struct asked asked;
    struct kept kept;
    struct github_answer answer;
};

/* Keeps what was told and answers the request from it. */
static void reply(struct replied *self, const struct world *world,
                  const struct asker_request *request, const struct told *told,
                  struct github_trace trace)
{
    asked_init(&self->asked, world, request);
    assert_int_equal(self->asked.result, 0);
    kept_new(&self->kept, world, &self->asked, told);
    assert_int_equal(self->kept.result, 0);
    const struct github_reply made = {
        .question = &self->asked.question,
        .item = self->kept.kept.item,
        .entry = &self->kept.kept.entry,
        .trace = trace,
    };
    github_reply_make(world->github, &made, github_clock_ms(), &self->answer);
}

static void replied_done(struct replied *self)
{
    github_answer_done(&self->answer);
    kept_done(&self->kept);
    asked_done(&self->asked);
}

static struct slice field(const struct replied *self, const char *name)
{
    return github_headers_find(&self->answer.headers, name);
}

static const struct github_trace hit = {.reason = GITHUB_REASON_HIT, .left_ms = 1000};

/* The status that a request with those fields gets for an entry of then. */
static int status_for(const struct world *world, const char *fields)
{
    struct replied replied;
    const struct told told = {.body = "[1]",
                              .fields = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
                              .share = GITHUB_SHARE_SCOPE};
    const struct asker_request request = {.target = issues, .token = "alice", .fields = fields};
    reply(&replied, world, &request, &told, hit);
    const int status = replied.answer.status;
    assert_int_equal(github_answer_body(&replied.answer).size, status == 304 ? 0 : 3);
    replied_done(&replied);
    return status;
}

static void test_a_hit_says_its_age_and_where_it_came_from(void **state)
{
    struct replied replied;
    const struct told told = {.body = "[1]", .share = GITHUB_SHARE_SCOPE, .age_ms = 41000};
    const struct asker_request request = {.target = issues, .token = "alice"};
    reply(&replied, *state, &request, &told, hit);

    expect_slice(field(&replied, "Age"), "41");
    expect_slice(field(&replied, "X-From-Cache"), "1");
    expect_slice(field(&replied, "Cache-Status"), "runmesh; hit; ttl=1; detail=local");
    expect_slice(github_answer_body(&replied.answer), "[1]");
    replied_done(&replied);
}

static void test_what_was_just_fetched_has_no_age(void **state)
{
    struct replied replied;
    const struct told told = {.body = "[1]", .share = GITHUB_SHARE_SCOPE};
    const struct asker_request request = {.target = issues, .token = "alice"};
    const struct github_trace fetched = {.reason = GITHUB_REASON_MISS, .fwd_status = 200};
    reply(&replied, *state, &request, &told, fetched);

    assert_null(field(&replied, "Age").data);
    assert_null(field(&replied, "X-From-Cache").data);
    replied_done(&replied);
}

static void test_the_etag_is_the_one_github_would_give_this_client(void **state)
{
    struct replied replied;
    uint8_t etag[GITHUB_ETAG_SIZE];
    char text[GITHUB_ETAG_TEXT_SIZE];
    const struct told told = {.body = "[1]", .share = GITHUB_SHARE_SCOPE};
    const struct asker_request request = {
        .target = issues, .token = "alice", .fields = "Accept: */*"};
    const struct github_etag_request own = {.accept = slice_of("*/*"),
                                            .authorization = slice_of("Bearer alice"),
                                            .vary = GITHUB_VARY_ALL};
    reply(&replied, *state, &request, &told, hit);

    github_etag_compute(&own, slice_of("[1]"), etag);
    github_etag_format(etag, text);
    expect_slice(field(&replied, "ETag"), text);
    replied_done(&replied);
}

/* An entry that was fetched without a token: GitHub did not name Authorization in its Vary. */
static void test_an_anonymous_entry_has_each_tokens_own_etag(void **state)
{
    struct world *world = *state;
    struct asked asked, alice;
    struct kept kept;
    struct github_answer answer;
    uint8_t etag[GITHUB_ETAG_SIZE];
    char text[GITHUB_ETAG_TEXT_SIZE];
    const struct told told = {.body = "[1]", .fields = "Vary: Accept", .share = GITHUB_SHARE_SCOPE};
    const struct github_etag_request own = {.accept = slice_of("application/json"),
                                            .authorization = slice_of("Bearer alice"),
                                            .vary = GITHUB_VARY_ALL};
    const struct asker_request request = {
        .target = issues, .token = "alice", .fields = "Accept: application/json"};
    asked_get(&asked, world, NULL, issues);
    kept_new(&kept, world, &asked, &told);
    asked_init(&alice, world, &request);
    const struct github_reply made = {.question = &alice.question,
                                      .item = kept.kept.item,
                                      .entry = &kept.kept.entry,
                                      .trace = hit};
    github_reply_make(world->github, &made, github_clock_ms(), &answer);

    github_etag_compute(&own, slice_of("[1]"), etag);
    github_etag_format(etag, text);
    expect_slice(github_headers_find(&answer.headers, "ETag"), text);
    github_answer_done(&answer);
    kept_done(&kept);
    asked_done(&asked);
    asked_done(&alice);
}

static void test_conditions_are_answered_as_rfc_9110_says(void **state)
{
    assert_int_equal(status_for(*state, NULL), 200);
    assert_int_equal(status_for(*state, "If-None-Match: *"), 304);
    assert_int_equal(status_for(*state, "If-None-Match: \"x\""), 200);
    assert_int_equal(status_for(*state, "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"), 304);
    assert_int_equal(status_for(*state, "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT"), 200);
    assert_int_equal(status_for(*state, "If-Modified-Since: yesterday"), 200);
    /* 13.2.2: If-None-Match goes first. */
    assert_int_equal(status_for(*state, "If-None-Match: \"x\"\n"
                                        "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"),
                     200);
}

static void test_a_redirect_is_never_a_304(void **state)
{
    struct replied replied;
    const struct told told = {.body = "{}",
                              .fields = "Location: https://x/y",
                              .status = 301,
                              .share = GITHUB_SHARE_SCOPE};
    const struct asker_request request = {
        .target = issues, .token = "alice", .fields = "If-None-Match: *"};
    reply(&replied, *state, &request, &told, hit);

    assert_int_equal(replied.answer.status, 301);
    assert_null(field(&replied, "ETag").data);
    expect_slice(field(&replied, "Location"), "https://x/y");
    replied_done(&replied);
}

static void test_addresses_in_a_body_are_moved_for_those_who_need_it(void **state)
{
    struct world *world = *state;
    struct replied replied;
    char body[256];
    snprintf(body, sizeof body, "{\"url\":\"%s/repos/o/r\",\"x\":\"%s.evil\"}", world->upstream.url,
             world->upstream.url);
    char moved[256];
    snprintf(moved, sizeof moved, "{\"url\":\"http://localhost/repos/o/r\",\"x\":\"%s.evil\"}",
             world->upstream.url);
    const struct told told = {.body = body, .share = GITHUB_SHARE_SCOPE};
    struct asker_request request = {
        .target = issues, .token = "alice", .base = "http://localhost", .rewrites_body = true};
    reply(&replied, world, &request, &told, hit);
    expect_slice(github_answer_body(&replied.answer), moved);
    assert_true(slice_starts_with(field(&replied, "ETag"), slice_of("W/\"")));
    replied_done(&replied);

    request.rewrites_body = false;
    reply(&replied, world, &request, &told, hit);
    expect_slice(github_answer_body(&replied.answer), body);
    replied_done(&replied);
}

static void test_the_budget_shown_is_that_of_the_token(void **state)
{
    struct world *world = *state;
    struct replied replied;
    struct asked bob;
    struct github_headers limits;
    char reset[32];
    const struct told told = {.body = "[1]", .share = GITHUB_SHARE_SCOPE};
    const struct asker_request request = {.target = issues, .token = "alice"};
    snprintf(reset, sizeof reset, "%" PRId64, github_clock_ms() / 1000 + 600);
    github_headers_init(&limits);
    add_field(&limits, "X-RateLimit-Limit", "5000");
    add_field(&limits, "X-RateLimit-Remaining", "4999");
    add_field(&limits, "X-RateLimit-Reset", reset);
    asked_get(&bob, world, "bob", issues);
    github_budget_learn(world->github->budget, bob.question.token_id, &limits, github_clock_ms());

    reply(&replied, world, &request, &told, hit);
    assert_null(field(&replied, "X-RateLimit-Remaining").data);
    github_budget_learn(world->github->budget, replied.asked.question.token_id, &limits,
                        github_clock_ms());
    replied_done(&replied);
    reply(&replied, world, &request, &told, hit);

    expect_slice(field(&replied, "X-RateLimit-Remaining"), "4999");
    replied_done(&replied);
    asked_done(&bob);
    github_headers_done(&limits);
}

static void test_githubs_own_refusal_goes_on_as_it_is(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct github_answer answer;
    struct github_headers headers;
    const struct github_trace trace = {.reason = GITHUB_REASON_MISS, .fwd_status = 404};
    const struct github_reply_response response = {
        .status = 404, .headers = &headers, .body = slice_of("{\"message\":\"Not Found\"}")};
    github_headers_init(&headers);
    add_field(&headers, "Content-Encoding", "gzip");
    add_field(&headers, "X-GitHub-Request-Id", "1:2");
    asked_get(&asked, world, "alice", issues);

    github_reply_forward(world->github, &asked.question, &response, &trace, &answer);

    assert_int_equal(answer.status, 404);
    expect_slice(github_answer_body(&answer), "{\"message\":\"Not Found\"}");
    expect_slice(github_headers_find(&answer.headers, "X-GitHub-Request-Id"), "1:2");
    assert_null(github_headers_find(&answer.headers, "Content-Encoding").data);
    github_answer_done(&answer);
    asked_done(&asked);
    github_headers_done(&headers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_hit_says_its_age_and_where_it_came_from),
        WORLD_TEST(test_what_was_just_fetched_has_no_age),
        WORLD_TEST(test_the_etag_is_the_one_github_would_give_this_client),
        WORLD_TEST(test_an_anonymous_entry_has_each_tokens_own_etag),
        WORLD_TEST(test_conditions_are_answered_as_rfc_9110_says),
        WORLD_TEST(test_a_redirect_is_never_a_304),
        WORLD_TEST(test_addresses_in_a_body_are_moved_for_those_who_need_it),
        WORLD_TEST(test_the_budget_shown_is_that_of_the_token),
        WORLD_TEST(test_githubs_own_refusal_goes_on_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
