/* What sealing promises: only the same key and context open, nothing may be changed, and equal
 * bytes don't look equal. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/seal.h"

enum { TEXT_SIZE = 40 };

static const uint8_t key[SEAL_KEY_SIZE] = {1, 2, 3};
static const char text[TEXT_SIZE] = "forty bytes that nobody else should read";

static void test_sealed_bytes_open_with_the_same_key_and_context(void **state)
{
    (void)state;
    uint8_t sealed[TEXT_SIZE + SEAL_OVERHEAD], opened[TEXT_SIZE];

    seal_close(key, slice_of("context"), text, TEXT_SIZE, sealed);

    assert_int_equal(seal_open(key, slice_of("context"), sealed, sizeof sealed, opened), 0);
    assert_memory_equal(opened, text, TEXT_SIZE);
    assert_null(memmem(sealed, sizeof sealed, text, 4));
}

static void test_nothing_seals_to_the_overhead_alone(void **state)
{
    (void)state;
    uint8_t sealed[SEAL_OVERHEAD], opened[1];

    seal_close(key, slice_of("c"), NULL, 0, sealed);

    assert_int_equal(seal_open(key, slice_of("c"), sealed, sizeof sealed, opened), 0);
    assert_int_equal(seal_open(key, slice_of("d"), sealed, sizeof sealed, opened), -EBADMSG);
}

static void test_another_key_or_context_does_not_open(void **state)
{
    (void)state;
    static const uint8_t other_key[SEAL_KEY_SIZE] = {1, 2, 4};
    uint8_t sealed[TEXT_SIZE + SEAL_OVERHEAD], opened[TEXT_SIZE];

    seal_close(key, slice_of("context"), text, TEXT_SIZE, sealed);

    assert_int_equal(seal_open(other_key, slice_of("context"), sealed, sizeof sealed, opened),
                     -EBADMSG);
    assert_int_equal(seal_open(key, slice_of("contexT"), sealed, sizeof sealed, opened), -EBADMSG);
}

static void test_every_flipped_bit_and_every_cut_is_noticed(void **state)
{
    (void)state;
    uint8_t sealed[TEXT_SIZE + SEAL_OVERHEAD], opened[TEXT_SIZE];

    seal_close(key, slice_of("context"), text, TEXT_SIZE, sealed);

    for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(seal_open(key, slice_of("context"), sealed, sizeof sealed, opened),
                         -EBADMSG);
        sealed[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size_t size = 0; size < sizeof sealed; size++)
        assert_int_equal(seal_open(key, slice_of("context"), sealed, size, opened), -EBADMSG);
}

static void test_equal_bytes_are_sealed_differently(void **state)
{
    (void)state;
    uint8_t first[TEXT_SIZE + SEAL_OVERHEAD], second[TEXT_SIZE + SEAL_OVERHEAD];

    seal_close(key, slice_of("context"), text, TEXT_SIZE, first);
    seal_close(key, slice_of("context"), text, TEXT_SIZE, second);

    assert_memory_not_equal(first, second, sizeof first);
}

static void test_a_forgotten_secret_is_gone(void **state)
{
    (void)state;
    static const uint8_t nothing[SEAL_KEY_SIZE];
    uint8_t secret[SEAL_KEY_SIZE];
    memcpy(secret, key, sizeof secret);

    seal_forget(secret, sizeof secret);

    assert_memory_equal(secret, nothing, sizeof secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sealed_bytes_open_with_the_same_key_and_context),
        cmocka_unit_test(test_nothing_seals_to_the_overhead_alone),
        cmocka_unit_test(test_another_key_or_context_does_not_open),
        cmocka_unit_test(test_every_flipped_bit_and_every_cut_is_noticed),
        cmocka_unit_test(test_equal_bytes_are_sealed_differently),
        cmocka_unit_test(test_a_forgotten_secret_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
