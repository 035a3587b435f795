/* Taking targets apart. */
#include "tools/mock-github/request.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_path_is_decoded_segment_by_segment(void **state)
{
    struct mock_request request;
    (void)state;

    assert_int_equal(mock_request_init(&request, "GET", "/repos/a%2fb//c%20+%zz"), 0);

    assert_int_equal(request.segment_count, 4);
    assert_string_equal(request.segments[1], "a/b");
    assert_string_equal(request.segments[2], "");
    assert_string_equal(request.segments[3], "c +%zz");
    assert_null(request.segments[4]);
    mock_request_done(&request);
}

static void test_query_keeps_order_and_knows_plus(void **state)
{
    struct mock_request request;
    (void)state;

    assert_int_equal(mock_request_init(&request, "GET", "/?q=a+b%2Bc&&page=7&flag&page=8"), 0);

    assert_int_equal(request.parameter_count, 4);
    assert_string_equal(mock_request_parameter(&request, "q"), "a b+c");
    assert_int_equal(mock_request_number(&request, "page", 10, 1), 7);
    assert_int_equal(mock_request_number(&request, "page", 6, 1), 1);
    assert_int_equal(mock_request_number(&request, "q", 6, 3), 3);
    assert_string_equal(mock_request_parameter(&request, "flag"), "");
    assert_null(mock_request_parameter(&request, "none"));
    mock_request_done(&request);
}

static void test_absolute_form_names_the_same_path(void **state)
{
    struct mock_request request;
    (void)state;

    assert_int_equal(mock_request_init(&request, "GET", "http://host:1/a?u=http://x/"), 0);

    assert_int_equal(request.segment_count, 1);
    assert_string_equal(request.segments[0], "a");
    assert_string_equal(request.target, "http://host:1/a?u=http://x/");
    mock_request_done(&request);
}

static void test_hostile_targets_are_refused(void **state)
{
    static const char *const targets[] = {"", "*", "a", "?a", "http://host"};
    struct mock_request request;
    (void)state;

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        assert_int_equal(mock_request_init(&request, "GET", targets[i]), -EINVAL);
        mock_request_done(&request);
    }
}

static void test_parts_are_limited_in_number(void **state)
{
    struct mock_request request;
    char deep[2 * (MOCK_SEGMENTS_MAX + 1) + 1] = "", wide[2 * MOCK_PARAMETERS_MAX + 8] = "/?";
    (void)state;
    for (size_t i = 0; i < MOCK_SEGMENTS_MAX; i++)
        memcpy(deep + 2 * i, "/a", 3);
    for (size_t i = 0; i < MOCK_PARAMETERS_MAX; i++)
        memcpy(wide + 2 + 2 * i, "a&", 3);

    assert_int_equal(mock_request_init(&request, "GET", deep), 0);
    mock_request_done(&request);
    memcpy(deep + 2 * MOCK_SEGMENTS_MAX, "/a", 3);
    assert_int_equal(mock_request_init(&request, "GET", deep), -EINVAL);
    mock_request_done(&request);

    assert_int_equal(mock_request_init(&request, "GET", wide), 0);
    mock_request_done(&request);
    memcpy(wide + 2 + 2 * MOCK_PARAMETERS_MAX, "a", 2);
    assert_int_equal(mock_request_init(&request, "GET", wide), -EINVAL);
    mock_request_done(&request);
}

static void test_header_beyond_the_limit_is_noted(void **state)
{
    struct mock_request request;
    (void)state;
    assert_int_equal(mock_request_init(&request, "GET", "/"), 0);

    for (size_t i = 0; i < MOCK_HEADERS_MAX; i++)
        assert_int_equal(mock_request_add_header(&request, "Name", "value"), 0);
    assert_false(request.headers_dropped);
    assert_int_equal(mock_request_add_header(&request, "Name", "value"), -E2BIG);
    assert_true(request.headers_dropped);
    assert_string_equal(mock_request_header(&request, "nAME"), "value");
    mock_request_done(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_is_decoded_segment_by_segment),
        cmocka_unit_test(test_query_keeps_order_and_knows_plus),
        cmocka_unit_test(test_absolute_form_names_the_same_path),
        cmocka_unit_test(test_hostile_targets_are_refused),
        cmocka_unit_test(test_parts_are_limited_in_number),
        cmocka_unit_test(test_header_beyond_the_limit_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
