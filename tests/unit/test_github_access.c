/* Token ids, proofs, repositories seen public, tokens that wrote, ETags of tokens. */
#include "github/access.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "github/etag.h"

enum { SCALE = 10, THREADS = 4, ROUNDS = 3000 };

#define NOW INT64_C(1700000000000)
#define PROOF_MS INT64_C(300000)

static const uint8_t alice[GITHUB_TOKEN_ID_SIZE] = "alice", bob[GITHUB_TOKEN_ID_SIZE] = "bob";
static const uint8_t scope[GITHUB_SCOPE_ID_SIZE] = "o/r", elsewhere[GITHUB_SCOPE_ID_SIZE] = "o/s";
static const uint8_t key[GITHUB_KEY_SIZE] = "key", other_key[GITHUB_KEY_SIZE] = "other";
static const uint8_t content[GITHUB_CONTENT_SIZE] = "content";

static const struct github_access_subject issues = {
    .token_id = alice, .scope_id = scope, .permission = GITHUB_PERMISSION_ISSUES};

static struct github_access *make(uint32_t time_scale)
{
    const struct github_access_options options = {.proof_ttl_ms = PROOF_MS,
                                                  .time_scale = time_scale};
    struct github_access *access = NULL;
    assert_int_equal(github_access_new(&options, &access), 0);
    return access;
}

static int setup(void **state)
{
    *state = make(1);
    return 0;
}

static int teardown(void **state)
{
    struct github_access *access = *state;
    github_access_destroy(&access);
    return access != NULL;
}

static bool same_id(struct github_access *access, const char *one, const char *two)
{
    uint8_t a[GITHUB_TOKEN_ID_SIZE], b[GITHUB_TOKEN_ID_SIZE];
    assert_true(github_access_token_id(access, slice_of(one), a));
    assert_true(github_access_token_id(access, slice_of(two), b));
    return memcmp(a, b, sizeof a) == 0;
}

static void test_the_scheme_is_no_part_of_a_token(void **state)
{
    assert_true(same_id(*state, "token abc", "Bearer abc"));
    assert_true(same_id(*state, "token abc", "bearer abc"));
    assert_true(same_id(*state, "TOKEN   abc", " token abc\t"));
    assert_false(same_id(*state, "token abc", "token abd"));
    assert_false(same_id(*state, "token abc", "token ABC"));
}

static void test_other_schemes_count_with_their_name(void **state)
{
    assert_true(same_id(*state, "Basic YTpi", "Basic YTpi"));
    assert_false(same_id(*state, "Basic abc", "token abc"));
    assert_false(same_id(*state, "abc", "token abc"));
    assert_false(same_id(*state, "token", "token token"));
}

static void test_no_credential_has_the_id_of_zeros(void **state)
{
    static const uint8_t zeros[GITHUB_TOKEN_ID_SIZE];
    static const char *const values[] = {NULL, "", "  \t"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        uint8_t id[GITHUB_TOKEN_ID_SIZE];
        memset(id, 0xff, sizeof id);
        assert_false(github_access_token_id(*state, slice_of(values[i]), id));
        assert_memory_equal(id, zeros, sizeof id);
    }
}

static void test_a_scheme_without_credential_is_not_anonymous(void **state)
{
    uint8_t id[GITHUB_TOKEN_ID_SIZE];

    assert_true(github_access_token_id(*state, slice_of("token "), id));
}

static void test_ids_differ_between_processes(void **state)
{
    struct github_access *other = make(1);
    uint8_t here[GITHUB_TOKEN_ID_SIZE], there[GITHUB_TOKEN_ID_SIZE];

    assert_true(github_access_token_id(*state, slice_of("token abc"), here));
    assert_true(github_access_token_id(other, slice_of("token abc"), there));

    assert_memory_not_equal(here, there, sizeof here);
    github_access_destroy(&other);
}

static void test_a_proof_lasts_its_ttl(void **state)
{
    assert_false(github_access_is_proved(*state, &issues, NOW));

    github_access_prove(*state, &issues, NOW);

    assert_true(github_access_is_proved(*state, &issues, NOW));
    assert_true(github_access_is_proved(*state, &issues, NOW + PROOF_MS - 1));
    assert_false(github_access_is_proved(*state, &issues, NOW + PROOF_MS));
}

static void test_a_proof_is_about_one_token_scope_and_permission(void **state)
{
    struct github_access_subject other = issues;
    github_access_prove(*state, &issues, NOW);

    other.token_id = bob;
    assert_false(github_access_is_proved(*state, &other, NOW));
    other = issues;
    other.scope_id = elsewhere;
    assert_false(github_access_is_proved(*state, &other, NOW));
    other = issues;
    other.permission = GITHUB_PERMISSION_CONTENTS;
    assert_false(github_access_is_proved(*state, &other, NOW));
}

static void test_a_refusal_withdraws_the_proof(void **state)
{
    struct github_access_subject contents = issues;
    contents.permission = GITHUB_PERMISSION_CONTENTS;
    github_access_prove(*state, &issues, NOW);
    github_access_prove(*state, &contents, NOW);

    github_access_withdraw(*state, &issues);

    assert_false(github_access_is_proved(*state, &issues, NOW));
    assert_true(github_access_is_proved(*state, &contents, NOW));
}

static void test_a_new_ttl_leaves_given_proofs_alone(void **state)
{
    struct github_access_subject contents = issues;
    contents.permission = GITHUB_PERMISSION_CONTENTS;
    github_access_prove(*state, &issues, NOW);

    github_access_set_proof_ttl(*state, 1000);
    github_access_prove(*state, &contents, NOW);

    assert_true(github_access_is_proved(*state, &issues, NOW + PROOF_MS - 1));
    assert_true(github_access_is_proved(*state, &contents, NOW + 999));
    assert_false(github_access_is_proved(*state, &contents, NOW + 1000));
}

static void test_a_clock_set_back_voids_permissions(void **state)
{
    github_access_prove(*state, &issues, NOW);
    github_access_set_public(*state, scope, true, NOW);

    assert_true(github_access_is_proved(*state, &issues, NOW - 60000));
    assert_true(github_access_is_public(*state, scope, NOW - 60000));
    assert_false(github_access_is_proved(*state, &issues, NOW - 60001));
    assert_false(github_access_is_public(*state, scope, NOW - 60001));
}

static void test_a_repository_counts_as_public_for_five_minutes(void **state)
{
    const int64_t ttl_ms = GITHUB_PUBLIC_S * INT64_C(1000);
    assert_false(github_access_is_public(*state, scope, NOW));

    github_access_set_public(*state, scope, true, NOW);

    assert_true(github_access_is_public(*state, scope, NOW + ttl_ms - 1));
    assert_false(github_access_is_public(*state, elsewhere, NOW));
    assert_false(github_access_is_public(*state, scope, NOW + ttl_ms));
}

static void test_a_repository_turned_private_is_so_at_once(void **state)
{
    github_access_set_public(*state, scope, true, NOW);

    github_access_set_public(*state, scope, false, NOW + 1);

    assert_false(github_access_is_public(*state, scope, NOW + 1));
}

static void test_a_write_is_remembered_for_ten_minutes(void **state)
{
    const int64_t ttl_ms = GITHUB_DIRTY_S * INT64_C(1000);
    assert_int_equal(github_access_soiled_ms(*state, alice, NOW), INT64_MIN);

    github_access_soil(*state, alice, NOW);

    assert_int_equal(github_access_soiled_ms(*state, alice, NOW + ttl_ms - 1), NOW);
    assert_int_equal(github_access_soiled_ms(*state, bob, NOW), INT64_MIN);
    assert_int_equal(github_access_soiled_ms(*state, alice, NOW + ttl_ms), INT64_MIN);
}

static void test_of_two_writes_the_later_counts(void **state)
{
    github_access_soil(*state, alice, NOW + 5);
    github_access_soil(*state, alice, NOW);

    assert_int_equal(github_access_soiled_ms(*state, alice, NOW + 5), NOW + 5);
}

static void numbered(uint32_t number, uint8_t ret[static GITHUB_TOKEN_ID_SIZE])
{
    memset(ret, 0, GITHUB_TOKEN_ID_SIZE);
    memcpy(ret, &number, sizeof number);
}

static void soil_many(struct github_access *access, uint32_t first, uint32_t count, int64_t now_ms)
{
    for (uint32_t i = first; i < first + count; i++) {
        uint8_t token_id[GITHUB_TOKEN_ID_SIZE];
        numbered(i, token_id);
        github_access_soil(access, token_id, now_ms);
    }
}

static void test_a_full_table_of_writers_makes_everybody_careful(void **state)
{
    struct github_access_counts counts;
    uint8_t first[GITHUB_TOKEN_ID_SIZE];
    numbered(1, first);
    soil_many(*state, 1, GITHUB_DIRTY_MAX, NOW);
    assert_int_equal(github_access_soiled_ms(*state, alice, NOW), INT64_MIN);

    soil_many(*state, GITHUB_DIRTY_MAX + 1, 1, NOW + 7);

    assert_int_equal(github_access_soiled_ms(*state, first, NOW + 7), NOW + 7);
    assert_int_equal(github_access_soiled_ms(*state, alice, NOW + 7), NOW + 7);
    assert_int_equal(
        github_access_soiled_ms(*state, alice, NOW + 7 + GITHUB_DIRTY_S * INT64_C(1000)),
        INT64_MIN);
    github_access_counts(*state, &counts);
    assert_int_equal(counts.soiled, GITHUB_DIRTY_MAX);
    assert_int_equal(counts.full, 1);
}

static void test_writers_of_long_ago_make_nobody_careful(void **state)
{
    const int64_t later_ms = NOW + GITHUB_DIRTY_S * INT64_C(1000);
    soil_many(*state, 1, GITHUB_DIRTY_MAX, NOW);

    soil_many(*state, GITHUB_DIRTY_MAX + 1, 10, later_ms);

    assert_int_equal(github_access_soiled_ms(*state, alice, later_ms), INT64_MIN);
}

static void test_all_periods_are_scaled(void **state)
{
    (void)state;
    struct github_access *access = make(SCALE);
    const int64_t public_ms = GITHUB_PUBLIC_S * INT64_C(1000) / SCALE;
    const int64_t dirty_ms = GITHUB_DIRTY_S * INT64_C(1000) / SCALE;
    github_access_prove(access, &issues, NOW);
    github_access_set_public(access, scope, true, NOW);
    github_access_soil(access, alice, NOW);

    assert_true(github_access_is_proved(access, &issues, NOW + PROOF_MS / SCALE - 1));
    assert_false(github_access_is_proved(access, &issues, NOW + PROOF_MS / SCALE));
    assert_true(github_access_is_public(access, scope, NOW + public_ms - 1));
    assert_false(github_access_is_public(access, scope, NOW + public_ms));
    assert_int_equal(github_access_soiled_ms(access, alice, NOW + dirty_ms - 1), NOW);
    assert_int_equal(github_access_soiled_ms(access, alice, NOW + dirty_ms), INT64_MIN);
    github_access_destroy(&access);
}

static void test_an_etag_belongs_to_one_token_and_key(void **state)
{
    const struct github_access_etag etag = {.content = "c", .etag = "e"};
    struct github_access_etag found;

    github_access_put_etag(*state, alice, key, &etag, NOW);

    assert_true(github_access_get_etag(*state, alice, key, NOW, &found));
    assert_memory_equal(&found, &etag, sizeof etag);
    assert_false(github_access_get_etag(*state, bob, key, NOW, &found));
    assert_false(github_access_get_etag(*state, alice, other_key, NOW, &found));
}

static void test_etags_live_as_long_as_entries_do(void **state)
{
    const struct github_access_etag etag = {.content = "c", .etag = "e"};
    const int64_t keep_ms = GITHUB_KEEP_S * INT64_C(1000);
    struct github_access_etag found;
    github_access_put_etag(*state, alice, key, &etag, NOW);

    assert_true(github_access_get_etag(*state, alice, key, NOW + keep_ms - 1, &found));
    assert_false(github_access_get_etag(*state, alice, key, NOW + keep_ms, &found));
}

struct client {
    const char *accept, *authorization;
    unsigned vary;
};

static void client_etag(struct github_access *access, const struct client *client, const char *body,
                        uint8_t ret[static GITHUB_ETAG_SIZE])
{
    const struct github_etag_request request = {
        .accept = slice_of(client->accept),
        .authorization = slice_of(client->authorization),
        .vary = client->vary,
    };
    github_access_client_etag(access, content, &request, slice_of(body), NOW, ret);
}

static void test_a_clients_etag_follows_the_recipe(void **state)
{
    static const struct client clients[] = {
        {"*/*", "token abc", GITHUB_VARY_ALL},
        {"*/*", "Bearer abc", GITHUB_VARY_ALL},
        {"", "token abc", GITHUB_VARY_ALL},
        {NULL, "token abc", GITHUB_VARY_ALL},
        {"*/*", NULL, GITHUB_VARY_ALL},
        {"*/*", "", GITHUB_VARY_ALL},
        {"*/*", "token abc", 0},
    };
    for (size_t i = 0; i < 2 * sizeof clients / sizeof clients[0]; i++) {
        const struct client *client = &clients[i % (sizeof clients / sizeof clients[0])];
        const struct github_etag_request request = {
            .accept = slice_of(client->accept),
            .authorization = slice_of(client->authorization),
            .vary = client->vary,
        };
        uint8_t expected[GITHUB_ETAG_SIZE], etag[GITHUB_ETAG_SIZE];
        github_etag_compute(&request, slice_of("body"), expected);

        client_etag(*state, client, "body", etag);

        assert_memory_equal(etag, expected, sizeof etag);
    }
}

static void test_a_body_is_hashed_once_per_client(void **state)
{
    const struct client client = {"*/*", "token abc", GITHUB_VARY_ALL};
    uint8_t first[GITHUB_ETAG_SIZE], again[GITHUB_ETAG_SIZE];

    client_etag(*state, &client, "body", first);
    client_etag(*state, &client, "not looked at", again);

    assert_memory_equal(first, again, sizeof first);
}

static void test_counts_tell_what_is_held(void **state)
{
    const struct client client = {"*/*", "token abc", GITHUB_VARY_ALL};
    const struct github_access_etag etag = {.content = "c", .etag = "e"};
    struct github_access_counts counts;
    uint8_t computed[GITHUB_ETAG_SIZE];
    github_access_prove(*state, &issues, NOW);
    github_access_set_public(*state, scope, true, NOW);
    github_access_soil(*state, alice, NOW);
    github_access_put_etag(*state, alice, key, &etag, NOW);
    client_etag(*state, &client, "body", computed);

    github_access_counts(*state, &counts);

    assert_int_equal(counts.proofs, 1);
    assert_int_equal(counts.publics, 1);
    assert_int_equal(counts.soiled, 1);
    assert_int_equal(counts.etags, 2);
    assert_int_equal(counts.full, 0);
}

static void test_more_proofs_than_fit_lose_the_oldest_only(void **state)
{
    struct github_access_counts counts;
    for (uint32_t i = 0; i <= GITHUB_PROOFS_MAX; i++) {
        uint8_t token_id[GITHUB_TOKEN_ID_SIZE];
        struct github_access_subject subject = issues;
        numbered(i, token_id);
        subject.token_id = token_id;
        github_access_prove(*state, &subject, NOW);
    }
    uint8_t token_id[GITHUB_TOKEN_ID_SIZE];
    struct github_access_subject subject = issues;
    subject.token_id = token_id;

    numbered(0, token_id);
    assert_false(github_access_is_proved(*state, &subject, NOW));
    numbered(1, token_id);
    assert_true(github_access_is_proved(*state, &subject, NOW));
    github_access_counts(*state, &counts);
    assert_int_equal(counts.proofs, GITHUB_PROOFS_MAX);
    assert_int_equal(counts.full, 1);
}

static void *work(void *access)
{
    const struct client client = {"*/*", "token abc", GITHUB_VARY_ALL};
    uint8_t etag[GITHUB_ETAG_SIZE], token_id[GITHUB_TOKEN_ID_SIZE];
    for (int i = 0; i < ROUNDS; i++) {
        github_access_prove(access, &issues, NOW + i);
        if (!github_access_is_proved(access, &issues, NOW + i))
            return access;
        github_access_set_public(access, scope, i % 2, NOW);
        github_access_is_public(access, scope, NOW);
        github_access_soil(access, alice, NOW + i);
        if (github_access_soiled_ms(access, alice, NOW + i) < NOW + i)
            return access;
        client_etag(access, &client, "body", etag);
        if (!github_access_token_id(access, slice_of("token abc"), token_id))
            return access;
        github_access_set_proof_ttl(access, PROOF_MS + i);
    }
    return NULL;
}

static void test_threads_may_share_all_of_it(void **state)
{
    pthread_t threads[THREADS];
    void *broken = NULL;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, *state), 0);

    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &broken), 0);
        assert_null(broken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_scheme_is_no_part_of_a_token, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_schemes_count_with_their_name, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_credential_has_the_id_of_zeros, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_scheme_without_credential_is_not_anonymous, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_ids_differ_between_processes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_proof_lasts_its_ttl, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_proof_is_about_one_token_scope_and_permission, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_refusal_withdraws_the_proof, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_new_ttl_leaves_given_proofs_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_clock_set_back_voids_permissions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_repository_counts_as_public_for_five_minutes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_repository_turned_private_is_so_at_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_write_is_remembered_for_ten_minutes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_of_two_writes_the_later_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_full_table_of_writers_makes_everybody_careful, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_writers_of_long_ago_make_nobody_careful, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_all_periods_are_scaled, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_etag_belongs_to_one_token_and_key, setup, teardown),
        cmocka_unit_test_setup_teardown(test_etags_live_as_long_as_entries_do, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_clients_etag_follows_the_recipe, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_body_is_hashed_once_per_client, setup, teardown),
        cmocka_unit_test_setup_teardown(test_counts_tell_what_is_held, setup, teardown),
        cmocka_unit_test_setup_teardown(test_more_proofs_than_fit_lose_the_oldest_only, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_threads_may_share_all_of_it, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
