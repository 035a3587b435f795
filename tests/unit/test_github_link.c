/* Links: pages are found as RFC 8288 says, and only addresses of the upstream itself are moved. */
#include "github/link.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MAX = 4096 };

static const char upstream[] = "https://api.github.com";
static const char base[] = "http://127.0.0.1:9480";

static void assert_slice(struct slice actual, const char *expected)
{
    const struct slice wanted = slice_of(expected);
    assert_int_equal(actual.data == NULL, expected == NULL);
    assert_int_equal(actual.size, wanted.size);
    if (expected)
        assert_memory_equal(actual.data, expected, wanted.size);
}

static void assert_moved(void (*rewrite)(struct slice, struct slice, struct slice, struct buffer *),
                         const char *text, const char *expected)
{
    struct buffer out;
    buffer_init(&out, MAX);
    rewrite(slice_of(text), slice_of(upstream), slice_of(base), &out);
    assert_int_equal(out.error, 0);
    assert_int_equal(out.size, strlen(expected));
    if (out.size)
        assert_memory_equal(out.data, expected, out.size);
    buffer_done(&out);
}

static void test_relations_are_found_in_githubs_own_form(void **state)
{
    (void)state;
    const struct slice link = slice_of("<https://api.github.com/user/repos?page=2>; rel=\"next\", "
                                       "<https://api.github.com/user/repos?page=9>; rel=\"last\"");

    assert_slice(github_link_find(link, slice_of("next")),
                 "https://api.github.com/user/repos?page=2");
    assert_slice(github_link_find(link, slice_of("last")),
                 "https://api.github.com/user/repos?page=9");
    assert_slice(github_link_find(link, slice_of("prev")), NULL);
    assert_slice(github_link_find(link, slice_of("nex")), NULL);
}

static void test_relations_are_found_in_every_form_of_the_standard(void **state)
{
    (void)state;
    const char *const forms[] = {
        "<u>;rel=next",
        "<u> ; REL = Next",
        " , <u>; title=\"a, <b>; rel=next\"; rel=\"next\"",
        "<v>; title=\"<x>; rel=\\\"next\"; rel=prev,<u>; rel=\"prev next\"",
        "<u>; a; rel=next; rel=prev",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        assert_slice(github_link_find(slice_of(forms[i]), slice_of("next")), "u");
    assert_slice(github_link_find(slice_of("<a,b;c>; rel=next"), slice_of("next")), "a,b;c");
}

static void test_what_is_no_link_has_no_relations(void **state)
{
    (void)state;
    const char *const cases[] = {
        NULL,
        "",
        "u; rel=next",
        "<u; rel=next",
        "<u>",
        "<u>,",
        "<u> x",
        "<u>; rel=prev; rel=next",
        "<u>; title=\"; rel=next",
        "<u>; rel",
        "x, <u>; rel=next",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_slice(github_link_find(slice_of(cases[i]), slice_of("next")), NULL);
}

static void test_all_targets_of_a_link_are_moved_and_no_other_byte(void **state)
{
    (void)state;
    assert_moved(github_link_rewrite,
                 "<https://api.github.com/a?page=2>; rel=\"next\",  <https://api.github.com>; "
                 "title=\"https://api.github.com/x\" , <https://evil.example/>; rel=x;",
                 "<http://127.0.0.1:9480/a?page=2>; rel=\"next\",  <http://127.0.0.1:9480>; "
                 "title=\"https://api.github.com/x\" , <https://evil.example/>; rel=x;");
    assert_moved(github_link_rewrite, "", "");
    assert_moved(github_link_rewrite, "<https://api.github.com/a", "<https://api.github.com/a");
}

static void test_only_addresses_below_the_upstream_are_moved(void **state)
{
    (void)state;
    assert_moved(github_link_rewrite_url, "https://api.github.com/a/b?c",
                 "http://127.0.0.1:9480/a/b?c");
    assert_moved(github_link_rewrite_url, "https://api.github.com", "http://127.0.0.1:9480");
    assert_moved(github_link_rewrite_url, "https://api.github.com?a", "http://127.0.0.1:9480?a");
    const char *const kept[] = {
        "https://api.github.com.evil.example/",
        "https://api.github.com:443/a",
        "https://api.github.com@evil/",
        "http://api.github.com/a",
        "https://api.github.co",
        "/repositories/1/issues",
        "x https://api.github.com/",
        "",
    };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_moved(github_link_rewrite_url, kept[i], kept[i]);
}

static void test_strings_of_a_body_that_begin_with_the_upstream_are_moved(void **state)
{
    (void)state;
    assert_moved(github_link_rewrite_body,
                 "{\"url\":\"https://api.github.com/a\", \"u\" : \"https://api.github.com\","
                 "\"t\":\"https://api.github.com/a{/b}\",\"v\":[\"https://api.github.com{?q}\"],"
                 "\"https://api.github.com?k\":1}",
                 "{\"url\":\"http://127.0.0.1:9480/a\", \"u\" : \"http://127.0.0.1:9480\","
                 "\"t\":\"http://127.0.0.1:9480/a{/b}\",\"v\":[\"http://127.0.0.1:9480{?q}\"],"
                 "\"http://127.0.0.1:9480?k\":1}");
    assert_moved(github_link_rewrite_body, "\"https://api.github.com/\"",
                 "\"http://127.0.0.1:9480/\"");
}

static void test_text_that_mentions_the_upstream_stays(void **state)
{
    (void)state;
    const char *const kept[] = {
        "{\"body\":\"see https://api.github.com/a\"}",
        "{\"body\":\"say \\\"https://api.github.com/a\\\"\"}",
        "{\"body\":\"\\\\\\\"https://api.github.com/a\"}",
        "{\"url\":\"https://api.github.com.evil.example/\"}",
        "{\"url\":\"https://api.github.com:443/\"}",
        "{\"url\":\"https://api.github.com\\/a\"}",
        "{\"url\":\"https://github.com/a\"}",
        "https://api.github.com/a",
        "\"https://api.github.com",
        "\"https://api.github.co",
        "\"",
        "",
    };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_moved(github_link_rewrite_body, kept[i], kept[i]);
}

static void test_a_body_over_the_buffers_limit_is_an_error_there(void **state)
{
    (void)state;
    struct buffer out;
    buffer_init(&out, 8);

    github_link_rewrite_body(slice_of("[\"https://api.github.com/a\"]"), slice_of(upstream),
                             slice_of(base), &out);

    assert_int_equal(out.error, -EMSGSIZE);
    buffer_done(&out);
}

static void test_parameters_are_read_as_github_reads_them(void **state)
{
    (void)state;
    const struct slice query = slice_of("per_page=100&page=2&pag=3&page=7&x=&y=1a&z");

    assert_int_equal(github_link_parameter(query, "per_page", 30), 100);
    assert_int_equal(github_link_parameter(query, "page", 1), 7);
    assert_int_equal(github_link_parameter(query, "absent", 5), 5);
    assert_int_equal(github_link_parameter(query, "x", 5), 5);
    assert_int_equal(github_link_parameter(query, "y", 5), 5);
    assert_int_equal(github_link_parameter(query, "z", 5), 5);
    assert_int_equal(github_link_parameter(slice_of(NULL), "page", 1), 1);
    assert_true(github_link_parameter(slice_of("a=18446744073709551615"), "a", 0) == UINT64_MAX);
    assert_int_equal(github_link_parameter(slice_of("a=18446744073709551616"), "a", 3), 3);
    assert_int_equal(github_link_parameter(slice_of("page=2&page=x"), "page", 1), 1);
}

static void assert_page(const char *query, uint64_t page, const char *expected)
{
    struct buffer out;
    buffer_init(&out, MAX);
    github_link_set_page(slice_of("/a"), slice_of(query), page, &out);
    assert_string_equal(out.data, expected);
    buffer_done(&out);
}

static void test_the_page_is_replaced_or_added(void **state)
{
    (void)state;
    assert_page(NULL, 2, "/a?page=2");
    assert_page("", 2, "/a?page=2");
    assert_page("page=1", 2, "/a?page=2");
    assert_page("a=1&page=1&b=2", 3, "/a?a=1&page=3&b=2");
    assert_page("per_page=100&b", 2, "/a?per_page=100&b&page=2");
    assert_page("page", UINT64_MAX, "/a?page=18446744073709551615");
    assert_page("page=1&page=9", 2, "/a?page=2&page=2");
}

static void test_numeric_ids_are_found_in_paths_and_addresses(void **state)
{
    (void)state;
    const char *const found[] = {
        "/repositories/42",
        "/repositories/42/issues?page=2",
        "/repositories/42?a",
        "https://api.github.com/repositories/42/issues?page=2",
        "http://127.0.0.1:9480/repositories/42",
    };
    const char *const none[] = {
        "/repositories",
        "/repositories/",
        "/repositories/4x",
        "/repositories/-1",
        "/repos/42/1",
        "/x/repositories/42",
        "https://h",
        "https://h?/repositories/42",
        "",
        "/repositories/18446744073709551616",
        "/repositories/0",
    };
    for (size_t i = 0; i < sizeof found / sizeof *found; i++)
        assert_int_equal(github_link_repository_id(slice_of(found[i])), 42);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(github_link_repository_id(slice_of(none[i])), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relations_are_found_in_githubs_own_form),
        cmocka_unit_test(test_relations_are_found_in_every_form_of_the_standard),
        cmocka_unit_test(test_what_is_no_link_has_no_relations),
        cmocka_unit_test(test_all_targets_of_a_link_are_moved_and_no_other_byte),
        cmocka_unit_test(test_only_addresses_below_the_upstream_are_moved),
        cmocka_unit_test(test_strings_of_a_body_that_begin_with_the_upstream_are_moved),
        cmocka_unit_test(test_text_that_mentions_the_upstream_stays),
        cmocka_unit_test(test_a_body_over_the_buffers_limit_is_an_error_there),
        cmocka_unit_test(test_parameters_are_read_as_github_reads_them),
        cmocka_unit_test(test_the_page_is_replaced_or_added),
        cmocka_unit_test(test_numeric_ids_are_found_in_paths_and_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
