/* The pipe: order, limits, ends, and two threads at once. */
#include "github/stream.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CAPACITY = 8, TOTAL = 1000000, RACE_CAPACITY = 997 };

static int setup(void **state)
{
    struct github_stream *stream = NULL;
    const int r = github_stream_new(CAPACITY, &stream);
    *state = stream;
    return r;
}

static int teardown(void **state)
{
    struct github_stream *stream = *state;
    github_stream_destroy(&stream);
    return stream != NULL;
}

static void expect(struct github_stream *stream, const char *text)
{
    char got[2 * CAPACITY] = "";
    assert_int_equal(github_stream_read(stream, got, sizeof got - 1), strlen(text));
    assert_string_equal(got, text);
}

static void test_bytes_come_out_in_the_order_they_went_in(void **state)
{
    assert_int_equal(github_stream_write(*state, "abc", 3), 3);
    assert_int_equal(github_stream_write(*state, "de", 2), 2);

    expect(*state, "abcde");
}

static void test_bytes_go_round_the_end_of_the_ring(void **state)
{
    for (int i = 0; i < 3 * CAPACITY; i++) {
        assert_int_equal(github_stream_write(*state, "xyz", 3), 3);
        expect(*state, "xyz");
    }
}

static void test_a_full_pipe_takes_no_more_and_remembers_who_waits(void **state)
{
    assert_int_equal(github_stream_write(*state, "12345678", CAPACITY), CAPACITY);
    assert_true(github_stream_is_full(*state));
    assert_false(github_stream_was_full(*state));

    assert_int_equal(github_stream_write(*state, "9", 1), 0);

    assert_true(github_stream_was_full(*state));
    assert_false(github_stream_was_full(*state));
    expect(*state, "12345678");
    assert_int_equal(github_stream_used(*state), 0);
}

static void test_a_write_that_fits_in_part_is_taken_in_part(void **state)
{
    assert_int_equal(github_stream_write(*state, "1234567", 7), 7);

    assert_int_equal(github_stream_write(*state, "89", 2), 1);

    assert_true(github_stream_was_full(*state));
    expect(*state, "12345678");
}

static void test_all_or_nothing_is_nothing_when_one_byte_is_too_many(void **state)
{
    assert_true(github_stream_write_all(*state, "1234567", 7));
    assert_true(github_stream_write_all(*state, "8", 1));

    assert_false(github_stream_write_all(*state, "9", 1));

    assert_true(github_stream_was_full(*state));
    expect(*state, "12345678");
    assert_true(github_stream_write_all(*state, "12345678", CAPACITY));
}

static void test_an_empty_pipe_says_later_and_an_ended_one_says_end(void **state)
{
    char byte;
    assert_int_equal(github_stream_read(*state, &byte, 1), -EAGAIN);
    assert_int_equal(github_stream_write(*state, "a", 1), 1);

    github_stream_end(*state, 0);

    assert_true(github_stream_has_ended(*state));
    expect(*state, "a");
    assert_int_equal(github_stream_read(*state, &byte, 1), 0);
}

static void test_a_break_is_told_after_the_bytes_before_it(void **state)
{
    char byte;
    assert_int_equal(github_stream_write(*state, "a", 1), 1);

    github_stream_end(*state, -EPROTO);
    github_stream_end(*state, 0);

    expect(*state, "a");
    assert_int_equal(github_stream_read(*state, &byte, 1), -EPROTO);
}

static void test_nothing_is_taken_behind_the_end(void **state)
{
    github_stream_end(*state, 0);

    assert_int_equal(github_stream_write(*state, "a", 1), 0);
    assert_int_equal(github_stream_used(*state), 0);
}

static void test_a_look_leaves_the_bytes_in_place(void **state)
{
    char seen[4] = "";
    assert_int_equal(github_stream_write(*state, "abcd", 4), 4);

    assert_int_equal(github_stream_peek(*state, seen, 2), 2);

    assert_string_equal(seen, "ab");
    expect(*state, "abcd");
}

static void *write_all_numbers(void *cls)
{
    struct github_stream *stream = cls;
    for (uint32_t i = 0; i < TOTAL;) {
        const char byte = (char)(i * 31 % 251);
        if (github_stream_write(stream, &byte, 1) == 1)
            i++;
        else
            sched_yield();
    }
    github_stream_end(stream, 0);
    return NULL;
}

static void test_no_byte_is_lost_between_two_threads(void **state)
{
    struct github_stream *stream = NULL;
    pthread_t writer;
    char block[100];
    ssize_t size;
    size_t at = 0, wrong = 0;
    (void)state;
    assert_int_equal(github_stream_new(RACE_CAPACITY, &stream), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_all_numbers, stream), 0);

    while ((size = github_stream_read(stream, block, sizeof block)) != 0) {
        if (size == -EAGAIN)
            sched_yield();
        for (ssize_t i = 0; i < size; i++, at++)
            wrong += block[i] != (char)(at * 31 % 251);
    }

    pthread_join(writer, NULL);
    assert_int_equal(at, TOTAL);
    assert_int_equal(wrong, 0);
    github_stream_destroy(&stream);
}

#define STREAM_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STREAM_TEST(test_bytes_come_out_in_the_order_they_went_in),
        STREAM_TEST(test_bytes_go_round_the_end_of_the_ring),
        STREAM_TEST(test_a_full_pipe_takes_no_more_and_remembers_who_waits),
        STREAM_TEST(test_a_write_that_fits_in_part_is_taken_in_part),
        STREAM_TEST(test_all_or_nothing_is_nothing_when_one_byte_is_too_many),
        STREAM_TEST(test_an_empty_pipe_says_later_and_an_ended_one_says_end),
        STREAM_TEST(test_a_break_is_told_after_the_bytes_before_it),
        STREAM_TEST(test_nothing_is_taken_behind_the_end),
        STREAM_TEST(test_a_look_leaves_the_bytes_in_place),
        cmocka_unit_test(test_no_byte_is_lost_between_two_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
