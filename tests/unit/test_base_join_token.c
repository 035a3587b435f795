/* What join tokens promise: exact text both ways, nothing more and nothing less, and a verdict on
 * what is inside. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/join_token.h"
#include "cert_office.h"

static struct join_token make_token(struct cert_office *office)
{
    cert_office_init(office);
    struct join_token token = {.delegate = office->chain[0], .packet_key_number = 7};
    memcpy(token.root, office->root.public_key, sizeof token.root);
    memcpy(token.seed, office->delegate.seed, sizeof token.seed);
    memset(token.fleet_key, 1, sizeof token.fleet_key);
    memset(token.packet_key, 2, sizeof token.packet_key);
    memset(token.scope_keys[0], 3, sizeof token.scope_keys[0]);
    memset(token.scope_keys[1], 4, sizeof token.scope_keys[1]);
    return token;
}

static enum cert_verdict judge(const struct join_token *token, const struct cert_office *office)
{
    return join_token_verify(token, ed25519_functions(), &office->revoked,
                             office->trust.revoked_count, OFFICE_NOW_S);
}

static void test_a_token_reads_back_as_it_was_written(void **state)
{
    (void)state;
    struct cert_office office;
    const struct join_token token = make_token(&office);
    struct join_token read;
    char text[JOIN_TOKEN_TEXT_MAX + 1], again[JOIN_TOKEN_TEXT_MAX + 1];

    join_token_encode(&token, text);

    assert_int_equal(strncmp(text, "rmt1.", 5), 0);
    assert_int_equal(join_token_decode(slice_of(text), &read), 0);
    join_token_encode(&read, again);
    assert_string_equal(text, again);
    assert_memory_equal(read.seed, token.seed, sizeof read.seed);
    assert_memory_equal(read.fleet_key, token.fleet_key, sizeof read.fleet_key);
    assert_memory_equal(read.packet_key, token.packet_key, sizeof read.packet_key);
    assert_memory_equal(read.scope_keys, token.scope_keys, sizeof read.scope_keys);
    assert_int_equal(read.packet_key_number, 7);
}

static void test_a_token_of_eight_scopes_is_the_longest(void **state)
{
    (void)state;
    struct cert_office office;
    struct join_token token = make_token(&office), read;
    char text[JOIN_TOKEN_TEXT_MAX + 1], name[] = "owner0";
    for (; token.delegate.scope_count < CERT_SCOPES_MAX; name[5]++)
        cert_office_add(&token.delegate, name);
    cert_sign(&token.delegate, ed25519_functions(), &office.root);

    join_token_encode(&token, text);

    assert_int_equal(strlen(text), JOIN_TOKEN_TEXT_MAX);
    assert_int_equal(join_token_decode(slice_of(text), &read), 0);
    assert_int_equal(judge(&read, &office), CERT_VERDICT_valid);
}

static void test_every_length_but_the_right_one_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    const struct join_token token = make_token(&office);
    struct join_token read;
    char text[JOIN_TOKEN_TEXT_MAX + 3] = {0};
    join_token_encode(&token, text);
    const size_t size = strlen(text);

    for (size_t i = 0; i < size; i++)
        assert_int_equal(join_token_decode((struct slice){text, i}, &read), -EBADMSG);
    memset(text + size, 'A', 2);
    assert_int_equal(join_token_decode((struct slice){text, size + 1}, &read), -EBADMSG);
    assert_int_equal(join_token_decode((struct slice){text, size + 2}, &read), -EBADMSG);
    assert_int_equal(join_token_decode((struct slice){text, size}, &read), 0);
}

static void test_characters_that_base64url_lacks_are_refused(void **state)
{
    (void)state;
    static const char bad[] = "+/= \n\t\r.\x80";
    struct cert_office office;
    const struct join_token token = make_token(&office);
    struct join_token read;
    char text[JOIN_TOKEN_TEXT_MAX + 1];
    join_token_encode(&token, text);
    const size_t size = strlen(text);

    for (size_t i = 0; i < sizeof bad; i++) {
        const char before = text[size - 1];
        text[size - 1] = bad[i];
        assert_int_equal(join_token_decode((struct slice){text, size}, &read), -EBADMSG);
        text[size - 1] = before;
    }
    text[3] = '2';
    assert_int_equal(join_token_decode((struct slice){text, size}, &read), -EBADMSG);
}

static void test_every_byte_in_any_place_is_refused_or_another_token(void **state)
{
    (void)state;
    struct cert_office office;
    const struct join_token token = make_token(&office);
    struct join_token read;
    char text[JOIN_TOKEN_TEXT_MAX + 1], again[JOIN_TOKEN_TEXT_MAX + 1];
    join_token_encode(&token, text);
    const struct slice whole = {text, strlen(text)};

    for (size_t i = 0; i < whole.size; i++) {
        const char before = text[i];
        for (int byte = 0; byte <= UINT8_MAX; byte++) {
            text[i] = (char)byte;
            if (join_token_decode(whole, &read) < 0)
                continue;
            join_token_encode(&read, again);
            assert_string_equal(text, again);
        }
        text[i] = before;
    }
}

static void test_packet_keys_are_numbered_from_one(void **state)
{
    (void)state;
    struct cert_office office;
    struct join_token token = make_token(&office), read;
    char text[JOIN_TOKEN_TEXT_MAX + 1];

    token.packet_key_number = 0;
    join_token_encode(&token, text);
    assert_int_equal(join_token_decode(slice_of(text), &read), -EBADMSG);
    token.packet_key_number = UINT32_MAX;
    join_token_encode(&token, text);
    assert_int_equal(join_token_decode(slice_of(text), &read), 0);
}

static void test_a_token_is_judged_by_its_certificate_and_seed(void **state)
{
    (void)state;
    struct cert_office office;
    struct join_token token = make_token(&office);

    assert_int_equal(judge(&token, &office), CERT_VERDICT_valid);
    token.seed[0] ^= 1;
    assert_int_equal(judge(&token, &office), CERT_VERDICT_wrong_key);
    token.seed[0] ^= 1;
    token.root[0] ^= 1;
    assert_int_equal(judge(&token, &office), CERT_VERDICT_wrong_root);
    token.root[0] ^= 1;
    token.delegate.roles |= CERT_ROLE_STATE;
    assert_int_equal(judge(&token, &office), CERT_VERDICT_bad_signature);
}

static void test_a_token_of_a_revoked_delegate_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    const struct join_token token = make_token(&office);

    cert_office_revoke(&office, &office.delegate);

    assert_int_equal(judge(&token, &office), CERT_VERDICT_revoked);
}

static void test_a_token_with_the_certificate_of_a_node_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    struct join_token token = make_token(&office);
    token.delegate.type = CERT_NODE;
    cert_sign(&token.delegate, ed25519_functions(), &office.root);

    assert_int_equal(judge(&token, &office), CERT_VERDICT_wrong_type);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_token_reads_back_as_it_was_written),
        cmocka_unit_test(test_a_token_of_eight_scopes_is_the_longest),
        cmocka_unit_test(test_every_length_but_the_right_one_is_refused),
        cmocka_unit_test(test_characters_that_base64url_lacks_are_refused),
        cmocka_unit_test(test_every_byte_in_any_place_is_refused_or_another_token),
        cmocka_unit_test(test_packet_keys_are_numbered_from_one),
        cmocka_unit_test(test_a_token_is_judged_by_its_certificate_and_seed),
        cmocka_unit_test(test_a_token_of_a_revoked_delegate_is_refused),
        cmocka_unit_test(test_a_token_with_the_certificate_of_a_node_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
