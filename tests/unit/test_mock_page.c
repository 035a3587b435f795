/* Pages and their Link. */
#include "tools/mock-github/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct mock_page page_of(const char *target, size_t total)
{
    struct mock_request request;
    assert_int_equal(mock_request_init(&request, "GET", target), 0);
    const struct mock_page page = mock_page_of(&request, total);
    mock_request_done(&request);
    return page;
}

static void assert_link(const char *target, size_t total, const char *expected)
{
    struct mock_request request;
    struct mock_answer answer;
    assert_int_equal(mock_request_init(&request, "GET", target), 0);
    mock_answer_init(&answer);
    const struct mock_page page = mock_page_of(&request, total);
    mock_page_link(&page, &request, "http://h", "/r", &answer);
    const char *link = mock_answer_field(&answer, "Link");
    if (expected)
        assert_string_equal(link, expected);
    else
        assert_null(link);
    mock_answer_done(&answer);
    mock_request_done(&request);
}

static void test_sizes_are_githubs(void **state)
{
    (void)state;

    assert_int_equal(page_of("/x", 142).end, 30);
    assert_int_equal(page_of("/x?per_page=1000", 142).end, 100);
    assert_int_equal(page_of("/x?per_page=0", 142).end, 30);
    assert_int_equal(page_of("/x?per_page=-5&page=oops", 142).end, 30);
    assert_int_equal(page_of("/x?page=5", 142).first, 120);
    assert_int_equal(page_of("/x?page=5", 142).end, 142);
}

static void test_pages_out_of_range_are_empty(void **state)
{
    (void)state;
    const struct mock_page beyond = page_of("/x?page=999999&per_page=100", 142);
    const struct mock_page of_nothing = page_of("/x", 0);

    assert_int_equal(beyond.first, 142);
    assert_int_equal(beyond.end, 142);
    assert_int_equal(of_nothing.first, 0);
    assert_int_equal(of_nothing.end, 0);
    assert_int_equal(page_of("/x?page=99999999999999999999", 5).number, 1);
}

static void test_full_single_page_has_no_link(void **state)
{
    (void)state;

    assert_link("/x", 30, NULL);
    assert_link("/x", 0, NULL);
    assert_link("/x", 31, "<http://h/r?page=2>; rel=\"next\", <http://h/r?page=2>; rel=\"last\"");
}

static void test_link_replaces_page_where_it_stands(void **state)
{
    (void)state;

    assert_link("/x?a=1&page=2&&b=%20", 90,
                "<http://h/r?a=1&page=1&b=%20>; rel=\"prev\", "
                "<http://h/r?a=1&page=3&b=%20>; rel=\"next\", "
                "<http://h/r?a=1&page=3&b=%20>; rel=\"last\", "
                "<http://h/r?a=1&page=1&b=%20>; rel=\"first\"");
}

static void test_page_beyond_the_end_leads_back(void **state)
{
    (void)state;

    assert_link("/x?page=9", 31,
                "<http://h/r?page=2>; rel=\"prev\", <http://h/r?page=1>; rel=\"first\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_are_githubs),
        cmocka_unit_test(test_pages_out_of_range_are_empty),
        cmocka_unit_test(test_full_single_page_has_no_link),
        cmocka_unit_test(test_link_replaces_page_where_it_stands),
        cmocka_unit_test(test_page_beyond_the_end_leads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
