/* Escaping of log values: bare words, quotes, control characters, broken UTF-8. */
#include "node/log_escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { OUTPUT_SIZE = 256 };

static void assert_escaped(struct slice text, bool json, const char *expected)
{
    char data[OUTPUT_SIZE] = "";
    struct bytes_out out = bytes_out_over(data, sizeof data - 1);
    node_log_escape_put(text, json, &out);
    assert_false(out.overflowed);
    assert_string_equal(data, expected);
}

static void test_plain_words_stay_bare_in_text_only(void **state)
{
    (void)state;
    assert_escaped(slice_of("a/b:c?d&e"), false, "a/b:c?d&e");
    assert_escaped(slice_of("a/b:c?d&e"), true, "\"a/b:c?d&e\"");
    assert_escaped(slice_of(""), false, "\"\"");
    assert_escaped(slice_of("a b"), false, "\"a b\"");
    assert_escaped(slice_of("a=b"), false, "\"a=b\"");
}

static void test_unicode_text_is_kept(void **state)
{
    (void)state;
    assert_escaped(slice_of("ä €\xf0\x9f\x98\x80"), true, "\"ä €\xf0\x9f\x98\x80\"");
}

static void test_control_and_direction_characters_are_written_as_escapes(void **state)
{
    const struct slice zero = {.data = "\0", .size = 1};
    /* Right-to-left override, line separator, left-to-right isolate. */
    const char direction[] = {'\xe2', '\x80', '\xae', '\xe2', '\x80',
                              '\xa8', '\xe2', '\x81', '\xa6', '\0'};
    (void)state;
    assert_escaped(zero, false, "\"\\u0000\"");
    assert_escaped(slice_of("\x1b[0m\t\x7f"), false, "\"\\u001b[0m\\u0009\\u007f\"");
    assert_escaped(slice_of("\xc2\x9b"), false, "\"\\u009b\"");
    assert_escaped(slice_of(direction), true, "\"\\u202e\\u2028\\u2066\"");
    assert_escaped(slice_of("\xef\xbb\xbf"), true, "\"\\ufeff\"");
}

static void test_each_broken_byte_becomes_a_replacement(void **state)
{
    (void)state;
    assert_escaped(slice_of("\x80"), true, "\"\\ufffd\"");
    assert_escaped(slice_of("\xff\xfe"), true, "\"\\ufffd\\ufffd\"");
    assert_escaped(slice_of("\xe2\x82"), true, "\"\\ufffd\\ufffd\"");
    assert_escaped(slice_of("\xc0\xaf"), true, "\"\\ufffd\\ufffd\"");
    assert_escaped(slice_of("\xe0\x80\xaf"), true, "\"\\ufffd\\ufffd\\ufffd\"");
    assert_escaped(slice_of("\xed\xa0\x80"), true, "\"\\ufffd\\ufffd\\ufffd\"");
    assert_escaped(slice_of("\xf4\x90\x80\x80"), true, "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
    assert_escaped(slice_of("\xf0\x80\x80\x80"), true, "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
}

static void test_a_runner_command_is_disarmed_in_both_forms(void **state)
{
    (void)state;
    assert_escaped(slice_of("##[group]"), false, "\"\\u0023#[group]\"");
    assert_escaped(slice_of("x ###[y"), true, "\"x #\\u0023#[y\"");
    assert_escaped(slice_of("a##b"), true, "\"a##b\"");
}

static void test_too_little_room_is_noticed(void **state)
{
    char data[4];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    (void)state;

    node_log_escape_put(slice_of("abcd"), true, &out);

    assert_true(out.overflowed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_words_stay_bare_in_text_only),
        cmocka_unit_test(test_unicode_text_is_kept),
        cmocka_unit_test(test_control_and_direction_characters_are_written_as_escapes),
        cmocka_unit_test(test_each_broken_byte_becomes_a_replacement),
        cmocka_unit_test(test_a_runner_command_is_disarmed_in_both_forms),
        cmocka_unit_test(test_too_little_room_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
