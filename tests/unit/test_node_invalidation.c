/* The body of an invalidation: exactly one form is understood. */
#include "node/invalidation.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_prefix(const char *body, const char *expected)
{
    char *prefix = NULL;
    assert_int_equal(node_invalidation_read(slice_of(body), &prefix), 0);
    assert_string_equal(prefix, expected);
    free(prefix);
}

static void expect_refusal(struct slice body)
{
    char *prefix = NULL;
    assert_int_equal(node_invalidation_read(body, &prefix), -EBADMSG);
    assert_null(prefix);
}

static void test_the_one_member_is_read(void **state)
{
    (void)state;
    expect_prefix("{\"prefix\":\"/repos/o/r\"}", "/repos/o/r");
    expect_prefix(" { \"prefix\" : \"\\/repos\\u002fo\" }\n", "/repos/o");
    expect_prefix("{\"prefix\":\"\"}", "");
}

static void test_anything_else_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "{}",
        "[]",
        "null",
        "\"/repos\"",
        "{\"prefix\":1}",
        "{\"prefix\":null}",
        "{\"Prefix\":\"/\"}",
        "{\"prefix\":\"/\",\"x\":1}",
        "{\"prefix\":\"/\",\"prefix\":\"/x\"}",
        "{\"prefix\":\"/\"}x",
        "{\"prefix\":\"/\"}{}",
        "{\"prefix\":\"/\"",
        "{prefix:\"/\"}",
        "\xff",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        expect_refusal(slice_of(bodies[i]));
}

static void test_no_zero_byte_cuts_a_prefix_short(void **state)
{
    static const char raw[] = "{\"prefix\":\"/a\"}\0{}";
    (void)state;
    expect_refusal(slice_of("{\"prefix\":\"/a\\u0000/b\"}"));
    expect_refusal((struct slice){.data = raw, .size = sizeof raw - 1});
    expect_refusal((struct slice){.data = "\0", .size = 1});
}

static void test_nesting_without_end_is_refused(void **state)
{
    static char deep[16 * 1024];
    (void)state;
    memset(deep, '[', sizeof deep);

    expect_refusal((struct slice){.data = deep, .size = sizeof deep});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_one_member_is_read),
        cmocka_unit_test(test_anything_else_is_refused),
        cmocka_unit_test(test_no_zero_byte_cuts_a_prefix_short),
        cmocka_unit_test(test_nesting_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
