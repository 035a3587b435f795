/* What fleet states promise: one layout, signed by a root that was trusted before, a list of
 * revocations that shrinks by itself. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ed25519.h"
#include "base/fleet_state.h"

enum {
    NOW_S = 1000000,
    LIFE_S = 1000,
    AT_ROOT_COUNT = 33,
    AT_REVOKED_COUNT = 34 + SIGN_PUBLIC_SIZE,
};

static struct sign_key make_key(uint8_t number)
{
    const uint8_t seed[SIGN_SEED_SIZE] = {number};
    struct sign_key key;
    sign_key_from_seed(ed25519_functions(), seed, &key);
    return key;
}

static struct fleet_state make_state(void)
{
    const struct sign_key root = make_key(1);
    struct fleet_state fleet = {.version = 1,
                                .issued_s = NOW_S,
                                .expires_s = NOW_S + LIFE_S,
                                .packet_key_number = 1,
                                .lowest_wire = 1,
                                .root_count = 1};
    memcpy(fleet.roots[0], root.public_key, SIGN_PUBLIC_SIZE);
    fleet_state_sign(&fleet, ed25519_functions(), &root);
    return fleet;
}

static size_t encode(const struct fleet_state *fleet, uint8_t *ret_data, size_t room)
{
    struct bytes_out out = bytes_out_over(ret_data, room);
    fleet_state_encode(fleet, &out);
    assert_false(out.overflowed);
    return (size_t)(out.at - ret_data);
}

static void number_id(unsigned number, uint8_t ret_id[static CERT_ID_SIZE])
{
    memset(ret_id, 0, CERT_ID_SIZE);
    ret_id[0] = (uint8_t)(number >> 8);
    ret_id[1] = (uint8_t)number;
}

static int revoke(struct fleet_state *fleet, unsigned number, int64_t until_s)
{
    uint8_t id[CERT_ID_SIZE];
    number_id(number, id);
    return fleet_state_revoke(fleet, id, until_s);
}

static void test_a_state_reads_back_as_it_was_written(void **state)
{
    (void)state;
    struct fleet_state fleet = make_state(), read;
    uint8_t data[FLEET_STATE_SIZE_MAX], again[FLEET_STATE_SIZE_MAX];
    assert_int_equal(revoke(&fleet, 5, NOW_S), 0);
    assert_int_equal(revoke(&fleet, 3, NOW_S + 1), 0);

    const size_t size = encode(&fleet, data, sizeof data);

    assert_int_equal(fleet_state_decode(data, size, &read), 0);
    assert_int_equal(encode(&read, again, sizeof again), size);
    assert_memory_equal(data, again, size);
    assert_int_equal(read.revoked[0].id[1], 3);
}

static void test_every_length_but_the_right_one_is_refused(void **state)
{
    (void)state;
    struct fleet_state fleet = make_state(), read;
    uint8_t data[FLEET_STATE_SIZE_MAX + 1] = {0};
    assert_int_equal(revoke(&fleet, 5, NOW_S), 0);
    const size_t size = encode(&fleet, data, FLEET_STATE_SIZE_MAX);

    for (size_t i = 0; i < size; i++)
        assert_int_equal(fleet_state_decode(data, i, &read), -EBADMSG);
    assert_int_equal(fleet_state_decode(data, size + 1, &read), -EBADMSG);
}

static void test_the_smallest_state_has_one_root_and_nobody_revoked(void **state)
{
    (void)state;
    const struct fleet_state fleet = make_state();
    struct fleet_state read;
    uint8_t data[FLEET_STATE_SIZE_MAX];
    const size_t size = encode(&fleet, data, sizeof data);

    assert_int_equal(size, FLEET_STATE_SIZE_MIN);
    data[AT_ROOT_COUNT] = 0;
    assert_int_equal(fleet_state_decode(data, size, &read), -EBADMSG);
    data[AT_ROOT_COUNT] = FLEET_STATE_ROOTS_MAX + 1;
    assert_int_equal(fleet_state_decode(data, size, &read), -EBADMSG);
    data[AT_ROOT_COUNT] = UINT8_MAX;
    assert_int_equal(fleet_state_decode(data, size, &read), -EBADMSG);
}

static void test_the_largest_state_is_signed_and_taken_and_one_more_refused(void **state)
{
    (void)state;
    const struct sign_key root = make_key(1);
    struct fleet_state fleet = make_state(), read;
    uint8_t data[FLEET_STATE_SIZE_MAX + CERT_ID_SIZE + 8] = {0};
    for (int i = 1; i < FLEET_STATE_ROOTS_MAX; i++) {
        const struct sign_key other = make_key((uint8_t)(i + 1));
        memcpy(fleet.roots[fleet.root_count++], other.public_key, SIGN_PUBLIC_SIZE);
    }
    for (unsigned i = 0; i < FLEET_STATE_REVOKED_MAX; i++)
        assert_int_equal(revoke(&fleet, i, CERT_TIME_MAX), 0);
    assert_int_equal(revoke(&fleet, FLEET_STATE_REVOKED_MAX, NOW_S), -ENOSPC);
    assert_int_equal(revoke(&fleet, 3, NOW_S), 0);

    fleet_state_sign(&fleet, ed25519_functions(), &root);
    const size_t size = encode(&fleet, data, sizeof data);

    assert_int_equal(size, FLEET_STATE_SIZE_MAX);
    assert_int_equal(fleet_state_decode(data, size, &read), 0);
    data[AT_REVOKED_COUNT + (FLEET_STATE_ROOTS_MAX - 1) * SIGN_PUBLIC_SIZE + 1]++;
    assert_int_equal(fleet_state_decode(data, sizeof data, &read), -EBADMSG);
}

static void test_numbers_begin_at_one_and_times_end_in_9999(void **state)
{
    (void)state;
    const struct fleet_state good = make_state();
    struct fleet_state bent = good, read;
    uint8_t data[FLEET_STATE_SIZE_MAX];

    bent.version = 0;
    assert_int_equal(fleet_state_decode(data, encode(&bent, data, sizeof data), &read), -EBADMSG);
    bent = good;
    bent.packet_key_number = 0;
    assert_int_equal(fleet_state_decode(data, encode(&bent, data, sizeof data), &read), -EBADMSG);
    bent = good;
    bent.expires_s = CERT_TIME_MAX;
    assert_int_equal(fleet_state_decode(data, encode(&bent, data, sizeof data), &read), 0);
    bent.expires_s++;
    assert_int_equal(fleet_state_decode(data, encode(&bent, data, sizeof data), &read), -EBADMSG);
    bent.expires_s = NOW_S - 1;
    assert_int_equal(fleet_state_decode(data, encode(&bent, data, sizeof data), &read), -EBADMSG);
}

static void test_a_list_out_of_order_or_with_one_twice_is_refused(void **state)
{
    (void)state;
    struct fleet_state bent = make_state(), read;
    uint8_t data[FLEET_STATE_SIZE_MAX];
    assert_int_equal(revoke(&bent, 1, NOW_S), 0);
    assert_int_equal(revoke(&bent, 2, NOW_S), 0);

    bent.revoked[1].id[1] = 1;
    assert_int_equal(fleet_state_decode(data, encode(&bent, data, sizeof data), &read), -EBADMSG);
    bent.revoked[1].id[1] = 0;
    assert_int_equal(fleet_state_decode(data, encode(&bent, data, sizeof data), &read), -EBADMSG);
    bent = make_state();
    memcpy(bent.roots[bent.root_count++], bent.roots[0], SIGN_PUBLIC_SIZE);
    assert_int_equal(fleet_state_decode(data, encode(&bent, data, sizeof data), &read), -EBADMSG);
}

static void test_only_a_root_that_was_trusted_before_signs(void **state)
{
    (void)state;
    const struct sign_key other = make_key(9);
    const struct fleet_state known = make_state();
    const struct cert_trust trust = fleet_state_trust(&known, ed25519_functions());
    struct fleet_state next = known;
    memcpy(next.roots[0], other.public_key, SIGN_PUBLIC_SIZE);

    fleet_state_sign(&next, ed25519_functions(), &other);
    assert_int_equal(fleet_state_verify(&next, &trust, NOW_S), CERT_VERDICT_wrong_root);
    assert_int_equal(fleet_state_verify(&known, &trust, NOW_S), CERT_VERDICT_valid);
    memcpy(next.signer, known.signer, sizeof next.signer);
    assert_int_equal(fleet_state_verify(&next, &trust, NOW_S), CERT_VERDICT_bad_signature);
}

static void test_a_revoked_root_signs_no_more(void **state)
{
    (void)state;
    struct fleet_state known = make_state();
    const struct fleet_state next = known;
    assert_int_equal(fleet_state_revoke(&known, known.signer, NOW_S), 0);
    const struct cert_trust trust = fleet_state_trust(&known, ed25519_functions());

    assert_int_equal(fleet_state_verify(&next, &trust, NOW_S), CERT_VERDICT_revoked);
}

static void test_a_state_holds_within_its_dates_give_or_take_a_minute(void **state)
{
    (void)state;
    const struct fleet_state fleet = make_state();
    const struct cert_trust trust = fleet_state_trust(&fleet, ed25519_functions());
    const int64_t first_s = NOW_S - CERT_SKEW_S, last_s = NOW_S + LIFE_S + CERT_SKEW_S;

    assert_int_equal(fleet_state_verify(&fleet, &trust, first_s), CERT_VERDICT_valid);
    assert_int_equal(fleet_state_verify(&fleet, &trust, first_s - 1), CERT_VERDICT_not_yet_valid);
    assert_int_equal(fleet_state_verify(&fleet, &trust, last_s), CERT_VERDICT_valid);
    assert_int_equal(fleet_state_verify(&fleet, &trust, last_s + 1), CERT_VERDICT_expired);
}

static void test_every_flipped_bit_of_a_state_is_refused(void **state)
{
    (void)state;
    const struct fleet_state fleet = make_state();
    const struct cert_trust trust = fleet_state_trust(&fleet, ed25519_functions());
    struct fleet_state read;
    uint8_t data[FLEET_STATE_SIZE_MAX];
    const size_t size = encode(&fleet, data, sizeof data);

    for (size_t bit = 0; bit < 8 * size; bit++) {
        data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (fleet_state_decode(data, size, &read) == 0)
            assert_int_not_equal(fleet_state_verify(&read, &trust, NOW_S), CERT_VERDICT_valid);
        data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void test_the_later_end_of_a_revocation_wins(void **state)
{
    (void)state;
    struct fleet_state fleet = make_state();

    assert_int_equal(revoke(&fleet, 1, NOW_S + 5), 0);
    assert_int_equal(revoke(&fleet, 1, NOW_S), 0);
    assert_int_equal(fleet.revoked_count, 1);
    assert_int_equal(fleet.revoked[0].until_s, NOW_S + 5);
    assert_int_equal(revoke(&fleet, 1, NOW_S + 6), 0);
    assert_int_equal(fleet.revoked[0].until_s, NOW_S + 6);
}

static void test_what_expired_by_itself_leaves_the_list(void **state)
{
    (void)state;
    struct fleet_state fleet = make_state();
    assert_int_equal(revoke(&fleet, 1, NOW_S - CERT_SKEW_S - 1), 0);
    assert_int_equal(revoke(&fleet, 2, NOW_S - CERT_SKEW_S), 0);
    assert_int_equal(revoke(&fleet, 3, NOW_S + 1), 0);

    fleet_state_prune(&fleet, NOW_S);

    assert_int_equal(fleet.revoked_count, 2);
    assert_int_equal(fleet.revoked[0].id[1], 2);
    assert_int_equal(fleet.revoked[1].id[1], 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_state_reads_back_as_it_was_written),
        cmocka_unit_test(test_every_length_but_the_right_one_is_refused),
        cmocka_unit_test(test_the_smallest_state_has_one_root_and_nobody_revoked),
        cmocka_unit_test(test_the_largest_state_is_signed_and_taken_and_one_more_refused),
        cmocka_unit_test(test_numbers_begin_at_one_and_times_end_in_9999),
        cmocka_unit_test(test_a_list_out_of_order_or_with_one_twice_is_refused),
        cmocka_unit_test(test_only_a_root_that_was_trusted_before_signs),
        cmocka_unit_test(test_a_revoked_root_signs_no_more),
        cmocka_unit_test(test_a_state_holds_within_its_dates_give_or_take_a_minute),
        cmocka_unit_test(test_every_flipped_bit_of_a_state_is_refused),
        cmocka_unit_test(test_the_later_end_of_a_revocation_wins),
        cmocka_unit_test(test_what_expired_by_itself_leaves_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
