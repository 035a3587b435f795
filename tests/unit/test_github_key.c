/* Keys: parameter order does not matter, everything else does. */
#include "github/key.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"

static const uint8_t secret[GITHUB_SECRET_SIZE] = {1, 2, 3};

static struct github_key_parts parts_of(const char *path, const char *query)
{
    const struct github_key_parts parts = {
        .upstream = slice_of("https://api.github.com"),
        .path = slice_of(path),
        .query = slice_of(query),
        .representation = slice_of("application/vnd.github+json"),
        .api_version = slice_of("2022-11-28"),
    };
    return parts;
}

static void assert_text(const char *query, const char *expected_query)
{
    char expected[256];
    struct buffer text;
    const struct github_key_parts parts = parts_of("/a", query);
    const int size = snprintf(expected, sizeof expected,
                              "https://api.github.com/a%s\napplication/vnd.github+json\n2022-11-28",
                              expected_query);
    buffer_init(&text, GITHUB_KEY_TEXT_MAX);

    assert_int_equal(github_key_write(&parts, &text), 0);

    assert_int_equal(text.size, size);
    assert_memory_equal(text.data, expected, text.size);
    buffer_done(&text);
}

static void test_parameters_are_sorted_by_name_and_nothing_else_changes(void **state)
{
    (void)state;
    assert_text(NULL, "");
    assert_text("", "?");
    assert_text("b=2&a=1", "?a=1&b=2");
    assert_text("a=1&b=2", "?a=1&b=2");
    assert_text("page=2&per_page=100", "?page=2&per_page=100");
    assert_text("ab=1&a=2&a", "?a=2&a&ab=1");
    assert_text("q=a+b&B=%20", "?B=%20&q=a+b");
    assert_text("b&&a=", "?&a=&b");
}

static void test_equal_names_keep_their_order(void **state)
{
    (void)state;
    assert_text("x=2&a=1&x=1&x=3", "?a=1&x=2&x=1&x=3");
}

static void hash_parts(const struct github_key_parts *parts, uint8_t ret[GITHUB_KEY_SIZE])
{
    struct buffer text;
    buffer_init(&text, GITHUB_KEY_TEXT_MAX);
    assert_int_equal(github_key_write(parts, &text), 0);
    github_key_hash(buffer_slice(&text), secret, ret);
    buffer_done(&text);
}

static void test_every_part_makes_another_key(void **state)
{
    (void)state;
    struct github_key_parts variants[9];
    uint8_t keys[9][GITHUB_KEY_SIZE];
    for (size_t i = 0; i < 9; i++)
        variants[i] = parts_of("/a", "x=1");
    variants[1].upstream = slice_of("https://ghe.example");
    variants[2].path = slice_of("/A");
    variants[3].query = slice_of("x=2");
    variants[4].query = slice_of("x=%31");
    variants[5].query = slice_of(NULL);
    variants[6].query = slice_of("");
    variants[7].representation = slice_of("application/vnd.github.raw");
    variants[8].api_version = slice_of("");

    for (size_t i = 0; i < 9; i++)
        hash_parts(&variants[i], keys[i]);

    for (size_t i = 0; i < 9; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(keys[i], keys[j], GITHUB_KEY_SIZE);
}

static void test_the_hash_is_keyed_blake2b(void **state)
{
    (void)state;
    uint8_t key[GITHUB_KEY_SIZE], other[GITHUB_KEY_SIZE];
    char text[2 * GITHUB_KEY_SIZE + 1];
    const uint8_t zeros[GITHUB_SECRET_SIZE] = {0};

    github_key_hash(slice_of("abc"), secret, key);
    github_key_hash(slice_of("abc"), zeros, other);

    hex_encode(key, sizeof key, text);
    assert_string_equal(text, "c6e222c093226e14ce07cd7f91d01da9071190d15d9f7aeb690df8bc6d6cd393");
    assert_memory_not_equal(key, other, sizeof key);
}

static void test_a_bound_key_differs_by_token_and_by_key(void **state)
{
    (void)state;
    const uint8_t key[GITHUB_KEY_SIZE] = {9}, other_key[GITHUB_KEY_SIZE] = {8};
    const uint8_t token[GITHUB_TOKEN_ID_SIZE] = {1}, other_token[GITHUB_TOKEN_ID_SIZE] = {2};
    uint8_t bound[4][GITHUB_KEY_SIZE];

    github_key_bind(key, token, bound[0]);
    github_key_bind(key, token, bound[1]);
    github_key_bind(key, other_token, bound[2]);
    github_key_bind(other_key, token, bound[3]);

    assert_memory_equal(bound[0], bound[1], GITHUB_KEY_SIZE);
    assert_memory_not_equal(bound[0], bound[2], GITHUB_KEY_SIZE);
    assert_memory_not_equal(bound[0], bound[3], GITHUB_KEY_SIZE);
    assert_memory_not_equal(bound[0], key, GITHUB_KEY_SIZE);
}

static void test_the_target_is_found_in_the_text(void **state)
{
    (void)state;
    const struct slice upstream = slice_of("https://api.github.com");
    const struct slice text = slice_of("https://api.github.com/a?b=1\njson\n");

    assert_true(slice_equals(github_key_target(text, upstream), slice_of("/a?b=1")));
    assert_null(github_key_target(text, slice_of("https://ghe.example")).data);
    assert_int_equal(github_key_target(slice_of(NULL), upstream).size, 0);
}

static size_t fill(char *query, size_t parameters)
{
    size_t size = 0;
    for (size_t i = 0; i < parameters; i++) {
        query[size++] = i == 0 ? 'z' : '&';
        query[size++] = (char)('a' + (parameters - i) % 26);
    }
    return size;
}

static void test_a_query_at_its_limit_fits_and_one_parameter_more_does_not(void **state)
{
    (void)state;
    char query[2 * (GITHUB_QUERY_PARAMETERS_MAX + 1)];
    struct github_key_parts parts = parts_of("/a", NULL);
    struct buffer text;
    buffer_init(&text, GITHUB_KEY_TEXT_MAX);
    parts.query.data = query;

    parts.query.size = fill(query, GITHUB_QUERY_PARAMETERS_MAX + 1);
    assert_int_equal(github_key_write(&parts, &text), -EMSGSIZE);
    assert_int_equal(text.size, 0);
    parts.query.size = fill(query, GITHUB_QUERY_PARAMETERS_MAX);
    assert_int_equal(github_key_write(&parts, &text), 0);

    buffer_done(&text);
}

static void test_a_full_buffer_keeps_its_error(void **state)
{
    (void)state;
    const struct github_key_parts parts = parts_of("/a", "b");
    struct buffer text;
    buffer_init(&text, 30);

    assert_int_equal(github_key_write(&parts, &text), 0);

    assert_int_equal(text.error, -EMSGSIZE);
    buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters_are_sorted_by_name_and_nothing_else_changes),
        cmocka_unit_test(test_equal_names_keep_their_order),
        cmocka_unit_test(test_every_part_makes_another_key),
        cmocka_unit_test(test_the_hash_is_keyed_blake2b),
        cmocka_unit_test(test_a_bound_key_differs_by_token_and_by_key),
        cmocka_unit_test(test_the_target_is_found_in_the_text),
        cmocka_unit_test(test_a_query_at_its_limit_fits_and_one_parameter_more_does_not),
        cmocka_unit_test(test_a_full_buffer_keeps_its_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
