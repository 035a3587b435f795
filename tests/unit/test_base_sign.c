/* What signing promises: a purpose is part of what is signed, and the table's algorithm is RFC
 * 8032's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ed25519.h"
#include "base/hex.h"
#include "base/sign.h"

static const uint8_t seed[SIGN_SEED_SIZE] = {7};
static const uint8_t largest[SIGN_DATA_MAX];

static struct sign_key make_key(void)
{
    struct sign_key key;
    sign_key_from_seed(ed25519_functions(), seed, &key);
    return key;
}

static void test_the_table_is_ed25519_of_rfc_8032(void **state)
{
    (void)state;
    /* Section 7.1, test 2. */
    uint8_t secret[SIGN_SEED_SIZE], public_key[SIGN_PUBLIC_SIZE], expected[SIGN_SIZE];
    uint8_t signature[SIGN_SIZE];
    struct sign_key key;
    const uint8_t message[] = {0x72};
    assert_int_equal(
        hex_decode(slice_of("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
                   secret, sizeof secret),
        0);
    assert_int_equal(
        hex_decode(slice_of("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
                   public_key, sizeof public_key),
        0);
    assert_int_equal(
        hex_decode(slice_of("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
                   expected, sizeof expected),
        0);

    sign_key_from_seed(ed25519_functions(), secret, &key);
    ed25519_functions()->sign(&key, message, sizeof message, signature);

    assert_memory_equal(key.public_key, public_key, sizeof public_key);
    assert_memory_equal(signature, expected, sizeof expected);
}

static void test_what_is_signed_begins_with_the_purpose_and_a_zero_byte(void **state)
{
    (void)state;
    const struct sign_key key = make_key();
    uint8_t signature[SIGN_SIZE];
    const char message[] = "runmesh1 record\0bytes";

    sign_data(ed25519_functions(), &key, "record", "bytes", 5, signature);

    assert_true(ed25519_functions()->verify(key.public_key, (const uint8_t *)message,
                                            sizeof message - 1, signature));
}

static void test_a_signature_holds_for_its_purpose_bytes_and_key_alone(void **state)
{
    (void)state;
    const struct sign_functions *functions = ed25519_functions();
    const struct sign_key key = make_key();
    uint8_t signature[SIGN_SIZE], other_key[SIGN_PUBLIC_SIZE] = {0};

    sign_data(functions, &key, "record", "bytes", 5, signature);

    assert_true(sign_holds(functions, key.public_key, "record", "bytes", 5, signature));
    assert_false(sign_holds(functions, key.public_key, "recor", "bytes", 5, signature));
    assert_false(sign_holds(functions, key.public_key, "record", "byteS", 5, signature));
    assert_false(sign_holds(functions, key.public_key, "record", "bytes", 4, signature));
    assert_false(sign_holds(functions, other_key, "record", "bytes", 5, signature));
    for (size_t i = 0; i < sizeof signature; i++) {
        signature[i] ^= 1;
        assert_false(sign_holds(functions, key.public_key, "record", "bytes", 5, signature));
        signature[i] ^= 1;
    }
}

static void test_nothing_and_the_most_can_be_signed(void **state)
{
    (void)state;
    const struct sign_functions *functions = ed25519_functions();
    const struct sign_key key = make_key();
    uint8_t signature[SIGN_SIZE];
    char purpose[SIGN_PURPOSE_MAX + 1];
    memset(purpose, 'p', SIGN_PURPOSE_MAX);
    purpose[SIGN_PURPOSE_MAX] = '\0';

    sign_data(functions, &key, purpose, largest, sizeof largest, signature);
    assert_true(sign_holds(functions, key.public_key, purpose, largest, sizeof largest, signature));

    sign_data(functions, &key, "p", NULL, 0, signature);
    assert_true(sign_holds(functions, key.public_key, "p", NULL, 0, signature));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_is_ed25519_of_rfc_8032),
        cmocka_unit_test(test_what_is_signed_begins_with_the_purpose_and_a_zero_byte),
        cmocka_unit_test(test_a_signature_holds_for_its_purpose_bytes_and_key_alone),
        cmocka_unit_test(test_nothing_and_the_most_can_be_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
