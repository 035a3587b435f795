/* Answers: where the body lies, what Cache-Status says, errors in GitHub's shape. */
#include "github/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct slice field(const struct github_answer *answer, const char *name)
{
    return github_headers_find(&answer->headers, name);
}

static void expect_field(const struct github_answer *answer, const char *name, const char *value)
{
    const struct slice found = field(answer, name);
    assert_int_equal(found.size, strlen(value));
    assert_memory_equal(found.data, value, found.size);
}

static void expect_trace(struct github_trace trace, uint32_t time_scale, const char *text)
{
    struct github_answer answer;
    github_answer_init(&answer);
    assert_int_equal(github_answer_trace(&answer, &trace, time_scale), 0);
    expect_field(&answer, "Cache-Status", text);
    github_answer_done(&answer);
}

static void test_a_hit_tells_the_seconds_that_are_left_rounded_down(void **state)
{
    struct github_trace trace = {.reason = GITHUB_REASON_HIT, .left_ms = 41999};
    (void)state;
    expect_trace(trace, 1, "runmesh; hit; ttl=41; detail=local");

    trace.reason = GITHUB_REASON_STALE_CLIENT;
    trace.left_ms = -1;
    expect_trace(trace, 1, "runmesh; hit; ttl=-1; detail=stale");
    trace.left_ms = -12000;
    expect_trace(trace, 1, "runmesh; hit; ttl=-12; detail=stale");
}

static void test_compressed_periods_are_told_as_if_they_were_not(void **state)
{
    const struct github_trace trace = {.reason = GITHUB_REASON_HIT, .left_ms = 50};
    (void)state;
    expect_trace(trace, 1000, "runmesh; hit; ttl=50; detail=local");
}

static void test_a_forwarded_request_tells_why_and_with_what_result(void **state)
{
    struct github_trace trace = {
        .reason = GITHUB_REASON_MISS, .fwd_status = 200, .is_stored = true, .is_collapsed = true};
    (void)state;
    expect_trace(trace, 1, "runmesh; fwd=uri-miss; fwd-status=200; stored; collapsed");

    trace = (struct github_trace){.reason = GITHUB_REASON_MISS, .detail = "flights"};
    expect_trace(trace, 1, "runmesh; fwd=uri-miss; detail=flights");
}

static void test_an_error_has_githubs_shape(void **state)
{
    struct github_answer answer;
    const struct github_trace trace = {.reason = GITHUB_REASON_BYPASS, .detail = "host"};
    (void)state;
    github_answer_fail(&answer, 421, "Say \"who\".", &trace);

    assert_int_equal(answer.status, 421);
    assert_string_equal(answer.text, "{\"message\":\"Say \\\"who\\\".\",\"documentation_url\":"
                                     "\"https://docs.github.com/rest\",\"status\":\"421\"}");
    assert_int_equal(answer.text_size, strlen(answer.text));
    expect_field(&answer, "Content-Type", "application/json; charset=utf-8");
    expect_field(&answer, "Cache-Control", "no-store");
    expect_field(&answer, "Cache-Status", "runmesh; fwd=bypass; detail=host");
    assert_null(field(&answer, "Retry-After").data);
    github_answer_done(&answer);
}

static void test_an_overloaded_node_says_when_to_come_back(void **state)
{
    struct github_answer answer;
    const struct github_trace trace = {.reason = GITHUB_REASON_BYPASS};
    (void)state;
    github_answer_fail(&answer, 503, "", &trace);

    expect_field(&answer, "Retry-After", "1");
    assert_int_equal(answer.retry_after_s, 1);
    github_answer_done(&answer);
}

static void test_a_message_over_the_limit_leaves_the_status(void **state)
{
    struct github_answer answer;
    char message[2048];
    const struct github_trace trace = {.reason = GITHUB_REASON_BYPASS};
    (void)state;
    memset(message, 'x', sizeof message - 1);
    message[sizeof message - 1] = '\0';

    github_answer_fail(&answer, 502, message, &trace);

    assert_int_equal(answer.status, 502);
    assert_null(answer.text);
    assert_int_equal(github_answer_body(&answer).size, 0);
    github_answer_done(&answer);
}

static void test_a_moved_answer_leaves_nothing_behind(void **state)
{
    struct github_answer from, to;
    const struct github_trace trace = {.reason = GITHUB_REASON_BYPASS};
    (void)state;
    github_answer_fail(&from, 502, "x", &trace);

    github_answer_move(&to, &from);

    assert_int_equal(from.status, 0);
    assert_null(from.text);
    assert_int_equal(from.headers.count, 0);
    assert_int_equal(github_answer_body(&to).size, to.text_size);
    github_answer_done(&from);
    github_answer_done(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hit_tells_the_seconds_that_are_left_rounded_down),
        cmocka_unit_test(test_compressed_periods_are_told_as_if_they_were_not),
        cmocka_unit_test(test_a_forwarded_request_tells_why_and_with_what_result),
        cmocka_unit_test(test_an_error_has_githubs_shape),
        cmocka_unit_test(test_an_overloaded_node_says_when_to_come_back),
        cmocka_unit_test(test_a_message_over_the_limit_leaves_the_status),
        cmocka_unit_test(test_a_moved_answer_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
