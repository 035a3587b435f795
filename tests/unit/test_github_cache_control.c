/* Cache-Control: what a client demands is never understood more loosely than it was said. */
#include "github/cache_control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const int64_t strictest_min_fresh_s = INT64_C(1) << 31;

static struct github_cache_control parse(const char *text)
{
    return github_cache_control_parse(slice_of(text), slice_of(NULL));
}

static void test_nothing_said_is_nothing_demanded(void **state)
{
    (void)state;
    const char *const cases[] = {NULL, "", " , ,",
                                 "public, x-unknown=1, no-cachex, stale-if-error=5"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct github_cache_control control = parse(cases[i]);

        assert_false(control.no_cache || control.no_store || control.only_if_cached ||
                     control.max_stale_any);
        assert_int_equal(control.max_age_s, GITHUB_CACHE_CONTROL_UNSET);
        assert_int_equal(control.min_fresh_s, GITHUB_CACHE_CONTROL_UNSET);
        assert_int_equal(control.max_stale_s, GITHUB_CACHE_CONTROL_UNSET);
    }
}

static void test_all_directives_are_read_without_case(void **state)
{
    (void)state;
    const struct github_cache_control control =
        parse("No-Cache,NO-STORE ,\tonly-if-cached, MAX-AGE=60, min-fresh = \"5\", max-stale=7");

    assert_true(control.no_cache);
    assert_true(control.no_store);
    assert_true(control.only_if_cached);
    assert_int_equal(control.max_age_s, 60);
    assert_int_equal(control.min_fresh_s, 5);
    assert_int_equal(control.max_stale_s, 7);
    assert_false(control.max_stale_any);
}

static void test_max_stale_without_a_number_allows_any_age(void **state)
{
    (void)state;
    assert_true(parse("max-stale").max_stale_any);
    assert_int_equal(parse("max-stale").max_stale_s, GITHUB_CACHE_CONTROL_UNSET);
    assert_false(parse("max-stale, max-stale=3").max_stale_any);
    assert_int_equal(parse("max-stale, max-stale=3").max_stale_s, 3);
}

static void test_malformed_and_huge_numbers_count_as_the_strictest(void **state)
{
    (void)state;
    const char *const numbers[] = {"",    "x",   "-1",  "+1",         "1.5",
                                   "1 2", "0x1", "\"1", "2147483649", "9999999999999999999999",
                                   "\"\""};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[256];
        const int size = snprintf(text, sizeof text, "max-age=%s, min-fresh=%s, max-stale=%s",
                                  numbers[i], numbers[i], numbers[i]);
        assert_in_range(size, 1, sizeof text - 1);
        const struct github_cache_control control = parse(text);

        assert_int_equal(control.max_age_s, 0);
        if (numbers[i][0] == '"' && numbers[i][1] == '1')
            continue; /* an open quote swallows what follows */
        assert_int_equal(control.min_fresh_s, strictest_min_fresh_s);
        assert_int_equal(control.max_stale_s, 0);
    }
    assert_int_equal(parse("max-age").max_age_s, 0);
    assert_int_equal(parse("min-fresh").min_fresh_s, strictest_min_fresh_s);
    assert_int_equal(parse("max-age=2147483648").max_age_s, strictest_min_fresh_s);
}

static void test_of_two_directives_the_stricter_holds(void **state)
{
    (void)state;
    assert_int_equal(parse("max-age=5, max-age=9").max_age_s, 5);
    assert_int_equal(parse("max-age=9, max-age=5").max_age_s, 5);
    assert_int_equal(parse("min-fresh=5, min-fresh=9, min-fresh=1").min_fresh_s, 9);
    assert_int_equal(parse("max-stale=9, max-stale=5").max_stale_s, 5);
}

static void test_commas_in_quoted_strings_separate_nothing(void **state)
{
    (void)state;
    const struct github_cache_control control =
        parse("ext=\"a, no-store, \\\", max-age=1\", no-cache=\"set-cookie\"");

    assert_false(control.no_store);
    assert_int_equal(control.max_age_s, GITHUB_CACHE_CONTROL_UNSET);
    assert_true(control.no_cache);
}

static void test_pragma_counts_only_without_cache_control(void **state)
{
    (void)state;
    const struct slice none = slice_of(NULL), pragma = slice_of("x, No-Cache");

    assert_true(github_cache_control_parse(none, pragma).no_cache);
    assert_false(github_cache_control_parse(slice_of("max-age=5"), pragma).no_cache);
    assert_false(github_cache_control_parse(slice_of(""), pragma).no_cache);
    assert_false(github_cache_control_parse(none, slice_of("no-store, max-age=0")).no_store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_said_is_nothing_demanded),
        cmocka_unit_test(test_all_directives_are_read_without_case),
        cmocka_unit_test(test_max_stale_without_a_number_allows_any_age),
        cmocka_unit_test(test_malformed_and_huge_numbers_count_as_the_strictest),
        cmocka_unit_test(test_of_two_directives_the_stricter_holds),
        cmocka_unit_test(test_commas_in_quoted_strings_separate_nothing),
        cmocka_unit_test(test_pragma_counts_only_without_cache_control),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
