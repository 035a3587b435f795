/* What chains promise: rights that only narrow, dates, revocation; and each broken rule has a
 * verdict of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cert_office.h"

#define assert_verdict(verdict, expected)                                                          \
    assert_string_equal(cert_verdict_name(verdict), cert_verdict_name(CERT_VERDICT_##expected))

static size_t encode(const struct cert *cert, uint8_t ret_data[static CERT_SIZE_MAX])
{
    struct bytes_out out = bytes_out_over(ret_data, CERT_SIZE_MAX);
    cert_encode(cert, &out);
    assert_false(out.overflowed);
    return (size_t)(out.at - ret_data);
}

static void test_a_whole_chain_is_valid(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);

    assert_verdict(cert_office_judge(&office), valid);
    assert_verdict(cert_chain_verify_delegate(&office.trust, &office.chain[0], OFFICE_NOW_S),
                   valid);
}

static void test_a_node_right_under_the_root_is_valid(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    office.chain[1].flags = CERT_FLAG_ALL;
    office.chain[1].scope_count = 0;
    cert_sign(&office.chain[1], ed25519_functions(), &office.root);

    assert_verdict(cert_chain_verify(&office.trust, &office.chain[1], 1, OFFICE_NOW_S), valid);
}

static void test_a_chain_of_none_or_of_three_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    struct cert three[] = {office.chain[0], office.chain[0], office.chain[1]};
    cert_sign(&three[1], ed25519_functions(), &office.delegate);

    assert_verdict(cert_chain_verify(&office.trust, three, 0, OFFICE_NOW_S), empty_chain);
    assert_verdict(cert_chain_verify(&office.trust, three, 3, OFFICE_NOW_S), chain_too_long);
    assert_verdict(cert_chain_verify(&office.trust, three, 2, OFFICE_NOW_S), wrong_type);
    assert_verdict(cert_chain_verify(&office.trust, three + 1, 2, OFFICE_NOW_S), wrong_root);
}

static void test_a_delegate_is_no_member_and_a_node_no_issuer(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);

    assert_verdict(cert_chain_verify(&office.trust, office.chain, 1, OFFICE_NOW_S), wrong_type);
    office.chain[0].type = CERT_NODE;
    assert_verdict(cert_office_judge(&office), wrong_type);
}

static void test_a_delegate_without_the_right_to_issue_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    office.chain[0].roles = CERT_ROLE_FETCH;

    assert_verdict(cert_office_judge(&office), may_not_issue);
}

static void test_another_root_is_refused_and_a_second_one_taken(void **state)
{
    (void)state;
    struct cert_office office;
    uint8_t roots[2][SIGN_PUBLIC_SIZE];
    cert_office_init(&office);
    const struct sign_key other = cert_office_key(9);
    memcpy(roots[0], other.public_key, SIGN_PUBLIC_SIZE);
    memcpy(roots[1], office.root.public_key, SIGN_PUBLIC_SIZE);

    office.trust.roots = roots[0];
    assert_verdict(cert_office_judge(&office), wrong_root);
    office.trust.root_count = 2;
    assert_verdict(cert_office_judge(&office), valid);
    office.trust.root_count = 0;
    assert_verdict(cert_office_judge(&office), wrong_root);
}

static void test_a_node_of_another_delegate_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    const struct sign_key other = cert_office_key(9);
    cert_sign(&office.chain[1], ed25519_functions(), &other);

    assert_verdict(cert_chain_verify(&office.trust, office.chain, 2, OFFICE_NOW_S), wrong_issuer);
}

static void test_dates_hold_give_or_take_a_minute(void **state)
{
    (void)state;
    struct cert_office office;
    for (int i = 0; i < CERT_CHAIN_MAX; i++) {
        cert_office_init(&office);
        struct cert *cert = &office.chain[i];
        cert->not_before_s = OFFICE_NOW_S + CERT_SKEW_S;
        assert_verdict(cert_office_judge(&office), valid);
        cert->not_before_s++;
        assert_verdict(cert_office_judge(&office), not_yet_valid);

        cert_office_init(&office);
        office.chain[1].not_after_s = OFFICE_NOW_S - CERT_SKEW_S;
        cert->not_after_s = OFFICE_NOW_S - CERT_SKEW_S;
        assert_verdict(cert_office_judge(&office), valid);
        office.chain[1].not_after_s--;
        cert->not_after_s = OFFICE_NOW_S - CERT_SKEW_S - 1;
        assert_verdict(cert_office_judge(&office), expired);
    }
}

static void test_a_node_that_outlives_its_issuer_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    office.chain[1].not_after_s++;

    assert_verdict(cert_office_judge(&office), outlives_issuer);
}

static void test_each_role_that_the_issuer_lacks_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);

    for (int roles = 0; roles <= CERT_ROLES_ALL; roles++) {
        office.chain[1].roles = (uint8_t)roles;
        const enum cert_verdict verdict = cert_office_judge(&office);
        if (roles & (CERT_ROLE_ANNOUNCE | CERT_ROLE_STATE))
            assert_verdict(verdict, roles_widened);
        else
            assert_verdict(verdict, valid);
    }
}

static void test_each_scope_that_the_issuer_lacks_is_refused(void **state)
{
    (void)state;
    static const char *const wider[] = {"acme", "acme/other", "stranger", "stranger/tool"};
    struct cert_office office;

    for (size_t i = 0; i < sizeof wider / sizeof wider[0]; i++) {
        cert_office_init(&office);
        cert_office_add(&office.chain[1], wider[i]);
        assert_verdict(cert_office_judge(&office), scopes_widened);
    }
    cert_office_init(&office);
    cert_office_add(&office.chain[1], "acme/tool");
    assert_verdict(cert_office_judge(&office), valid);
}

static void test_all_scopes_come_only_from_who_has_all(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    office.chain[1].scope_count = 0;
    office.chain[1].flags = CERT_FLAG_ALL;

    assert_verdict(cert_office_judge(&office), scopes_widened);
    office.chain[0].scope_count = 0;
    office.chain[0].flags = CERT_FLAG_ALL;
    assert_verdict(cert_office_judge(&office), valid);
    office.chain[1].flags = 0;
    cert_office_add(&office.chain[1], "anybody/anything");
    assert_verdict(cert_office_judge(&office), valid);
}

static void test_a_revoked_root_delegate_or_node_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    const struct sign_key *keys[] = {&office.root, &office.delegate, &office.node};

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        cert_office_revoke(&office, keys[i]);
        assert_verdict(cert_office_judge(&office), revoked);
    }
}

static void test_a_second_certificate_does_not_help_a_revoked_key(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    cert_office_revoke(&office, &office.node);
    office.chain[1].name[0] = 'N';

    assert_verdict(cert_office_judge(&office), revoked);
}

static void test_a_revocation_ends_at_its_date(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);
    cert_office_revoke(&office, &office.node);

    office.revoked.until_s = OFFICE_NOW_S - CERT_SKEW_S;
    assert_verdict(cert_office_judge(&office), revoked);
    office.revoked.until_s--;
    assert_verdict(cert_office_judge(&office), valid);
}

static void test_every_flipped_bit_of_a_chain_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    cert_office_init(&office);

    for (int i = 0; i < CERT_CHAIN_MAX; i++) {
        uint8_t data[CERT_SIZE_MAX];
        struct cert chain[] = {office.chain[0], office.chain[1]};
        const size_t size = encode(&office.chain[i], data);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            data[bit / 8] ^= (uint8_t)(1 << bit % 8);
            if (cert_decode(data, size, &chain[i]) == 0)
                assert_int_not_equal(cert_chain_verify(&office.trust, chain, 2, OFFICE_NOW_S),
                                     CERT_VERDICT_valid);
            data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
}

/* Row of breaks: what is bent, by number. */
static void bend(struct cert_office *office, unsigned rule)
{
    switch (rule) {
    case 0:
        office->chain[1].not_after_s = OFFICE_NOW_S - OFFICE_DAY_S;
        break;
    case 1:
        office->chain[0].not_before_s = OFFICE_NOW_S + OFFICE_DAY_S;
        break;
    case 2:
        office->trust.root_count = 0;
        break;
    case 3:
        office->chain[1].roles |= CERT_ROLE_STATE;
        break;
    case 4:
        cert_office_add(&office->chain[1], "stranger");
        break;
    case 5:
        office->chain[0].not_after_s = OFFICE_NOW_S + 1;
        office->chain[0].not_before_s = 0;
        break;
    case 6:
        cert_office_revoke(office, &office->delegate);
        break;
    default:
        office->chain[0].roles &= (uint8_t)~CERT_ROLE_ISSUE;
    }
}

static void test_no_combination_of_broken_rules_is_valid(void **state)
{
    (void)state;
    enum { RULES = 8 };
    for (unsigned broken = 1; broken < 1U << RULES; broken++) {
        struct cert_office office;
        cert_office_init(&office);
        for (unsigned rule = 0; rule < RULES; rule++)
            if (broken & 1U << rule)
                bend(&office, rule);
        /* A date of the second and a limit of the first may meet, but never without a verdict. */
        if (office.chain[0].not_before_s > office.chain[0].not_after_s)
            office.chain[0].not_before_s = office.chain[0].not_after_s;
        assert_int_not_equal(cert_office_judge(&office), CERT_VERDICT_valid);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_chain_is_valid),
        cmocka_unit_test(test_a_node_right_under_the_root_is_valid),
        cmocka_unit_test(test_a_chain_of_none_or_of_three_is_refused),
        cmocka_unit_test(test_a_delegate_is_no_member_and_a_node_no_issuer),
        cmocka_unit_test(test_a_delegate_without_the_right_to_issue_is_refused),
        cmocka_unit_test(test_another_root_is_refused_and_a_second_one_taken),
        cmocka_unit_test(test_a_node_of_another_delegate_is_refused),
        cmocka_unit_test(test_dates_hold_give_or_take_a_minute),
        cmocka_unit_test(test_a_node_that_outlives_its_issuer_is_refused),
        cmocka_unit_test(test_each_role_that_the_issuer_lacks_is_refused),
        cmocka_unit_test(test_each_scope_that_the_issuer_lacks_is_refused),
        cmocka_unit_test(test_all_scopes_come_only_from_who_has_all),
        cmocka_unit_test(test_a_revoked_root_delegate_or_node_is_refused),
        cmocka_unit_test(test_a_second_certificate_does_not_help_a_revoked_key),
        cmocka_unit_test(test_a_revocation_ends_at_its_date),
        cmocka_unit_test(test_every_flipped_bit_of_a_chain_is_refused),
        cmocka_unit_test(test_no_combination_of_broken_rules_is_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
