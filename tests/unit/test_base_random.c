/* Random bytes: all that was asked for and nothing beyond. Whether they are random is libsodium's
 * promise. */
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE = 32, DRAWS = 64 };

static void test_two_draws_are_not_the_same(void **state)
{
    (void)state;
    uint8_t one[SIZE] = {0}, other[SIZE] = {0};

    random_bytes(one, sizeof one);
    random_bytes(other, sizeof other);

    assert_memory_not_equal(one, other, SIZE);
}

/* A byte that stays zero through 64 draws would be chance once in 2^512. */
static void test_every_byte_is_filled_and_none_beyond(void **state)
{
    (void)state;
    uint8_t data[SIZE + 1] = {0}, seen[SIZE] = {0};

    for (int draw = 0; draw < DRAWS; draw++) {
        random_bytes(data, SIZE);
        for (size_t i = 0; i < SIZE; i++)
            seen[i] |= data[i];
    }

    for (size_t i = 0; i < SIZE; i++)
        assert_int_not_equal(seen[i], 0);
    assert_int_equal(data[SIZE], 0);
}

static void test_no_bytes_may_be_asked_for(void **state)
{
    (void)state;
    uint8_t untouched = 7;

    random_bytes(&untouched, 0);

    assert_int_equal(untouched, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_draws_are_not_the_same),
        cmocka_unit_test(test_every_byte_is_filled_and_none_beyond),
        cmocka_unit_test(test_no_bytes_may_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
