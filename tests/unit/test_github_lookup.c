/* What the store holds for a question, and whose it is. */
#include "github/lookup.h"

#include "github_kept.h"

static const char issues[] = "/repos/o/r/issues";
static const struct told scope_told = {.body = "[1]", .share = GITHUB_SHARE_SCOPE};
static const struct told token_told = {.body = "{}", .share = GITHUB_SHARE_TOKEN};

/* The decision on a GET; also whether there is an item, and one of another token. */
static struct github_decision look(const struct world *world, const struct asker_request *request,
                                   int64_t since_ms, bool *ret_has_item, bool *ret_has_other)
{
    struct asked asked;
    struct github_lookup lookup;
    asked_init(&asked, world, request);
    assert_int_equal(asked.result, 0);
    github_lookup_make(&lookup, world->github, &asked.question, since_ms, github_clock_ms());
    const struct github_decision decision = lookup.decision;
    if (ret_has_item)
        *ret_has_item = lookup.item != NULL;
    if (ret_has_other)
        *ret_has_other = lookup.other != NULL;
    github_lookup_done(&lookup);
    asked_done(&asked);
    return decision;
}

static void expect(const struct world *world, const char *token, const char *target,
                   enum github_action action, enum github_reason reason)
{
    const struct asker_request request = {.target = target, .token = token};
    const struct github_decision decision = look(world, &request, INT64_MAX, NULL, NULL);
    assert_int_equal(decision.action, action);
    assert_int_equal(decision.reason, reason);
}

static void test_nothing_stored_is_a_miss(void **state)
{
    expect(*state, "alice", issues, GITHUB_ACTION_FETCH, GITHUB_REASON_MISS);
}

static void test_what_a_token_got_is_served_to_it(void **state)
{
    keep_told(*state, "alice", issues, &scope_told);

    expect(*state, "alice", issues, GITHUB_ACTION_SERVE, GITHUB_REASON_HIT);
}

static void test_others_must_prove_themselves_first(void **state)
{
    keep_told(*state, "alice", issues, &scope_told);

    expect(*state, "bob", issues, GITHUB_ACTION_REVALIDATE, GITHUB_REASON_UNPROVED);
    expect(*state, NULL, issues, GITHUB_ACTION_REVALIDATE, GITHUB_REASON_UNPROVED);
}

static void test_a_proof_of_one_permission_is_none_of_another(void **state)
{
    keep_told(*state, "alice", issues, &scope_told);
    keep_told(*state, "bob", "/repos/o/r/commits", &scope_told);

    expect(*state, "bob", issues, GITHUB_ACTION_REVALIDATE, GITHUB_REASON_UNPROVED);
}

static void test_a_proof_for_issues_opens_each_of_them(void **state)
{
    keep_told(*state, "alice", "/repos/o/r/issues/7", &scope_told);
    keep_told(*state, "bob", issues, &scope_told);

    expect(*state, "bob", "/repos/o/r/issues/7", GITHUB_ACTION_SERVE, GITHUB_REASON_HIT);
}

static void test_a_proof_for_pulls_or_for_one_issue_opens_no_other_issue(void **state)
{
    keep_told(*state, "alice", "/repos/o/r/issues/7", &scope_told);
    keep_told(*state, "bob", "/repos/o/r/pulls", &scope_told);
    keep_told(*state, "bob", "/repos/o/r/issues/8", &scope_told);

    expect(*state, "bob", "/repos/o/r/issues/7", GITHUB_ACTION_REVALIDATE, GITHUB_REASON_UNPROVED);
    expect(*state, "bob", "/repos/o/r/issues/8", GITHUB_ACTION_SERVE, GITHUB_REASON_HIT);
}

static void test_another_tokens_copy_is_a_candidate_and_never_an_answer(void **state)
{
    bool has_item, has_other;
    const struct asker_request bob = {.target = "/user", .token = "bob"},
                               nobody = {.target = "/user"};
    const struct asker_request alice = {.target = "/user", .token = "alice"};
    keep_told(*state, "alice", "/user", &token_told);

    const struct github_decision decision = look(*state, &bob, INT64_MAX, &has_item, &has_other);
    assert_int_equal(decision.action, GITHUB_ACTION_FETCH);
    assert_false(has_item);
    assert_true(has_other);
    assert_int_equal(look(*state, &nobody, INT64_MAX, &has_item, &has_other).action,
                     GITHUB_ACTION_FETCH);
    assert_false(has_item);
    assert_int_equal(look(*state, &alice, INT64_MAX, &has_item, &has_other).action,
                     GITHUB_ACTION_SERVE);
    assert_true(has_item);
}

static void test_a_key_with_contradictions_is_looked_up_per_token(void **state)
{
    bool has_item, has_other;
    const struct told told = {
        .body = "[1]", .share = GITHUB_SHARE_SCOPE, .contradictions = GITHUB_CONTRADICTIONS_MAX};
    const struct told doubtful = {.body = "[1]",
                                  .share = GITHUB_SHARE_SCOPE,
                                  .contradictions = GITHUB_CONTRADICTIONS_MAX - 1};
    const struct asker_request alice = {.target = issues, .token = "alice"};
    keep_told(*state, "alice", issues, &doubtful);
    expect(*state, "alice", issues, GITHUB_ACTION_SERVE, GITHUB_REASON_HIT);

    keep_told(*state, "alice", issues, &told);

    assert_int_equal(look(*state, &alice, INT64_MAX, &has_item, &has_other).action,
                     GITHUB_ACTION_FETCH);
    assert_false(has_item);
    assert_true(has_other);
}

static void test_an_entry_validated_since_satisfies_whoever_waited(void **state)
{
    const struct asker_request picky = {
        .target = issues, .token = "alice", .fields = "Cache-Control: no-cache"};
    const int64_t came_ms = github_clock_ms() - 1000;
    keep_told(*state, "alice", issues, &scope_told);

    assert_int_equal(look(*state, &picky, INT64_MAX, NULL, NULL).reason, GITHUB_REASON_CLIENT);
    assert_int_equal(look(*state, &picky, came_ms, NULL, NULL).action, GITHUB_ACTION_SERVE);
}

static void test_what_was_written_since_makes_an_entry_dirty(void **state)
{
    struct world *world = *state;
    keep_told(world, "alice", issues, &scope_told);
    shifted_clock_move(1);

    assert_int_equal(github_invalidate(world->github, slice_of("/repos/o/r")), 0);

    expect(world, "alice", issues, GITHUB_ACTION_REVALIDATE, GITHUB_REASON_DIRTY);
}

static void test_a_write_by_number_is_seen_by_name_and_the_other_way_round(void **state)
{
    struct world *world = *state;
    github_alias_learn(world->github->alias, 7, slice_of("o"), slice_of("r"));
    keep_told(world, "alice", "/repositories/7/issues", &scope_told);
    shifted_clock_move(1);

    assert_int_equal(github_invalidate(world->github, slice_of("/repos/o/r")), 0);

    expect(world, "alice", "/repositories/7/issues", GITHUB_ACTION_REVALIDATE, GITHUB_REASON_DIRTY);
}

static void test_a_body_known_to_be_too_large_is_passed(void **state)
{
    struct world *world = *state;
    struct asked asked;
    asked_get(&asked, world, "alice", issues);
    github_table_put(world->github->oversize, asked.question.key, NULL, github_clock_ms(),
                     github_clock_ms() + 60000);

    expect(world, "alice", issues, GITHUB_ACTION_PASS, GITHUB_REASON_BYPASS);
    asked_done(&asked);
}

static void test_a_record_of_another_request_is_none(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept kept;
    struct store_item *item = NULL;
    size_t size;
    asked_get(&asked, world, "alice", "/repos/o/r/labels");
    kept_new(&kept, world, &asked, &scope_told);
    asked_done(&asked);
    asked_get(&asked, world, "alice", issues);
    const void *meta = store_item_meta(kept.kept.item, &size);
    const struct store_label label = {meta, size, github_clock_ms() + 60000};

    assert_int_equal(store_share(world->store, kept.kept.item, asked.question.key, &label,
                                 github_clock_ms(), &item),
                     0);

    expect(world, "alice", issues, GITHUB_ACTION_FETCH, GITHUB_REASON_MISS);
    store_item_release(&item);
    kept_done(&kept);
    asked_done(&asked);
}

static void test_a_moved_lookup_keeps_its_entry(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct github_lookup from, to;
    keep_told(world, "alice", issues, &scope_told);
    asked_get(&asked, world, "alice", issues);
    github_lookup_make(&from, world->github, &asked.question, INT64_MAX, github_clock_ms());

    github_lookup_move(&to, &from);

    assert_null(from.item);
    assert_ptr_equal(to.input.entry, &to.entry);
    github_lookup_done(&from);
    github_lookup_done(&to);
    asked_done(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_nothing_stored_is_a_miss),
        WORLD_TEST(test_what_a_token_got_is_served_to_it),
        WORLD_TEST(test_others_must_prove_themselves_first),
        WORLD_TEST(test_a_proof_of_one_permission_is_none_of_another),
        WORLD_TEST(test_a_proof_for_issues_opens_each_of_them),
        WORLD_TEST(test_a_proof_for_pulls_or_for_one_issue_opens_no_other_issue),
        WORLD_TEST(test_another_tokens_copy_is_a_candidate_and_never_an_answer),
        WORLD_TEST(test_a_key_with_contradictions_is_looked_up_per_token),
        WORLD_TEST(test_an_entry_validated_since_satisfies_whoever_waited),
        WORLD_TEST(test_what_was_written_since_makes_an_entry_dirty),
        WORLD_TEST(test_a_write_by_number_is_seen_by_name_and_the_other_way_round),
        WORLD_TEST(test_a_body_known_to_be_too_large_is_passed),
        WORLD_TEST(test_a_record_of_another_request_is_none),
        WORLD_TEST(test_a_moved_lookup_keeps_its_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
