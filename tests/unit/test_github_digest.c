/* SHA-256: published vectors, and parts that hash as their concatenation. */
#include "github/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"

enum { TEXT_SIZE = 2 * GITHUB_CONTENT_SIZE + 1, MILLION = 1000000 };

static void assert_digest(const uint8_t digest[static GITHUB_CONTENT_SIZE], const char *expected)
{
    char text[TEXT_SIZE];
    hex_encode(digest, GITHUB_CONTENT_SIZE, text);
    assert_string_equal(text, expected);
}

static void test_content_ids_are_sha256(void **state)
{
    (void)state;
    uint8_t digest[GITHUB_CONTENT_SIZE];

    github_digest_content("abc", 3, digest);

    assert_digest(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_nothing_has_a_digest_too(void **state)
{
    (void)state;
    static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    uint8_t digest[GITHUB_CONTENT_SIZE];

    github_digest_content(NULL, 0, digest);
    assert_digest(digest, empty);
    github_digest_parts(NULL, 0, digest);
    assert_digest(digest, empty);
}

static void test_a_long_body_is_hashed_whole(void **state)
{
    (void)state;
    uint8_t digest[GITHUB_CONTENT_SIZE];
    char *body = malloc(MILLION);
    assert_non_null(body);
    memset(body, 'a', MILLION);

    github_digest_content(body, MILLION, digest);

    assert_digest(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(body);
}

static void test_parts_hash_as_their_concatenation(void **state)
{
    (void)state;
    const struct github_digest_part parts[] = {{"a", 1}, {NULL, 0}, {"", 0}, {"bc", 2}};
    uint8_t digest[GITHUB_CONTENT_SIZE];

    github_digest_parts(parts, sizeof parts / sizeof parts[0], digest);

    assert_digest(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_zero_bytes_count_as_any_other(void **state)
{
    (void)state;
    uint8_t one[GITHUB_CONTENT_SIZE], two[GITHUB_CONTENT_SIZE];

    github_digest_content("a\0b", 3, one);
    github_digest_content("a\0c", 3, two);

    assert_memory_not_equal(one, two, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_ids_are_sha256),
        cmocka_unit_test(test_nothing_has_a_digest_too),
        cmocka_unit_test(test_a_long_body_is_hashed_whole),
        cmocka_unit_test(test_parts_hash_as_their_concatenation),
        cmocka_unit_test(test_zero_bytes_count_as_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
