/* Accept: clients that ask for the same thing in other words share an answer, and no others do. */
#include "github/accept.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char plain[] = "application/vnd.github+json";

static void assert_folds(const char *accept, const char *expected)
{
    char text[GITHUB_REPRESENTATION_MAX + 1];
    struct slice value = slice_of(accept);
    char *copy =
        malloc(value.size ? value.size : 1); /* without a terminator: its end is the memory's */
    assert_non_null(copy);
    if (value.size)
        memcpy(copy, value.data, value.size);
    value.data = accept ? copy : NULL;
    assert_int_equal(github_accept_fold(value, text), 0);
    assert_string_equal(text, expected);
    free(copy);
}

static void test_all_spellings_of_plain_json_are_one(void **state)
{
    (void)state;
    const char *const spellings[] = {
        NULL,
        "",
        " ",
        ",",
        "*/*",
        "application/json",
        "Application/JSON",
        "application/vnd.github+json",
        "application/vnd.github.v3+json",
        "application/vnd.github.V3+json",
        "application/vnd.github.VERSION+json",
        "application/vnd.github.v3+json;charset=utf-8",
        "application/json; charset=UTF-8",
        "application/json; q=0.9, */*;q=0.1",
        "application/vnd.github.v3+json, application/json",
        "*/*;q=1.000",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        assert_folds(spellings[i], plain);
}

static void test_a_media_type_loses_its_version_only(void **state)
{
    (void)state;
    assert_folds("application/vnd.github.v3.raw", "application/vnd.github.raw");
    assert_folds("application/vnd.github.VERSION.raw", "application/vnd.github.raw");
    assert_folds("application/vnd.github.raw", "application/vnd.github.raw");
    assert_folds("application/vnd.github.v3.RAW+json", "application/vnd.github.raw+json");
    assert_folds("application/vnd.github.v3.star+json", "application/vnd.github.star+json");
    assert_folds("application/vnd.github.text-match+json",
                 "application/vnd.github.text-match+json");
    assert_folds("application/vnd.github.v3.diff; charset=utf-8", "application/vnd.github.diff");
    assert_folds("application/vnd.github.sha;q=1.0", "application/vnd.github.sha");
}

static void test_representations_that_differ_stay_apart(void **state)
{
    (void)state;
    const char *const kept[] = {
        "application/vnd.github.raw",
        "application/vnd.github.raw+json",
        "application/vnd.github.html",
        "application/vnd.github.html+json",
        "application/vnd.github.full+json",
        "application/vnd.github.object",
        "application/vnd.github.patch",
        "application/vnd.github.nebula-preview",
        "application/vnd.github.nebula-preview+json",
        "application/vnd.github.v3",
        "application/vnd.github.beta+json",
        "application/vnd.github.v4+json",
        "application/vnd.github",
        "application/vnd.github.",
        "application/vnd.githubx+json",
        "application/octet-stream",
        "application/*",
        "text/html",
    };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_folds(kept[i], kept[i]);
    assert_folds("application/json;q=0", "application/vnd.github+json;q=0");
    assert_folds("application/json;Version=1", "application/vnd.github+json;version=1");
}

static void test_a_list_keeps_its_order_and_its_previews(void **state)
{
    (void)state;
    assert_folds("application/vnd.github.merge-info-preview+json, application/vnd.github."
                 "nebula-preview",
                 "application/vnd.github.merge-info-preview+json, application/vnd.github."
                 "nebula-preview");
    assert_folds("application/vnd.github.v3.raw,,\tapplication/json ; q=0.5 ,",
                 "application/vnd.github.raw, application/vnd.github+json;q=0.5");
    assert_folds("text/html, */*", "text/html, */*");
    assert_folds("*/*, text/html", "*/*, text/html");
}

static void test_what_cannot_be_folded_safely_is_refused(void **state)
{
    (void)state;
    char text[GITHUB_REPRESENTATION_MAX + 1];
    const char *const cases[] = {
        "text/html;a=\"b,c\"",
        "application/ json",
        "application/json;q =1",
        "a/b\r\nX: y",
        "a/b\x7f",
        "\xc3\xbc/x",
        "a b",
        "a/b;c= d",
        ";",
        ";charset=utf-8",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(github_accept_fold(slice_of(cases[i]), text), -EBADMSG);
    const struct slice zero = {.data = "a\0b", .size = 3};
    assert_int_equal(github_accept_fold(zero, text), -EBADMSG);
}

static void test_a_representation_at_its_limit_fits_and_one_byte_more_does_not(void **state)
{
    (void)state;
    char accept[GITHUB_REPRESENTATION_MAX + 1], text[GITHUB_REPRESENTATION_MAX + 1];
    struct slice value = {.data = accept, .size = sizeof accept};
    memset(accept, 'a', sizeof accept);

    assert_int_equal(github_accept_fold(value, text), -EMSGSIZE);
    value.size--;
    assert_int_equal(github_accept_fold(value, text), 0);

    assert_int_equal(strlen(text), GITHUB_REPRESENTATION_MAX);
}

static void test_long_plain_json_is_still_short(void **state)
{
    (void)state;
    static char accept[4096];
    const struct slice value = {.data = accept, .size = sizeof accept};
    char text[GITHUB_REPRESENTATION_MAX + 1];
    memset(accept, ',', sizeof accept);

    assert_int_equal(github_accept_fold(value, text), 0);

    assert_string_equal(text, plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_spellings_of_plain_json_are_one),
        cmocka_unit_test(test_a_media_type_loses_its_version_only),
        cmocka_unit_test(test_representations_that_differ_stay_apart),
        cmocka_unit_test(test_a_list_keeps_its_order_and_its_previews),
        cmocka_unit_test(test_what_cannot_be_folded_safely_is_refused),
        cmocka_unit_test(test_a_representation_at_its_limit_fits_and_one_byte_more_does_not),
        cmocka_unit_test(test_long_plain_json_is_still_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
