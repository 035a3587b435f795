/* Peer ids against the specification's own example and against texts computed in Python. */
#include "base/peer_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void assert_peer_id(const uint8_t key[static PEER_ID_KEY_SIZE], const char *expected)
{
    char text[PEER_ID_TEXT_SIZE];
    peer_id_format(key, text);
    assert_string_equal(text, expected);
}

/* libp2p specification "peer ids", section "String representation": the key of its Ed25519 example.
 */
static void test_the_example_of_the_specification_is_matched(void **state)
{
    (void)state;
    static const uint8_t key[PEER_ID_KEY_SIZE] = {0x2f, 0xfa, 0x35, 0xa9, 0x9d, 0x3a, 0x3c, 0xfb,
                                                  0xb1, 0x7b, 0xb7, 0xc1, 0xdc, 0x55, 0x61, 0xb1,
                                                  0x8a, 0x8d, 0xcc, 0xa4, 0xdf, 0x38, 0xdc, 0x61,
                                                  0x3e, 0xa8, 0x59, 0xc3, 0x7e, 0xb1, 0x33, 0x6b};

    assert_peer_id(key, "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
}

/* The public key of RFC 8032, 7.1, test 1. */
static void test_an_ed25519_key_is_printed_as_libp2p_does(void **state)
{
    (void)state;
    static const uint8_t key[PEER_ID_KEY_SIZE] = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7,
                                                  0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
                                                  0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25,
                                                  0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};

    assert_peer_id(key, "12D3KooWQK1wnefoLrcVHbbnf5tLzbopUd3K3bFAoJpA7YJgL5pV");
}

static void test_the_smallest_and_largest_key_fit_the_text(void **state)
{
    (void)state;
    uint8_t key[PEER_ID_KEY_SIZE];

    memset(key, 0, sizeof key);
    assert_peer_id(key, "12D3KooW9pNAk8aiBuGVQtWRdbkLmo5qVL3e2h5UxbN2Nz9ttwiw");
    memset(key, 0xff, sizeof key);
    assert_peer_id(key, "12D3KooWT3gYEvLJyx1FyyHqrmvdy1tMjpgxmu9aSeKMEuafQtyC");
}

static void test_keys_that_differ_in_a_bit_have_other_texts(void **state)
{
    (void)state;
    uint8_t key[PEER_ID_KEY_SIZE] = {0};
    char plain[PEER_ID_TEXT_SIZE], changed[PEER_ID_TEXT_SIZE];
    peer_id_format(key, plain);

    for (size_t i = 0; i < sizeof key; i++) {
        key[i] ^= 1;
        peer_id_format(key, changed);
        key[i] ^= 1;
        assert_string_not_equal(plain, changed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_specification_is_matched),
        cmocka_unit_test(test_an_ed25519_key_is_printed_as_libp2p_does),
        cmocka_unit_test(test_the_smallest_and_largest_key_fit_the_text),
        cmocka_unit_test(test_keys_that_differ_in_a_bit_have_other_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
