/* The scan for what may be a mutation, in whatever pieces a body comes. */
#include "github/graphql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Scans the text in pieces of that size. */
static bool is_suspect(const char *text, size_t piece)
{
    struct github_graphql scan = {.is_suspect = false};
    const size_t size = strlen(text);
    for (size_t at = 0; at < size; at += piece)
        github_graphql_scan(&scan, text + at, size - at < piece ? size - at : piece);
    return scan.is_suspect;
}

static void test_a_plain_query_is_not_suspect(void **state)
{
    (void)state;
    assert_false(is_suspect("{\"query\":\"query { viewer { login } }\"}", 1000));
    assert_false(is_suspect("", 1));
    assert_false(is_suspect("{\"query\":\"{ mutatio }\"}", 1000));
}

static void test_a_mutation_is_suspect_wherever_its_pieces_end(void **state)
{
    static const char text[] = "{\"query\":\"mutation { addStar { id } }\"}";
    (void)state;
    for (size_t piece = 1; piece < sizeof text; piece++)
        assert_true(is_suspect(text, piece));
}

static void test_a_beginning_within_the_word_does_not_hide_it(void **state)
{
    (void)state;
    assert_true(is_suspect("mmutation", 1000));
    assert_true(is_suspect("mutamutation", 1000));
    assert_true(is_suspect("mutatiomutation", 1000));
}

static void test_an_escape_that_could_spell_it_is_suspect(void **state)
{
    (void)state;
    assert_true(is_suspect("{\"query\":\"\\u006dutation { x }\"}", 1000));
    assert_true(is_suspect("\\u", 1));
}

static void test_an_escaped_backslash_spells_nothing(void **state)
{
    (void)state;
    assert_false(is_suspect("\"\\\\u\"", 1000));
    assert_false(is_suspect("\"\\\\u\"", 1));
    assert_true(is_suspect("\"\\\\\\u006d\"", 1));
    assert_false(is_suspect("\"\\n\\\"\"", 1));
}

static void test_once_suspect_stays_suspect(void **state)
{
    struct github_graphql scan = {.is_suspect = false};
    (void)state;
    github_graphql_scan(&scan, "mutation", strlen("mutation"));

    github_graphql_scan(&scan, "{\"query\":\"{x}\"}", 5);

    assert_true(scan.is_suspect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plain_query_is_not_suspect),
        cmocka_unit_test(test_a_mutation_is_suspect_wherever_its_pieces_end),
        cmocka_unit_test(test_a_beginning_within_the_word_does_not_hide_it),
        cmocka_unit_test(test_an_escape_that_could_spell_it_is_suspect),
        cmocka_unit_test(test_an_escaped_backslash_spells_nothing),
        cmocka_unit_test(test_once_suspect_stays_suspect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
