/* What is read out of bodies, and all that must not be believed. */
#include "github/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "github/limits.h"

enum { FOUND_MAX = 8, DEPTH_MAX = 64, VALUES_MAX = 131072 };

#define PUBLIC "{\"id\":7,\"full_name\":\"o/r\",\"private\":false}"

static struct github_facts *read_body(const char *body)
{
    return github_facts_read(slice_of(body));
}

static bool is_unknown(const char *body)
{
    struct github_facts *facts = read_body(body);
    const bool unknown = facts == NULL;
    github_facts_destroy(&facts);
    return unknown;
}

static int64_t items(const char *body)
{
    struct github_facts *facts = read_body(body);
    assert_non_null(facts);
    const int64_t count = github_facts_items(facts);
    github_facts_destroy(&facts);
    return count;
}

static bool is_completed(const char *body)
{
    struct github_facts *facts = read_body(body);
    assert_non_null(facts);
    const bool completed = github_facts_is_completed(facts);
    github_facts_destroy(&facts);
    return completed;
}

/* Writes "o/r=7 public, ..." for all that a body tells. */
static void describe(const char *body, char *ret, size_t size)
{
    struct github_facts_repository found[FOUND_MAX];
    struct github_facts *facts = read_body(body);
    assert_non_null(facts);
    const size_t count = github_facts_repositories(facts, found, FOUND_MAX);
    size_t at = 0;
    ret[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const int written =
            snprintf(ret + at, size - at, "%s%.*s=%llu %s", i ? ", " : "",
                     (int)found[i].full_name.size, found[i].full_name.data,
                     (unsigned long long)found[i].id, found[i].is_public ? "public" : "private");
        assert_true(written > 0 && (size_t)written < size - at);
        at += (size_t)written;
    }
    github_facts_destroy(&facts);
}

static void assert_tells(const char *body, const char *expected)
{
    char told[512];
    describe(body, told, sizeof told);
    assert_string_equal(told, expected);
}

static void test_elements_of_a_list_are_counted(void **state)
{
    (void)state;

    assert_int_equal(items("[]"), 0);
    assert_int_equal(items(" [1, {}, [2, 3], null]\n"), 4);
    assert_int_equal(items("{\"total_count\":1,\"workflow_runs\":[1]}"), -1);
    assert_int_equal(items("\"[]\""), -1);
    assert_int_equal(items("null"), -1);
}

static void test_only_a_plain_top_level_status_is_believed(void **state)
{
    (void)state;

    assert_true(is_completed("{\"id\":1,\"status\":\"completed\",\"conclusion\":null}"));
    assert_false(is_completed("{\"status\":\"in_progress\"}"));
    assert_false(is_completed("{\"status\":\"completed \"}"));
    assert_false(is_completed("{\"status\":[\"completed\"]}"));
    assert_false(is_completed("{\"Status\":\"completed\"}"));
    assert_false(is_completed("{\"run\":{\"status\":\"completed\"}}"));
    assert_false(is_completed("[{\"status\":\"completed\"}]"));
    assert_false(is_completed("{\"status\":\"completed\",\"status\":\"completed\"}"));
    assert_false(is_completed("{\"status\":\"completed\",\"st\\u0061tus\":\"queued\"}"));
}

static void test_a_repository_tells_its_visibility(void **state)
{
    (void)state;

    assert_tells(PUBLIC, "o/r=7 public");
    assert_tells("{\"id\":7,\"full_name\":\"o/r\",\"private\":true}", "o/r=7 private");
    assert_tells("{\"full_name\":\"o/r\",\"visibility\":\"public\"}", "o/r=0 public");
    assert_tells("{\"full_name\":\"o/r\",\"visibility\":\"internal\"}", "o/r=0 private");
    assert_tells("{\"full_name\":\"o/r\",\"visibility\":\"public\",\"private\":false}",
                 "o/r=0 public");
    assert_tells("{\"full_name\":\"o/r\",\"visibility\":\"internal\",\"private\":true}",
                 "o/r=0 private");
}

static void test_repositories_are_found_where_github_puts_them(void **state)
{
    (void)state;

    assert_tells("{\"repository\":" PUBLIC "}", "o/r=7 public");
    assert_tells("[" PUBLIC ",{\"full_name\":\"o/s\",\"private\":true}]",
                 "o/r=7 public, o/s=0 private");
    assert_tells("[{\"repository\":" PUBLIC "}]", "o/r=7 public");
    assert_tells("{\"total_count\":1,\"repositories\":[" PUBLIC "]}", "o/r=7 public");
    assert_tells("{\"items\":[{\"repository\":" PUBLIC "}]}", "o/r=7 public");
    assert_tells("{\"workflow_runs\":[{\"repository\":" PUBLIC "}]}", "o/r=7 public");
}

/* A deployment's payload, a hook's delivery, a fork's parent: not what the answer is about. */
static void test_repositories_anywhere_else_are_not_believed(void **state)
{
    (void)state;

    assert_tells("{\"payload\":" PUBLIC "}", "");
    assert_tells("{\"payload\":[" PUBLIC "]}", "");
    assert_tells("{\"payload\":{\"repository\":" PUBLIC "}}", "");
    assert_tells("{\"parent\":" PUBLIC "}", "");
    assert_tells("[[" PUBLIC "]]", "");
    assert_tells("{\"repository\":[" PUBLIC "]}", "");
    assert_tells("{\"repository\":{\"repository\":" PUBLIC "}}", "");
}

static void test_anything_odd_about_visibility_is_unknown(void **state)
{
    (void)state;
    static const char *const members[] = {
        "\"x\":1",
        "\"private\":0",
        "\"private\":null",
        "\"private\":\"false\"",
        "\"Private\":false",
        "\"visibility\":null",
        "\"visibility\":false",
        "\"private\":false,\"visibility\":\"private\"",
        "\"private\":false,\"visibility\":\"internal\"",
        "\"private\":true,\"visibility\":\"public\"",
        "\"private\":false,\"visibility\":null",
        "\"private\":null,\"visibility\":\"public\"",
        "\"private\":false,\"private\":false",
        "\"private\":false,\"private\":true",
        "\"private\":false,\"p\\u0072ivate\":true",
        "\"visibility\":\"public\",\"visibility\":\"public\"",
        "\"private\":false,\"full_name\":\"o/r\"",
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        char body[256];
        assert_true(snprintf(body, sizeof body, "{\"full_name\":\"o/r\",%s}", members[i]) > 0);
        assert_tells(body, "");
    }
}

static void test_only_names_of_repositories_are_taken(void **state)
{
    (void)state;
    static const char *const names[] = {
        "null",      "7",        "\"\"",       "\"r\"",         "\"/r\"",    "\"o/\"",
        "\"o/r/s\"", "\"o /r\"", "\"o/r\\n\"", "\"o/\\u00e9\"", "\"../r?\"", "[\"o/r\"]",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char body[256];
        assert_true(snprintf(body, sizeof body, "{\"full_name\":%s,\"private\":false}", names[i]) >
                    0);
        assert_tells(body, "");
    }
    assert_tells("{\"full_name\":\"My_Org-1/.github\",\"private\":false}",
                 "My_Org-1/.github=0 public");
}

static void test_the_longest_names_are_taken_and_no_longer(void **state)
{
    (void)state;
    char name[GITHUB_NAME_MAX + 2], body[512];
    struct github_facts_repository found;
    memset(name, 'n', sizeof name);
    name[GITHUB_NAME_MAX] = '\0';
    assert_true(
        snprintf(body, sizeof body, "{\"full_name\":\"%s/%s\",\"private\":false}", name, name) > 0);
    struct github_facts *facts = read_body(body);
    assert_int_equal(github_facts_repositories(facts, &found, 1), 1);
    assert_int_equal(found.full_name.size, 2 * GITHUB_NAME_MAX + 1);
    github_facts_destroy(&facts);

    name[GITHUB_NAME_MAX] = 'n';
    name[GITHUB_NAME_MAX + 1] = '\0';
    assert_true(snprintf(body, sizeof body, "{\"full_name\":\"o/%s\",\"private\":false}", name) >
                0);
    assert_tells(body, "");
}

static void test_ids_that_a_double_can_not_hold_are_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *id, *told;
    } cases[] = {
        {"9007199254740991", "o/r=9007199254740991 public"},
        {"9007199254740992", "o/r=0 public"},
        {"9007199254740993", "o/r=0 public"},
        {"1e300", "o/r=0 public"},
        {"0", "o/r=0 public"},
        {"-7", "o/r=0 public"},
        {"7.5", "o/r=0 public"},
        {"\"7\"", "o/r=0 public"},
        {"7,\"id\":7", "o/r=0 public"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char body[256];
        assert_true(snprintf(body, sizeof body,
                             "{\"full_name\":\"o/r\",\"private\":false,\"id\":%s}",
                             cases[i].id) > 0);
        assert_tells(body, cases[i].told);
    }
}

static void test_a_repository_named_twice_counts_as_the_stricter(void **state)
{
    (void)state;

    assert_tells("[" PUBLIC "," PUBLIC "]", "o/r=7 public");
    assert_tells("[" PUBLIC ",{\"id\":7,\"full_name\":\"O/R\",\"private\":true}]", "o/r=7 private");
    assert_tells("[{\"id\":8,\"full_name\":\"O/R\",\"private\":true}," PUBLIC "]", "O/R=0 private");
}

static void test_an_escaped_zero_makes_all_unknown(void **state)
{
    (void)state;

    assert_true(is_unknown("{\"full_name\":\"o/r\\u0000x\",\"private\":false}"));
    assert_true(is_unknown("{\"x\":\"\\\\\\u0000\"}"));
    assert_true(is_unknown("{\"private\\u0000\":false}"));
    assert_false(is_unknown("{\"x\":\"\\\\u0000\"}"));
    assert_false(is_unknown("{\"x\":\"\\u0001\"}"));
}

static void test_what_is_not_json_to_its_end_is_unknown(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",        " ",        "{",         "[1,]",      "[1",         "[]]",   "[] x",
        "{}{}",    "{\"a\"}",  "{\"a\":1,", "{\"1\":1,", "\"",         "\"\\",  "\"\\u00",
        "nul",     "[1 2]",    "{a:1}",     "'a'",       "\xff\xfe[]", "[01x]", "--1",
        "<html/>", "{\"a\":}", "[\"\\x\"]", "[\"a]",     "\\",         "]",     "}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_true(is_unknown(bodies[i]));
}

static void test_a_raw_zero_makes_all_unknown(void **state)
{
    (void)state;
    const struct slice behind = {.data = "[]", .size = 3}, within = {.data = "[\0]", .size = 3};

    assert_null(github_facts_read(behind));
    assert_null(github_facts_read(within));
}

/* The bytes end where the slice does, without a zero. */
static void test_nothing_behind_the_body_is_read(void **state)
{
    (void)state;
    static const char text[] = "{\"1\":1,";
    for (size_t size = 0; size < sizeof text; size++) {
        char *body = malloc(size ? size : 1);
        assert_non_null(body);
        memcpy(body, text, size);
        const struct slice slice = {.data = body, .size = size};
        assert_null(github_facts_read(slice));
        free(body);
    }
}

static struct github_facts *read_nested(size_t depth)
{
    struct buffer body;
    buffer_init(&body, GITHUB_FACTS_MAX);
    for (size_t i = 0; i < depth; i++)
        buffer_put_char(&body, '[');
    for (size_t i = 0; i < depth; i++)
        buffer_put_char(&body, ']');
    struct github_facts *facts = github_facts_read(buffer_slice(&body));
    buffer_done(&body);
    return facts;
}

static void test_a_body_nested_too_deep_is_unknown(void **state)
{
    (void)state;
    struct github_facts *deep = read_nested(DEPTH_MAX), *deeper = read_nested(DEPTH_MAX + 1);

    assert_non_null(deep);
    assert_null(deeper);
    github_facts_destroy(&deep);
}

static struct github_facts *read_long(size_t values)
{
    struct buffer body;
    buffer_init(&body, GITHUB_FACTS_MAX);
    buffer_put_text(&body, "[1");
    for (size_t i = 1; i < values; i++)
        buffer_put_text(&body, ",1");
    buffer_put_text(&body, "]");
    struct github_facts *facts = github_facts_read(buffer_slice(&body));
    buffer_done(&body);
    return facts;
}

static void test_a_body_of_too_many_values_is_unknown(void **state)
{
    (void)state;
    struct github_facts *many = read_long(VALUES_MAX), *more = read_long(VALUES_MAX + 1);

    assert_int_equal(github_facts_items(many), VALUES_MAX);
    assert_null(more);
    github_facts_destroy(&many);
}

static void test_a_body_over_the_limit_is_unknown(void **state)
{
    (void)state;
    char *body = malloc(GITHUB_FACTS_MAX + 1);
    assert_non_null(body);
    memset(body, ' ', GITHUB_FACTS_MAX + 1);
    body[0] = '[';
    body[1] = ']';
    struct slice slice = {.data = body, .size = GITHUB_FACTS_MAX};

    struct github_facts *facts = github_facts_read(slice);
    assert_non_null(facts);
    slice.size++;
    assert_null(github_facts_read(slice));

    github_facts_destroy(&facts);
    free(body);
}

static void test_no_more_repositories_are_told_than_there_is_room(void **state)
{
    (void)state;
    struct github_facts_repository found[GITHUB_FACTS_REPOSITORIES_MAX + 1];
    struct buffer body;
    buffer_init(&body, GITHUB_FACTS_MAX);
    for (int i = 0; i <= GITHUB_FACTS_REPOSITORIES_MAX; i++)
        buffer_put_format(&body, "%s{\"full_name\":\"o/r%d\",\"private\":false}", i ? "," : "[", i);
    buffer_put_text(&body, "]");

    struct github_facts *facts = github_facts_read(buffer_slice(&body));

    assert_int_equal(github_facts_items(facts), GITHUB_FACTS_REPOSITORIES_MAX + 1);
    assert_int_equal(github_facts_repositories(facts, found, GITHUB_FACTS_REPOSITORIES_MAX + 1),
                     GITHUB_FACTS_REPOSITORIES_MAX);
    assert_int_equal(github_facts_repositories(facts, found, 2), 2);
    assert_true(slice_equals(found[1].full_name, slice_of("o/r1")));
    github_facts_destroy(&facts);
    buffer_done(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements_of_a_list_are_counted),
        cmocka_unit_test(test_only_a_plain_top_level_status_is_believed),
        cmocka_unit_test(test_a_repository_tells_its_visibility),
        cmocka_unit_test(test_repositories_are_found_where_github_puts_them),
        cmocka_unit_test(test_repositories_anywhere_else_are_not_believed),
        cmocka_unit_test(test_anything_odd_about_visibility_is_unknown),
        cmocka_unit_test(test_only_names_of_repositories_are_taken),
        cmocka_unit_test(test_the_longest_names_are_taken_and_no_longer),
        cmocka_unit_test(test_ids_that_a_double_can_not_hold_are_unknown),
        cmocka_unit_test(test_a_repository_named_twice_counts_as_the_stricter),
        cmocka_unit_test(test_an_escaped_zero_makes_all_unknown),
        cmocka_unit_test(test_what_is_not_json_to_its_end_is_unknown),
        cmocka_unit_test(test_a_raw_zero_makes_all_unknown),
        cmocka_unit_test(test_nothing_behind_the_body_is_read),
        cmocka_unit_test(test_a_body_nested_too_deep_is_unknown),
        cmocka_unit_test(test_a_body_of_too_many_values_is_unknown),
        cmocka_unit_test(test_a_body_over_the_limit_is_unknown),
        cmocka_unit_test(test_no_more_repositories_are_told_than_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
