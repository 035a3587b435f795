/* Folding of Accept and of API versions. */
#include "tools/mock-github/media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_spellings_of_json_are_one(void **state)
{
    static const char *const spellings[] = {
        "",
        "*/*",
        "application/json",
        "application/vnd.github+json",
        "application/vnd.github.v3+json",
        "application/vnd.github.v3+json;charset=utf-8",
        "application/vnd.github.merge-info-preview+json, application/vnd.github.nebula-preview",
        "text/html, application/json",
    };
    (void)state;

    assert_int_equal(mock_media_read(NULL), MOCK_MEDIA_JSON);
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        assert_int_equal(mock_media_read(spellings[i]), MOCK_MEDIA_JSON);
}

static void test_other_forms_are_kept_apart(void **state)
{
    (void)state;

    assert_int_equal(mock_media_read("application/vnd.github.raw"), MOCK_MEDIA_RAW);
    assert_int_equal(mock_media_read("application/vnd.github.v3.raw+json"), MOCK_MEDIA_RAW);
    assert_int_equal(mock_media_read("application/vnd.github.VERSION.sha"), MOCK_MEDIA_SHA);
    assert_int_equal(mock_media_read("application/vnd.github.object+json"), MOCK_MEDIA_OBJECT);
    assert_int_equal(mock_media_read("application/json, application/vnd.github.diff"),
                     MOCK_MEDIA_DIFF);
    assert_int_equal(mock_media_read("text/plain"), MOCK_MEDIA_UNKNOWN);
    assert_int_equal(mock_media_read("image/png, text/csv"), MOCK_MEDIA_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_of_json_are_one),
        cmocka_unit_test(test_other_forms_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
