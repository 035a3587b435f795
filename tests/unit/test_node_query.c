/* Parameters of addresses, as forms write them. */
#include "node/query.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { VALUE_MAX = 16 };

static void expect(const char *query, const char *name, int result, const char *value)
{
    struct buffer out;
    buffer_init(&out, VALUE_MAX);
    assert_int_equal(node_query_find(slice_of(query), name, &out), result);
    if (value) {
        assert_int_equal(out.size, strlen(value));
        assert_memory_equal(out.size ? out.data : "", value, out.size);
    }
    buffer_done(&out);
}

static void test_a_parameter_is_found_wherever_it_stands(void **state)
{
    (void)state;
    expect("prefix=/repos&limit=5", "prefix", 0, "/repos");
    expect("prefix=/repos&limit=5", "limit", 0, "5");
    expect("limit=", "limit", 0, "");
    expect("limit", "limit", 0, "");
    expect("x=1&&limit=5&", "limit", 0, "5");
}

static void test_the_first_of_several_counts(void **state)
{
    (void)state;
    expect("limit=1&limit=2", "limit", 0, "1");
}

static void test_an_absent_parameter_is_told_apart_from_an_empty_one(void **state)
{
    (void)state;
    expect("", "limit", -ENOENT, "");
    expect("limits=1&Limit=2&xlimit=3", "limit", -ENOENT, "");
    assert_int_equal(node_query_find((struct slice){.data = NULL, .size = 0}, "x", NULL), -ENOENT);
}

static void test_escapes_and_plus_signs_are_decoded(void **state)
{
    (void)state;
    expect("url=%2Frepos%2fo", "url", 0, "/repos/o");
    expect("url=a+b%2Bc%20d", "url", 0, "a b+c d");
    expect("url=a%3Db=c%26", "url", 0, "a=b=c&");
    expect("url=%FF", "url", 0, "\xff");
}

static void test_malformed_escapes_and_zero_bytes_are_refused(void **state)
{
    (void)state;
    expect("url=%", "url", -EBADMSG, NULL);
    expect("url=%2", "url", -EBADMSG, NULL);
    expect("url=%2g", "url", -EBADMSG, NULL);
    expect("url=%%41", "url", -EBADMSG, NULL);
    expect("url=a%00b", "url", -EBADMSG, NULL);
    expect("url=%4&x=1", "url", -EBADMSG, NULL);
}

static void test_a_value_over_the_limit_stays_an_error_of_the_buffer(void **state)
{
    struct buffer out;
    (void)state;
    expect("url=0123456789abcdef", "url", 0, "0123456789abcdef");
    buffer_init(&out, VALUE_MAX);

    assert_int_equal(node_query_find(slice_of("url=0123456789abcdefg"), "url", &out), 0);

    assert_int_equal(out.error, -EMSGSIZE);
    buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_parameter_is_found_wherever_it_stands),
        cmocka_unit_test(test_the_first_of_several_counts),
        cmocka_unit_test(test_an_absent_parameter_is_told_apart_from_an_empty_one),
        cmocka_unit_test(test_escapes_and_plus_signs_are_decoded),
        cmocka_unit_test(test_malformed_escapes_and_zero_bytes_are_refused),
        cmocka_unit_test(test_a_value_over_the_limit_stays_an_error_of_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
