/* Reading of GraphQL documents. */
#include "tools/mock-github/query.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct mock_query *read_query(const char *text, const cJSON *variables)
{
    struct mock_query *query = NULL;
    const char *near = NULL;
    assert_int_equal(mock_query_new(text, variables, &query, &near), 0);
    return query;
}

static void test_fields_aliases_and_arguments_are_read(void **state)
{
    (void)state;
    cJSON *variables = cJSON_Parse("{\"owner\":\"octocat\"}");
    struct mock_query *query = read_query(
        "query Q($owner: String!, $n: [Int!]! = 7) @x {\n"
        "  repo: repository(owner: $owner, first: $n, by: {field: AT, up: true}) { name, id }\n"
        "  viewer { login } # the end\n}",
        variables);

    const struct mock_selection *repo = query->first;
    assert_true(slice_equals(repo->alias, slice_of("repo")));
    assert_true(slice_equals(repo->name, slice_of("repository")));
    char *arguments = cJSON_PrintUnformatted(repo->arguments);
    assert_string_equal(
        arguments, "{\"owner\":\"octocat\",\"first\":7,\"by\":{\"field\":\"AT\",\"up\":true}}");
    cJSON_free(arguments);
    assert_true(slice_equals(repo->first->next->name, slice_of("id")));
    assert_true(slice_equals(repo->next->name, slice_of("viewer")));
    assert_null(repo->next->next);
    assert_false(query->is_mutation);
    mock_query_destroy(&query);
    cJSON_Delete(variables);
}

static void test_fragments_and_directives_are_read(void **state)
{
    (void)state;
    struct mock_query *query =
        read_query("fragment f on Issue { title } mutation { a @skip(if: true) ...f "
                   "...on User { b } ... @include(if: true) { c } }",
                   NULL);

    const struct mock_selection *at = query->first;
    assert_true(query->is_mutation && at->is_skipped);
    at = at->next;
    assert_int_equal(at->type, MOCK_SELECTION_SPREAD);
    assert_non_null(mock_query_fragment(query, at->name));
    at = at->next;
    assert_int_equal(at->type, MOCK_SELECTION_INLINE);
    assert_true(slice_equals(at->name, slice_of("User")));
    at = at->next;
    assert_int_equal(at->type, MOCK_SELECTION_INLINE);
    assert_false(at->is_skipped);
    assert_null(mock_query_fragment(query, slice_of("g")));
    mock_query_destroy(&query);
}

static void test_broken_documents_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "query",
        "{ a(b: ) }",
        "{ a(b: \"x) }",
        "{ a(b: [1 }",
        "{ a ",
        "query ( { a }",
        "{ a { } ",
        "}",
        "{ ...on }",
        "fragment f { a } { b }",
    };
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mock_query *query = NULL;
        const char *near = NULL;
        assert_int_equal(mock_query_new(texts[i], NULL, &query, &near), -EINVAL);
        assert_null(query);
        assert_non_null(near);
    }
}

static void test_depth_and_number_of_fields_are_limited(void **state)
{
    enum { DEEP = 100 * 1000 };
    static char deep[DEEP + 1], lists[DEEP + 1], wide[2 * MOCK_GRAPHQL_FIELDS_MAX + 8];
    struct mock_query *query = NULL;
    const char *near = NULL;
    (void)state;
    for (size_t i = 0; i + 1 < DEEP; i += 2)
        memcpy(deep + i, "{a", 2);
    memset(lists, '[', DEEP);
    memcpy(lists, "{a(b:", 5);
    wide[0] = '{';
    for (size_t i = 0; i <= MOCK_GRAPHQL_FIELDS_MAX; i++)
        memcpy(wide + 1 + 2 * i, "a ", 2);
    wide[1 + 2 * (MOCK_GRAPHQL_FIELDS_MAX + 1)] = '}';

    assert_int_equal(mock_query_new(deep, NULL, &query, &near), -EINVAL);
    assert_int_equal(mock_query_new(lists, NULL, &query, &near), -EINVAL);
    assert_int_equal(mock_query_new(wide, NULL, &query, &near), -EINVAL);
    wide[1] = ' ';
    assert_int_equal(mock_query_new(wide, NULL, &query, &near), 0);
    assert_int_equal(query->count, MOCK_GRAPHQL_FIELDS_MAX);
    mock_query_destroy(&query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_aliases_and_arguments_are_read),
        cmocka_unit_test(test_fragments_and_directives_are_read),
        cmocka_unit_test(test_broken_documents_are_refused),
        cmocka_unit_test(test_depth_and_number_of_fields_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
