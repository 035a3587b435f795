/* Targets: what can be read in two ways is refused, all else passes byte for byte. */
#include "github/target.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "github/limits.h"

static void assert_slice(struct slice actual, const char *expected)
{
    const struct slice wanted = slice_of(expected);
    assert_int_equal(actual.data == NULL, expected == NULL);
    assert_int_equal(actual.size, wanted.size);
    if (expected)
        assert_memory_equal(actual.data, expected, wanted.size);
}

struct expectation {
    const char *raw, *path, *query, *host;
    bool api_v3;
};

static void assert_parses(const struct expectation *expected)
{
    struct github_target target;
    struct slice host;
    assert_int_equal(github_target_parse(slice_of(expected->raw), &target, &host), 0);
    assert_slice(target.path, expected->path);
    assert_slice(target.query, expected->query);
    assert_slice(host, expected->host);
    assert_int_equal(target.api_v3, expected->api_v3);
}

static void assert_refused(const char *raw)
{
    struct github_target target = {.api_v3 = true};
    struct slice host = slice_of("untouched");
    const int r = github_target_parse(slice_of(raw), &target, &host);
    if (r != -EBADMSG)
        fail_msg("'%s' gave %d", raw, r);
    assert_true(target.api_v3);
    assert_slice(host, "untouched");
}

static void test_path_and_query_are_split_at_the_first_question_mark(void **state)
{
    (void)state;
    const struct expectation cases[] = {
        {.raw = "/", .path = "/"},
        {.raw = "/user/repos", .path = "/user/repos"},
        {.raw = "/user/repos?", .path = "/user/repos", .query = ""},
        {.raw = "/a?b=1&c=?2", .path = "/a", .query = "b=1&c=?2"},
        {.raw = "/?/../x", .path = "/", .query = "/../x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_parses(&cases[i]);
}

static void test_bytes_pass_as_received(void **state)
{
    (void)state;
    const char *const paths[] = {
        "/repos/o/r/contents/a%2Fb%2fc",
        "/repos/o/r/contents/x.json;.css",
        "//double//slash/",
        "/a/...",
        "/a/.b/..c/d..",
        "/%C3%BC/%e2%82%ac",
        "/a+b/%20",
        "/a:b@c!$&'()*,=~[]|^`{}<>\"",
        "/%252e%252e/",
        "/a%2f.b%2f..c",
        "/..;/x",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct expectation expected = {.raw = paths[i], .path = paths[i]};
        assert_parses(&expected);
    }
}

static void test_the_enterprise_prefix_is_cut_at_a_segment_border(void **state)
{
    (void)state;
    const struct expectation cases[] = {
        {.raw = "/api/v3", .path = "/", .api_v3 = true},
        {.raw = "/api/v3/", .path = "/", .api_v3 = true},
        {.raw = "/api/v3?a", .path = "/", .query = "a", .api_v3 = true},
        {.raw = "/api/v3/user?x=1", .path = "/user", .query = "x=1", .api_v3 = true},
        {.raw = "/api/v3/api/v3/user", .path = "/api/v3/user", .api_v3 = true},
        {.raw = "/api/v3x/user", .path = "/api/v3x/user"},
        {.raw = "/API/v3/user", .path = "/API/v3/user"},
        {.raw = "/api%2fv3/user", .path = "/api%2fv3/user"},
        {.raw = "/api/graphql", .path = "/graphql"},
        {.raw = "/api/graphqlx", .path = "/api/graphqlx"},
        {.raw = "/graphql", .path = "/graphql"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_parses(&cases[i]);
}

static void test_an_absolute_form_gives_its_authority(void **state)
{
    (void)state;
    const struct expectation cases[] = {
        {.raw = "http://api.github.com/user", .path = "/user", .host = "api.github.com"},
        {.raw = "HTTPS://h:81/api/v3/x?q",
         .path = "/x",
         .query = "q",
         .host = "h:81",
         .api_v3 = true},
        {.raw = "https://h", .path = "/", .host = "h"},
        {.raw = "https://h?a=1", .path = "/", .query = "a=1", .host = "h"},
        {.raw = "http://[::1]:9480/", .path = "/", .host = "[::1]:9480"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_parses(&cases[i]);
}

static void test_other_forms_are_refused(void **state)
{
    (void)state;
    const char *const cases[] = {
        "",
        "*",
        "user",
        "?a",
        "api.github.com:443",
        "ftp://h/x",
        "http:/x",
        "http://",
        "http:///x",
        "http://?a",
        "https:",
        "file:///etc/passwd",
        "http://a@h/",
        "http://api.github.com@evil/x",
        "%2fuser",
        ".",
        "http://h/%2e%2e/",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i]);
}

static void test_dot_segments_are_refused_in_any_spelling(void **state)
{
    (void)state;
    const char *const cases[] = {
        "/.",         "/..",          "/a/../b",   "/a/./b",   "/a/..",       "/%2e",
        "/%2E%2e/",   "/a/.%2e",      "/a/%2E./b", "/..%2fa",  "/a%2f..%2fb", "/a%2F%2e%2E",
        "/api/v3/..", "/api/v3/../x", "/a/..?b",   "/%2f../x",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i]);
}

static void test_bytes_that_end_or_split_a_line_are_refused(void **state)
{
    (void)state;
    const char *const cases[] = {
        "/a b",  "/a\r\nHost: x", "/a\tb",  "/a\x7f",  "/a\x80",  "/\xc3\xbc", "/a\\b",
        "/a#b",  "/a?b#c",        "/a?b c", "/a?b\\c", "/a?\x01", "/%00",      "/%0d%0aX:%20y",
        "/a%1F", "/a%7f",         "/a%5cb", "/a%5C",   " /a",     "/a ",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i]);
}

static void test_malformed_escapes_are_refused_everywhere(void **state)
{
    (void)state;
    const char *const cases[] = {"/%",    "/%2",       "/%2g",   "/%g2",
                                 "/a%/b", "/a?b=100%", "/a?%zz", "/%%41"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i]);
}

static void test_escapes_in_a_query_are_data(void **state)
{
    (void)state;
    const struct expectation expected = {
        .raw = "/search/code?q=a%0d%0Ab%5Cd%00&p=../..",
        .path = "/search/code",
        .query = "q=a%0d%0Ab%5Cd%00&p=../..",
    };

    assert_parses(&expected);
}

static void test_a_zero_byte_and_a_cut_escape_are_not_read_past(void **state)
{
    (void)state;
    struct github_target target;
    struct slice host;
    const struct slice zero = {.data = "/a\0b", .size = 4}, cut = {.data = "/a%2e", .size = 4};

    assert_int_equal(github_target_parse(zero, &target, &host), -EBADMSG);
    assert_int_equal(github_target_parse(cut, &target, &host), -EBADMSG);
    assert_int_equal(github_target_parse(slice_of(NULL), &target, &host), -EBADMSG);
}

static void test_a_target_at_its_limit_fits_and_one_byte_more_does_not(void **state)
{
    (void)state;
    static char text[GITHUB_TARGET_MAX + 1];
    struct github_target target;
    struct slice host, raw = {.data = text, .size = sizeof text};
    memset(text, 'a', sizeof text);
    text[0] = '/';

    assert_int_equal(github_target_parse(raw, &target, &host), -EMSGSIZE);
    raw.size--;
    assert_int_equal(github_target_parse(raw, &target, &host), 0);

    assert_int_equal(target.path.size, GITHUB_TARGET_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_and_query_are_split_at_the_first_question_mark),
        cmocka_unit_test(test_bytes_pass_as_received),
        cmocka_unit_test(test_the_enterprise_prefix_is_cut_at_a_segment_border),
        cmocka_unit_test(test_an_absolute_form_gives_its_authority),
        cmocka_unit_test(test_other_forms_are_refused),
        cmocka_unit_test(test_dot_segments_are_refused_in_any_spelling),
        cmocka_unit_test(test_bytes_that_end_or_split_a_line_are_refused),
        cmocka_unit_test(test_malformed_escapes_are_refused_everywhere),
        cmocka_unit_test(test_escapes_in_a_query_are_data),
        cmocka_unit_test(test_a_zero_byte_and_a_cut_escape_are_not_read_past),
        cmocka_unit_test(test_a_target_at_its_limit_fits_and_one_byte_more_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
