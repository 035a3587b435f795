/* Slices: borrowed text, compared, cut and read as numbers, with every kind of emptiness. */
#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct slice nothing = {.data = NULL, .size = 0};

static void assert_slice(struct slice slice, const char *expected)
{
    assert_int_equal(slice.size, strlen(expected));
    if (slice.size)
        assert_memory_equal(slice.data, expected, slice.size);
}

static void test_a_null_string_is_the_empty_slice(void **state)
{
    (void)state;

    assert_true(slice_is_empty(slice_of(NULL)));
    assert_true(slice_is_empty(slice_of("")));
    assert_false(slice_is_empty(slice_of("a")));
    assert_true(slice_equals(slice_of(NULL), slice_of("")));
}

static void test_slices_are_equal_in_every_byte(void **state)
{
    (void)state;
    const struct slice zero = {.data = "a\0b", .size = 3}, other = {.data = "a\0c", .size = 3};

    assert_true(slice_equals(slice_of("abc"), slice_of("abc")));
    assert_false(slice_equals(slice_of("abc"), slice_of("ab")));
    assert_false(slice_equals(slice_of("abc"), slice_of("abC")));
    assert_false(slice_equals(zero, other));
    assert_true(slice_equals(zero, zero));
}

static void test_case_is_folded_for_letters_only(void **state)
{
    (void)state;

    assert_true(slice_equals_nocase(slice_of("ETag-Az"), slice_of("etag-aZ")));
    assert_false(slice_equals_nocase(slice_of("@"), slice_of("`")));
    assert_false(slice_equals_nocase(slice_of("["), slice_of("{")));
    assert_false(slice_equals_nocase(slice_of("\xc3\x89"), slice_of("\xc3\xa9")));
    assert_false(slice_equals_nocase(slice_of("ab"), slice_of("abc")));
    assert_true(slice_equals_nocase(nothing, slice_of("")));
}

static void test_beginnings_and_ends_are_found(void **state)
{
    (void)state;
    const struct slice text = slice_of("/repos/o/r");

    assert_true(slice_starts_with(text, slice_of("/repos")));
    assert_true(slice_starts_with(text, text));
    assert_true(slice_starts_with(text, nothing));
    assert_false(slice_starts_with(text, slice_of("/repos/o/r/")));
    assert_false(slice_starts_with(text, slice_of("repos")));
    assert_true(slice_ends_with(text, slice_of("/r")));
    assert_true(slice_ends_with(text, text));
    assert_true(slice_ends_with(text, nothing));
    assert_false(slice_ends_with(text, slice_of("x/repos/o/r")));
    assert_false(slice_ends_with(text, slice_of("o")));
}

static void test_a_needle_is_found_at_either_end(void **state)
{
    (void)state;
    const struct slice text = slice_of("gzip, BR");

    assert_true(slice_contains_nocase(text, slice_of("GZ")));
    assert_true(slice_contains_nocase(text, slice_of("br")));
    assert_true(slice_contains_nocase(text, slice_of("GZIP, br")));
    assert_false(slice_contains_nocase(text, slice_of("gzip, br;")));
    assert_false(slice_contains_nocase(text, slice_of("zp")));
}

static void test_an_empty_needle_is_everywhere(void **state)
{
    (void)state;

    assert_true(slice_contains_nocase(slice_of("a"), nothing));
    assert_true(slice_contains_nocase(nothing, nothing));
    assert_false(slice_contains_nocase(nothing, slice_of("a")));
}

static void test_only_spaces_and_tabs_are_trimmed(void **state)
{
    (void)state;

    assert_slice(slice_trim(slice_of(" \t a b\t ")), "a b");
    assert_slice(slice_trim(slice_of("\na\r")), "\na\r");
    assert_slice(slice_trim(slice_of(" \t ")), "");
    assert_slice(slice_trim(nothing), "");
}

static void test_skipping_ends_at_the_end(void **state)
{
    (void)state;

    assert_slice(slice_skip(slice_of("abc"), 0), "abc");
    assert_slice(slice_skip(slice_of("abc"), 2), "c");
    assert_slice(slice_skip(slice_of("abc"), 3), "");
    assert_slice(slice_skip(slice_of("abc"), 4), "");
    assert_slice(slice_skip(slice_of("abc"), SIZE_MAX), "");
    assert_null(slice_skip(nothing, 1).data);
}

static void test_every_part_is_visited_empty_ones_included(void **state)
{
    (void)state;
    static const char *const expected[] = {"", "a", "", "b", ""};
    struct slice rest = slice_of(",a,,b,");
    size_t count = 0;

    while (rest.data) {
        const struct slice part = slice_next(&rest, ',');
        assert_true(count < 5);
        assert_slice(part, expected[count++]);
    }

    assert_int_equal(count, 5);
}

static void test_a_text_without_separator_is_one_part(void **state)
{
    (void)state;
    struct slice rest = slice_of("abc"), empty = slice_of(""), none = nothing;

    assert_slice(slice_next(&rest, ','), "abc");
    assert_null(rest.data);
    assert_int_equal(rest.size, 0);
    assert_slice(slice_next(&empty, ','), "");
    assert_null(empty.data);
    assert_slice(slice_next(&none, ','), "");
    assert_null(none.data);
}

static void test_numbers_are_read_up_to_their_maximum(void **state)
{
    (void)state;
    uint64_t value = 1;

    assert_true(slice_to_u64(slice_of("0"), 0, &value));
    assert_true(value == 0);
    assert_true(slice_to_u64(slice_of("65535"), UINT16_MAX, &value));
    assert_true(value == UINT16_MAX);
    assert_true(slice_to_u64(slice_of("18446744073709551615"), UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
    assert_true(slice_to_u64(slice_of("00007"), 7, &value));
    assert_true(value == 7);
}

static void test_a_number_over_the_maximum_is_refused(void **state)
{
    (void)state;
    uint64_t value = 42;

    assert_false(slice_to_u64(slice_of("1"), 0, &value));
    assert_false(slice_to_u64(slice_of("9"), 8, &value));
    assert_false(slice_to_u64(slice_of("65536"), UINT16_MAX, &value));
    assert_false(slice_to_u64(slice_of("18446744073709551616"), UINT64_MAX, &value));
    assert_false(slice_to_u64(slice_of("99999999999999999999"), UINT64_MAX, &value));
    assert_false(slice_to_u64(slice_of("184467440737095516150"), UINT64_MAX, &value));
    assert_true(value == 42);
}

static void test_what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " 1", "1 ", "-1", "+1", "0x1", "1e3", "1.0", "/", ":"};
    uint64_t value = 42;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(slice_to_u64(slice_of(texts[i]), UINT64_MAX, &value));
    assert_false(slice_to_u64(nothing, UINT64_MAX, &value));
    assert_true(value == 42);
}

static void test_a_copy_is_terminated_and_independent(void **state)
{
    (void)state;
    char text[] = "abc";
    const struct slice part = {.data = text, .size = 2};

    char *copy = slice_copy(part);
    char *empty = slice_copy(nothing);
    text[0] = 'x';

    assert_string_equal(copy, "ab");
    assert_string_equal(empty, "");
    free(copy);
    free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_null_string_is_the_empty_slice),
        cmocka_unit_test(test_slices_are_equal_in_every_byte),
        cmocka_unit_test(test_case_is_folded_for_letters_only),
        cmocka_unit_test(test_beginnings_and_ends_are_found),
        cmocka_unit_test(test_a_needle_is_found_at_either_end),
        cmocka_unit_test(test_an_empty_needle_is_everywhere),
        cmocka_unit_test(test_only_spaces_and_tabs_are_trimmed),
        cmocka_unit_test(test_skipping_ends_at_the_end),
        cmocka_unit_test(test_every_part_is_visited_empty_ones_included),
        cmocka_unit_test(test_a_text_without_separator_is_one_part),
        cmocka_unit_test(test_numbers_are_read_up_to_their_maximum),
        cmocka_unit_test(test_a_number_over_the_maximum_is_refused),
        cmocka_unit_test(test_what_is_no_number_is_refused),
        cmocka_unit_test(test_a_copy_is_terminated_and_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
