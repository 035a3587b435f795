/* BLAKE2b against vectors computed by Python's hashlib (RFC 7693), and how texts are told apart. */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"

static void assert_hash(const uint8_t *hash, size_t size, const char *expected)
{
    char text[2 * HASH_SIZE + 1];
    hex_encode(hash, size, text);
    assert_string_equal(text, expected);
}

static void test_a_plain_hash_matches_the_known_vector(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE];

    hash_of(NULL, "abc", 3, hash, sizeof hash);

    assert_hash(hash, sizeof hash,
                "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void test_a_short_hash_is_not_a_cut_long_one(void **state)
{
    (void)state;
    uint8_t hash[HASH_ID_SIZE];

    hash_of(NULL, "abc", 3, hash, sizeof hash);

    assert_hash(hash, sizeof hash, "cf4ab791c62b8d2b2109c90275287816");
}

static void test_a_keyed_hash_matches_the_known_vector(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE], key[HASH_KEY_SIZE];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;

    hash_of(key, "abc", 3, hash, sizeof hash);

    assert_hash(hash, sizeof hash,
                "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

static void test_nothing_has_a_hash_too(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE];

    hash_of(NULL, NULL, 0, hash, sizeof hash);

    assert_hash(hash, sizeof hash,
                "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
}

static void test_bytes_added_in_parts_hash_as_one(void **state)
{
    (void)state;
    uint8_t parts[HASH_SIZE], whole[HASH_SIZE];
    struct hash hash;
    hash_of(NULL, "abcdef", 6, whole, sizeof whole);

    hash_start(&hash, NULL, sizeof parts);
    hash_add(&hash, "ab", 2);
    hash_add(&hash, "", 0);
    hash_add(&hash, "cdef", 4);
    hash_finish(&hash, parts, sizeof parts);

    assert_memory_equal(parts, whole, sizeof whole);
}

static void test_a_text_is_hashed_after_its_length(void **state)
{
    (void)state;
    uint8_t ret[HASH_SIZE];
    struct hash hash;

    hash_start(&hash, NULL, sizeof ret);
    hash_add_text(&hash, slice_of("abc"));
    hash_finish(&hash, ret, sizeof ret);

    assert_hash(ret, sizeof ret,
                "7481e9dc42d8247a21e3207b4865a791d7ab7f7119c932efd03508b1148efc29");
}

static void pair_of(const char *first, const char *second, uint8_t ret[static HASH_SIZE])
{
    struct hash hash;
    hash_start(&hash, NULL, HASH_SIZE);
    hash_add_text(&hash, slice_of(first));
    hash_add_text(&hash, slice_of(second));
    hash_finish(&hash, ret, HASH_SIZE);
}

static void test_two_texts_do_not_run_into_each_other(void **state)
{
    (void)state;
    uint8_t one[HASH_SIZE], other[HASH_SIZE];

    pair_of("ab", "c", one);
    pair_of("a", "bc", other);

    assert_memory_not_equal(one, other, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plain_hash_matches_the_known_vector),
        cmocka_unit_test(test_a_short_hash_is_not_a_cut_long_one),
        cmocka_unit_test(test_a_keyed_hash_matches_the_known_vector),
        cmocka_unit_test(test_nothing_has_a_hash_too),
        cmocka_unit_test(test_bytes_added_in_parts_hash_as_one),
        cmocka_unit_test(test_a_text_is_hashed_after_its_length),
        cmocka_unit_test(test_two_texts_do_not_run_into_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
