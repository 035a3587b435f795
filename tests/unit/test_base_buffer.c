/* Buffers: they grow to their limit, and an error stays until somebody asked. */
#include "base/buffer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MAX = 300 }; /* more than one allocation of the buffer */

static void fill(struct buffer *buffer, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer_put_char(buffer, (char)('a' + i % 26));
}

static void test_a_new_buffer_is_empty_and_owns_nothing(void **state)
{
    (void)state;
    struct buffer buffer;

    buffer_init(&buffer, MAX);

    assert_null(buffer.data);
    assert_int_equal(buffer_slice(&buffer).size, 0);
    assert_int_equal(buffer.error, 0);
}

static void test_all_ways_of_writing_append_and_terminate(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, MAX);

    buffer_put_text(&buffer, "GET ");
    buffer_put_slice(&buffer, slice_of("/repos"));
    buffer_put_char(&buffer, '?');
    buffer_put_format(&buffer, "page=%d", 2);
    buffer_put(&buffer, "\0x", 2);

    assert_int_equal(buffer.error, 0);
    assert_int_equal(buffer.size, 19);
    assert_memory_equal(buffer.data, "GET /repos?page=2\0x", 20);
    buffer_done(&buffer);
}

static void test_a_buffer_takes_its_maximum(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, MAX);

    fill(&buffer, MAX);

    assert_int_equal(buffer.error, 0);
    assert_int_equal(buffer.size, MAX);
    assert_int_equal(buffer.data[MAX], '\0');
    buffer_done(&buffer);
}

static void test_a_byte_over_the_maximum_is_refused(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, MAX);
    fill(&buffer, MAX);

    buffer_put_char(&buffer, 'x');

    assert_int_equal(buffer.error, -EMSGSIZE);
    assert_int_equal(buffer.size, MAX);
    buffer_done(&buffer);
}

static void test_a_write_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 4);

    buffer_put_text(&buffer, "abc");
    buffer_put_format(&buffer, "%d", 42);

    assert_int_equal(buffer.error, -EMSGSIZE);
    assert_string_equal(buffer.data, "abc");
    buffer_done(&buffer);
}

static void test_an_error_stays_until_the_buffer_is_cleared(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 4);
    buffer_put_text(&buffer, "abcde");

    buffer_put_char(&buffer, 'x');
    assert_int_equal(buffer.size, 0);
    assert_int_equal(buffer.error, -EMSGSIZE);
    buffer_clear(&buffer);
    buffer_put_text(&buffer, "abcd");

    assert_int_equal(buffer.error, 0);
    assert_string_equal(buffer.data, "abcd");
    buffer_done(&buffer);
}

static void test_a_format_at_the_maximum_fits(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 10);

    buffer_put_format(&buffer, "%010d", 7);

    assert_int_equal(buffer.error, 0);
    assert_string_equal(buffer.data, "0000000007");
    buffer_done(&buffer);
}

static void test_a_size_beyond_any_memory_is_refused(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, MAX);
    buffer_put_text(&buffer, "abc");

    buffer_put(&buffer, "x", SIZE_MAX);

    assert_int_equal(buffer.error, -EMSGSIZE);
    assert_string_equal(buffer.data, "abc");
    buffer_done(&buffer);
}

static void test_json_text_is_escaped_where_it_must_be(void **state)
{
    (void)state;
    static const char text[] = "a\"b\\c\n\x1f\x7f\xc3\xa9/";
    const struct slice slice = {.data = text, .size = sizeof text - 1};
    struct buffer buffer;
    buffer_init(&buffer, MAX);

    buffer_put_json(&buffer, slice);

    assert_string_equal(buffer.data, "a\\\"b\\\\c\\u000a\\u001f\\u007f\xc3\xa9/");
    buffer_done(&buffer);
}

static void test_json_escapes_a_zero_byte(void **state)
{
    (void)state;
    const struct slice slice = {.data = "a\0b", .size = 3};
    struct buffer buffer;
    buffer_init(&buffer, MAX);

    buffer_put_json(&buffer, slice);

    assert_string_equal(buffer.data, "a\\u0000b");
    buffer_done(&buffer);
}

static void test_taken_bytes_belong_to_the_caller(void **state)
{
    (void)state;
    struct buffer buffer;
    char *data = NULL;
    size_t size = 0;
    buffer_init(&buffer, MAX);
    buffer_put_text(&buffer, "abc");

    assert_int_equal(buffer_take(&buffer, &data, &size), 0);

    assert_string_equal(data, "abc");
    assert_int_equal(size, 3);
    assert_null(buffer.data);
    assert_int_equal(buffer.size, 0);
    free(data);
}

static void test_an_empty_buffer_gives_an_empty_string(void **state)
{
    (void)state;
    struct buffer buffer;
    char *data = NULL;
    buffer_init(&buffer, 0);

    assert_int_equal(buffer_take(&buffer, &data, NULL), 0);

    assert_string_equal(data, "");
    free(data);
}

static void test_nothing_is_handed_over_after_an_error(void **state)
{
    (void)state;
    struct buffer buffer;
    char *data = NULL;
    size_t size = 77;
    buffer_init(&buffer, 2);
    buffer_put_text(&buffer, "ab");
    buffer_put_char(&buffer, 'c');

    assert_int_equal(buffer_take(&buffer, &data, &size), -EMSGSIZE);

    assert_null(data);
    assert_int_equal(size, 77);
    buffer_done(&buffer);
}

static void test_a_finished_buffer_can_be_used_again(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 3);
    buffer_put_text(&buffer, "abcd");

    buffer_done(&buffer);
    buffer_put_text(&buffer, "abc");

    assert_int_equal(buffer.error, 0);
    assert_string_equal(buffer.data, "abc");
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_buffer_is_empty_and_owns_nothing),
        cmocka_unit_test(test_all_ways_of_writing_append_and_terminate),
        cmocka_unit_test(test_a_buffer_takes_its_maximum),
        cmocka_unit_test(test_a_byte_over_the_maximum_is_refused),
        cmocka_unit_test(test_a_write_is_taken_whole_or_not_at_all),
        cmocka_unit_test(test_an_error_stays_until_the_buffer_is_cleared),
        cmocka_unit_test(test_a_format_at_the_maximum_fits),
        cmocka_unit_test(test_a_size_beyond_any_memory_is_refused),
        cmocka_unit_test(test_json_text_is_escaped_where_it_must_be),
        cmocka_unit_test(test_json_escapes_a_zero_byte),
        cmocka_unit_test(test_taken_bytes_belong_to_the_caller),
        cmocka_unit_test(test_an_empty_buffer_gives_an_empty_string),
        cmocka_unit_test(test_nothing_is_handed_over_after_an_error),
        cmocka_unit_test(test_a_finished_buffer_can_be_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
