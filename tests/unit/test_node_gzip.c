/* Coded bodies: what comes out of them again, and when there are none. */
#include "node/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

enum { LARGE = 8 * 1024 * 1024, ANY_WRAPPER = 15 + 16 };

static void expect_round(const char *data, size_t size)
{
    size_t coded_size = 0;
    void *coded = node_gzip_make(data, size, &coded_size);
    unsigned char *plain = malloc(size + 1);
    z_stream stream = {0};
    assert_non_null(coded);
    assert_non_null(plain);
    assert_true(coded_size < size);
    assert_int_equal(inflateInit2(&stream, ANY_WRAPPER), Z_OK);
    stream.next_in = coded;
    stream.avail_in = (uInt)coded_size;
    stream.next_out = plain;
    stream.avail_out = (uInt)size + 1;

    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);

    assert_int_equal(stream.total_out, size);
    assert_int_equal(stream.avail_in, 0);
    assert_memory_equal(plain, data, size);
    inflateEnd(&stream);
    free(plain);
    free(coded);
}

static void test_a_body_comes_out_as_it_went_in(void **state)
{
    static char text[4096];
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "{\"name\":\"value\"},"[i % 17];

    expect_round(text, sizeof text);
}

static void test_the_largest_body_that_is_kept_can_be_coded(void **state)
{
    char *text = calloc(1, LARGE);
    (void)state;
    assert_non_null(text);

    expect_round(text, LARGE);
    free(text);
}

static void test_what_would_not_shrink_is_left_alone(void **state)
{
    static unsigned char noise[4096];
    size_t size = 0;
    unsigned next = 1;
    (void)state;
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)((next = next * 1103515245u + 12345u) >> 16);

    assert_null(node_gzip_make(noise, sizeof noise, &size));
    assert_null(node_gzip_make("a", 1, &size));
    assert_null(node_gzip_make("", 0, &size));
}

static void test_a_body_beyond_what_the_library_counts_is_left_alone(void **state)
{
    size_t size = 0;
    (void)state;
    assert_null(node_gzip_make("a", (size_t)UINT32_MAX + 1, &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_body_comes_out_as_it_went_in),
        cmocka_unit_test(test_the_largest_body_that_is_kept_can_be_coded),
        cmocka_unit_test(test_what_would_not_shrink_is_left_alone),
        cmocka_unit_test(test_a_body_beyond_what_the_library_counts_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
