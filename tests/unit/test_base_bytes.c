/* Cursors: values round trip, and what is too short stays failed. */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_integers_are_written_big_endian(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                                       0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f};
    uint8_t data[sizeof expected];
    struct bytes_out out = bytes_out_over(data, sizeof data);

    bytes_put_u8(&out, 0x01);
    bytes_put_u16(&out, 0x0203);
    bytes_put_u32(&out, 0x04050607);
    bytes_put_u64(&out, UINT64_C(0x08090a0b0c0d0e0f));

    assert_false(out.overflowed);
    assert_ptr_equal(out.at, out.end);
    assert_memory_equal(data, expected, sizeof expected);
}

static void test_integers_are_read_as_they_were_written(void **state)
{
    (void)state;
    uint8_t data[15];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    bytes_put_u8(&out, UINT8_MAX);
    bytes_put_u16(&out, UINT16_MAX - 1);
    bytes_put_u32(&out, UINT32_MAX - 2);
    bytes_put_u64(&out, UINT64_MAX - 3);

    struct bytes_in in = bytes_in_over(data, sizeof data);

    assert_int_equal(bytes_read_u8(&in), UINT8_MAX);
    assert_int_equal(bytes_read_u16(&in), UINT16_MAX - 1);
    assert_int_equal(bytes_read_u32(&in), UINT32_MAX - 2);
    assert_true(bytes_read_u64(&in) == UINT64_MAX - 3);
    assert_false(in.failed);
    assert_int_equal(bytes_left(&in), 0);
}

static void test_a_short_read_yields_zero_and_takes_nothing(void **state)
{
    (void)state;
    static const uint8_t data[] = {0xff, 0xff, 0xff};

    struct bytes_in in = bytes_in_over(data, sizeof data);

    assert_int_equal(bytes_read_u32(&in), 0);
    assert_true(in.failed);
    assert_ptr_equal(in.at, data);
}

static void test_a_failed_reader_stays_failed(void **state)
{
    (void)state;
    static const uint8_t data[] = {0xff, 0xff, 0xff};
    struct bytes_in in = bytes_in_over(data, sizeof data);

    assert_null(bytes_read(&in, 4));

    assert_int_equal(bytes_read_u8(&in), 0);
    assert_null(bytes_read(&in, 0));
    assert_int_equal(bytes_left(&in), 0);
}

static void test_a_reader_gives_exactly_what_is_there(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 2, 3, 4};
    struct bytes_in in = bytes_in_over(data, sizeof data);

    assert_ptr_equal(bytes_read(&in, 1), data);
    assert_int_equal(bytes_left(&in), 3);
    assert_ptr_equal(bytes_read(&in, 3), data + 1);
    assert_false(in.failed);
    assert_null(bytes_read(&in, 1));
}

static void test_a_size_beyond_any_memory_does_not_wrap(void **state)
{
    (void)state;
    uint8_t data[4] = {0};
    struct bytes_in in = bytes_in_over(data, sizeof data);
    struct bytes_out out = bytes_out_over(data, sizeof data);

    assert_null(bytes_read(&in, SIZE_MAX));
    bytes_put(&out, data, SIZE_MAX);

    assert_true(in.failed);
    assert_true(out.overflowed);
}

static void test_a_writer_fills_its_room_to_the_last_byte(void **state)
{
    (void)state;
    uint8_t data[5] = {0, 0, 0, 0, 0xee};
    struct bytes_out out = bytes_out_over(data, 4);

    bytes_put_u32(&out, 0x01020304);

    assert_false(out.overflowed);
    assert_int_equal(data[3], 4);
    assert_int_equal(data[4], 0xee);
}

static void test_an_overflow_writes_nothing_then_or_later(void **state)
{
    (void)state;
    uint8_t data[4] = {0xee, 0xee, 0xee, 0xee};
    struct bytes_out out = bytes_out_over(data, 3);

    bytes_put_u32(&out, 0x01020304);
    bytes_put_u8(&out, 0x05);

    static const uint8_t untouched[] = {0xee, 0xee, 0xee, 0xee};
    assert_true(out.overflowed);
    assert_ptr_equal(out.at, data);
    assert_memory_equal(data, untouched, sizeof data);
}

static void test_no_memory_is_an_empty_range(void **state)
{
    (void)state;
    struct bytes_in in = bytes_in_over(NULL, 0);
    struct bytes_out out = bytes_out_over(NULL, 0);

    bytes_put(&out, NULL, 0);
    assert_false(out.overflowed);
    bytes_put_u8(&out, 1);

    assert_true(out.overflowed);
    assert_int_equal(bytes_left(&in), 0);
    assert_int_equal(bytes_read_u8(&in), 0);
    assert_true(in.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers_are_written_big_endian),
        cmocka_unit_test(test_integers_are_read_as_they_were_written),
        cmocka_unit_test(test_a_short_read_yields_zero_and_takes_nothing),
        cmocka_unit_test(test_a_failed_reader_stays_failed),
        cmocka_unit_test(test_a_reader_gives_exactly_what_is_there),
        cmocka_unit_test(test_a_size_beyond_any_memory_does_not_wrap),
        cmocka_unit_test(test_a_writer_fills_its_room_to_the_last_byte),
        cmocka_unit_test(test_an_overflow_writes_nothing_then_or_later),
        cmocka_unit_test(test_no_memory_is_an_empty_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
