/* Headers: order and duplicates stay, slices stay valid while more is added, and no message can be
 * larger than its limits. */
#include "github/headers.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_slice(struct slice actual, const char *expected)
{
    assert_non_null(actual.data);
    assert_int_equal(actual.size, strlen(expected));
    assert_memory_equal(actual.data, expected, actual.size);
}

static void add(struct github_headers *headers, const char *name, const char *value)
{
    assert_int_equal(github_headers_add(headers, slice_of(name), slice_of(value)), 0);
}

static void test_names_are_found_without_case_and_the_first_value_wins(void **state)
{
    (void)state;
    struct github_headers headers;
    github_headers_init(&headers);

    add(&headers, "Link", "one");
    add(&headers, "X-Other", "two");
    add(&headers, "LINK", "three");

    assert_slice(github_headers_find(&headers, "link"), "one");
    assert_int_equal(github_headers_count(&headers, "lInK"), 2);
    assert_int_equal(headers.count, 3);
    assert_slice(headers.list[2].name, "LINK");
    github_headers_done(&headers);
}

static void test_an_absent_field_has_no_data_but_an_empty_one_has(void **state)
{
    (void)state;
    struct github_headers headers;
    github_headers_init(&headers);

    add(&headers, "Accept", "");
    assert_int_equal(github_headers_borrow(&headers, slice_of("Range"), slice_of(NULL)), 0);

    assert_slice(github_headers_find(&headers, "accept"), "");
    assert_slice(github_headers_find(&headers, "range"), "");
    assert_null(github_headers_find(&headers, "accep").data);
    assert_null(github_headers_find(&headers, "acceptt").data);
    github_headers_done(&headers);
}

static void test_copies_stay_where_they_are_while_more_is_added(void **state)
{
    (void)state;
    struct github_headers headers;
    char text[1000];
    memset(text, 'x', sizeof text);
    const struct slice value = {.data = text, .size = sizeof text};
    github_headers_init(&headers);
    add(&headers, "First", "kept");
    const struct slice first = github_headers_find(&headers, "first");

    for (int i = 0; i < 60; i++)
        assert_int_equal(github_headers_add(&headers, slice_of("More"), value), 0);
    memset(text, 'y', sizeof text);

    assert_slice(first, "kept");
    assert_ptr_equal(github_headers_find(&headers, "First").data, first.data);
    for (size_t i = 1; i < headers.count; i++)
        assert_int_equal(headers.list[i].value.data[sizeof text - 1], 'x');
    github_headers_done(&headers);
}

static void test_borrowed_fields_are_not_copied(void **state)
{
    (void)state;
    struct github_headers headers;
    const struct slice name = slice_of("ETag"), value = slice_of("\"1\"");
    github_headers_init(&headers);

    assert_int_equal(github_headers_borrow(&headers, name, value), 0);

    assert_ptr_equal(github_headers_find(&headers, "etag").data, value.data);
    assert_null(headers.chunks);
    github_headers_done(&headers);
}

static void test_the_hundredth_field_fits_and_the_next_does_not(void **state)
{
    (void)state;
    struct github_headers headers;
    github_headers_init(&headers);

    for (int i = 0; i < GITHUB_HEADERS_MAX; i++)
        add(&headers, "A", "b");

    assert_int_equal(github_headers_add(&headers, slice_of("A"), slice_of("b")), -EMSGSIZE);
    assert_int_equal(github_headers_borrow(&headers, slice_of("A"), slice_of("b")), -EMSGSIZE);
    assert_int_equal(headers.count, GITHUB_HEADERS_MAX);
    github_headers_done(&headers);
}

static void test_a_value_at_its_limit_fits_and_one_byte_more_does_not(void **state)
{
    (void)state;
    static char text[GITHUB_HEADER_VALUE_MAX + 1];
    struct github_headers headers;
    struct slice value = {.data = text, .size = sizeof text};
    memset(text, 'v', sizeof text);
    github_headers_init(&headers);

    assert_int_equal(github_headers_add(&headers, slice_of("A"), value), -EMSGSIZE);
    assert_int_equal(headers.count, 0);
    value.size--;
    assert_int_equal(github_headers_add(&headers, slice_of("A"), value), 0);

    assert_int_equal(headers.bytes, GITHUB_HEADER_VALUE_MAX + 1);
    github_headers_done(&headers);
}

static void test_all_bytes_together_have_a_limit(void **state)
{
    (void)state;
    static char text[GITHUB_HEADER_VALUE_MAX];
    struct github_headers headers;
    struct slice value = {.data = text, .size = sizeof text - 1};
    memset(text, 'v', sizeof text);
    github_headers_init(&headers);

    for (int i = 0; i < GITHUB_HEADERS_BYTES_MAX / GITHUB_HEADER_VALUE_MAX; i++)
        assert_int_equal(github_headers_add(&headers, slice_of("A"), value), 0);

    assert_int_equal(headers.bytes, GITHUB_HEADERS_BYTES_MAX);
    assert_int_equal(github_headers_add(&headers, slice_of("A"), slice_of("")), -EMSGSIZE);
    const struct slice huge = {.data = text, .size = SIZE_MAX};
    assert_int_equal(github_headers_borrow(&headers, huge, slice_of("")), -EMSGSIZE);
    github_headers_done(&headers);
}

static void test_removed_fields_free_their_place(void **state)
{
    (void)state;
    struct github_headers headers;
    github_headers_init(&headers);
    add(&headers, "Cookie", "a");
    add(&headers, "Accept", "b");
    add(&headers, "COOKIE", "c");

    github_headers_remove(&headers, "cookie");

    assert_int_equal(headers.count, 1);
    assert_int_equal(headers.bytes, strlen("Accept") + 1);
    assert_slice(github_headers_find(&headers, "Accept"), "b");
    assert_null(github_headers_find(&headers, "Cookie").data);
    github_headers_done(&headers);
}

static void test_a_copy_appends_and_outlives_its_source(void **state)
{
    (void)state;
    struct github_headers source, target;
    github_headers_init(&source);
    github_headers_init(&target);
    add(&source, "Vary", "Accept");
    add(&source, "Vary", "Cookie");
    add(&target, "Date", "today");

    assert_int_equal(github_headers_copy(&target, &source), 0);
    github_headers_done(&source);

    assert_int_equal(target.count, 3);
    assert_slice(target.list[0].value, "today");
    assert_slice(target.list[2].value, "Cookie");
    github_headers_done(&target);
}

static void test_elements_of_all_fields_of_a_name_are_listed(void **state)
{
    (void)state;
    struct github_headers headers;
    github_headers_init(&headers);
    add(&headers, "Vary", "Accept,  authorization\t, ,Cookie");
    add(&headers, "vary", "X-GitHub-OTP");

    assert_true(github_headers_lists(&headers, "Vary", "Authorization"));
    assert_true(github_headers_lists(&headers, "Vary", "x-github-otp"));
    assert_false(github_headers_lists(&headers, "Vary", "Author"));
    assert_false(github_headers_lists(&headers, "Vary", "Accept,  authorization"));
    assert_false(github_headers_lists(&headers, "Connection", "Accept"));
    github_headers_done(&headers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_found_without_case_and_the_first_value_wins),
        cmocka_unit_test(test_an_absent_field_has_no_data_but_an_empty_one_has),
        cmocka_unit_test(test_copies_stay_where_they_are_while_more_is_added),
        cmocka_unit_test(test_borrowed_fields_are_not_copied),
        cmocka_unit_test(test_the_hundredth_field_fits_and_the_next_does_not),
        cmocka_unit_test(test_a_value_at_its_limit_fits_and_one_byte_more_does_not),
        cmocka_unit_test(test_all_bytes_together_have_a_limit),
        cmocka_unit_test(test_removed_fields_free_their_place),
        cmocka_unit_test(test_a_copy_appends_and_outlives_its_source),
        cmocka_unit_test(test_elements_of_all_fields_of_a_name_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
