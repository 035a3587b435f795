/* Hexadecimal text: what is written is read back, and nothing else is read. */
#include "base/hex.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_bytes_are_written_as_lower_case_digits(void **state)
{
    (void)state;
    static const uint8_t data[] = {0x00, 0x09, 0x0a, 0x7f, 0x80, 0xff};
    char text[2 * sizeof data + 1];

    hex_encode(data, sizeof data, text);

    assert_string_equal(text, "00090a7f80ff");
}

static void test_no_bytes_are_an_empty_text(void **state)
{
    (void)state;
    char text[1] = {'x'};

    hex_encode(NULL, 0, text);

    assert_string_equal(text, "");
    assert_int_equal(hex_decode(slice_of(""), NULL, 0), 0);
}

static void test_every_byte_is_read_back(void **state)
{
    (void)state;
    for (unsigned value = 0; value <= UINT8_MAX; value++) {
        const uint8_t byte = (uint8_t)value;
        uint8_t back = (uint8_t)~byte;
        char text[3];

        hex_encode(&byte, 1, text);

        assert_int_equal(hex_decode(slice_of(text), &back, 1), 0);
        assert_int_equal(back, byte);
    }
}

static void test_digits_of_either_case_are_read(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0xab, 0xcd, 0xef};
    uint8_t data[sizeof expected];

    assert_int_equal(hex_decode(slice_of("aBCdEf"), data, sizeof data), 0);

    assert_memory_equal(data, expected, sizeof expected);
}

static void test_a_text_of_another_length_is_refused(void **state)
{
    (void)state;
    uint8_t data[2];

    assert_int_equal(hex_decode(slice_of("abc"), data, sizeof data), -EBADMSG);
    assert_int_equal(hex_decode(slice_of("abcde"), data, sizeof data), -EBADMSG);
    assert_int_equal(hex_decode(slice_of(""), data, sizeof data), -EBADMSG);
}

static void test_the_neighbours_of_digits_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"/0", ":0", "@0", "G0", "`0", "g0", "0/", "0:",      "0@",
                                        "0G", "0`", "0g", " 0", "0x", "-1", "+1", "\xff\xff"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint8_t byte;
        assert_int_equal(hex_decode(slice_of(texts[i]), &byte, 1), -EBADMSG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_written_as_lower_case_digits),
        cmocka_unit_test(test_no_bytes_are_an_empty_text),
        cmocka_unit_test(test_every_byte_is_read_back),
        cmocka_unit_test(test_digits_of_either_case_are_read),
        cmocka_unit_test(test_a_text_of_another_length_is_refused),
        cmocka_unit_test(test_the_neighbours_of_digits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
