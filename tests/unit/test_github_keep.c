/* What is kept of an answer, what it teaches, and what must not be kept. */
#include "github/keep.h"

#include "github_kept.h"

static const char issues[] = "/repos/o/r/issues";

static bool is_public(const struct world *world, const char *owner, const char *repository)
{
    uint8_t scope[GITHUB_SCOPE_ID_SIZE];
    github_route_repository_scope(slice_of(owner), slice_of(repository), scope);
    return github_access_is_public(world->github->access, scope, github_clock_ms());
}

static bool is_proved(const struct world *world, const struct asked *asked)
{
    const struct github_access_subject subject = {
        .token_id = asked->question.token_id,
        .scope_id = asked->question.scope_id,
        .permission = asked->question.match.route->permission,
    };
    return github_access_is_proved(world->github->access, &subject, github_clock_ms());
}

static int keep(const struct world *world, const char *target, const struct told *told)
{
    struct asked asked;
    struct kept kept;
    asked_get(&asked, world, "alice", target);
    kept_new(&kept, world, &asked, told);
    const int r = kept.result;
    kept_done(&kept);
    asked_done(&asked);
    return r;
}

/* --- Entries --- */

static void test_an_entry_holds_what_the_answer_said(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept kept;
    size_t size;
    const struct told told = {.body = "[1]",
                              .fields = "Link: <x>; rel=\"last\"\nX-Secret: 1\nSet-Thing: 2",
                              .share = GITHUB_SHARE_SCOPE,
                              .age_ms = 1000};
    asked_get(&asked, world, "alice", issues);

    kept_new(&kept, world, &asked, &told);

    assert_int_equal(kept.result, 0);
    assert_int_equal(kept.kept.entry.status, 200);
    assert_int_equal(kept.kept.entry.ttl_s, 60);
    assert_true(kept.kept.entry.flags & GITHUB_ENTRY_PORTABLE);
    assert_false(kept.kept.entry.flags & GITHUB_ENTRY_ANONYMOUS);
    expect_slice(github_headers_find(&kept.kept.entry.headers, "Link"), "<x>; rel=\"last\"");
    assert_null(github_headers_find(&kept.kept.entry.headers, "X-Secret").data);
    assert_null(github_headers_find(&kept.kept.entry.headers, "ETag").data);
    assert_memory_equal(store_item_body(kept.kept.item, &size), "[1]", 3);
    assert_memory_equal(store_item_key(kept.kept.item), asked.question.key, GITHUB_KEY_SIZE);
    assert_true(is_proved(world, &asked));
    kept_done(&kept);
    asked_done(&asked);
}

static void test_a_bound_answer_lies_under_both_keys_and_sealed(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept kept;
    struct store_item *plain = NULL;
    const struct told told = {.body = "{}", .share = GITHUB_SHARE_TOKEN};
    asked_get(&asked, world, "alice", "/user");

    kept_new(&kept, world, &asked, &told);

    assert_int_equal(kept.result, 0);
    assert_memory_equal(store_item_key(kept.kept.item), asked.question.bound, GITHUB_KEY_SIZE);
    assert_true(store_item_flags(kept.kept.item) & STORE_RECORD_SEALED);
    assert_int_equal(store_get(world->store, asked.question.key, github_clock_ms(), &plain), 0);
    assert_true(store_item_flags(plain) & STORE_RECORD_SEALED);
    store_item_release(&plain);
    kept_done(&kept);
    asked_done(&asked);
}

static void test_only_what_is_public_lies_open(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept kept;
    const struct told told = {.body = "[]", .share = GITHUB_SHARE_SCOPE};
    asked_get(&asked, world, "alice", issues);
    kept_new(&kept, world, &asked, &told);
    assert_true(store_item_flags(kept.kept.item) & STORE_RECORD_SEALED);
    kept_done(&kept);

    github_access_set_public(world->github->access, asked.question.public_id, true,
                             github_clock_ms());
    kept_new(&kept, world, &asked, &told);

    assert_false(store_item_flags(kept.kept.item) & STORE_RECORD_SEALED);
    kept_done(&kept);
    asked_done(&asked);
}

static void test_a_304_renews_time_and_fields_and_keeps_the_rest(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept first, second;
    const struct told told = {.body = "[1]",
                              .fields = "Date: old\nLast-Modified: then",
                              .share = GITHUB_SHARE_SCOPE,
                              .age_ms = 90000};
    const struct told renewed = {.body = "", .fields = "Date: new", .share = GITHUB_SHARE_SCOPE};
    asked_get(&asked, world, "alice", issues);
    kept_new(&first, world, &asked, &told);

    kept_renew(&second, &first, world, &asked, &renewed);

    assert_int_equal(second.result, 0);
    assert_true(second.kept.entry.validated_ms >= first.kept.entry.validated_ms + 90000);
    assert_int_equal(second.kept.entry.fetched_ms, first.kept.entry.fetched_ms);
    expect_slice(github_headers_find(&second.kept.entry.headers, "Date"), "new");
    expect_slice(github_headers_find(&second.kept.entry.headers, "Last-Modified"), "then");
    assert_memory_equal(store_item_content(second.kept.item), store_item_content(first.kept.item),
                        STORE_CONTENT_SIZE);
    kept_done(&first);
    kept_done(&second);
    asked_done(&asked);
}

static void test_a_304_with_a_next_page_ends_the_full_last_one(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept first, second;
    const struct told told = {.body = "[1,2]", .share = GITHUB_SHARE_SCOPE};
    const struct told renewed = {
        .body = "", .fields = "Link: <x>; rel=\"next\"", .share = GITHUB_SHARE_SCOPE};
    asked_get(&asked, world, "alice", "/repos/o/r/issues?per_page=2");
    kept_new(&first, world, &asked, &told);
    assert_true(first.kept.entry.flags & GITHUB_ENTRY_FULL_PAGE);

    kept_renew(&second, &first, world, &asked, &renewed);

    assert_false(second.kept.entry.flags & GITHUB_ENTRY_FULL_PAGE);
    kept_done(&first);
    kept_done(&second);
    asked_done(&asked);
}

static void test_a_contradiction_is_counted_on_the_entry(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept kept;
    const struct told told = {
        .body = "[]", .share = GITHUB_SHARE_SCOPE, .is_contrary = true, .contradictions = 1};
    asked_get(&asked, world, "alice", issues);

    kept_new(&kept, world, &asked, &told);

    assert_int_equal(kept.kept.entry.contradictions, 2);
    assert_int_equal(world_count(world, GITHUB_COUNTER_contradictions), 1);
    kept_done(&kept);
    asked_done(&asked);
}

/* --- What is not kept --- */

static void test_what_must_not_be_stored_is_handed_on(void **state)
{
    const struct told cookie = {.body = "[]", .fields = "Set-Cookie: a=b"};
    const struct told star = {.body = "[]", .fields = "Vary: *"};
    const struct told unknown = {.body = "[]", .fields = "Vary: Accept\nVary: X-Unheard-Of"};
    const struct told forbidden = {.body = "[]", .fields = "Cache-Control: private, no-store"};

    assert_int_equal(keep(*state, issues, &cookie), -ENOTSUP);
    assert_int_equal(keep(*state, issues, &star), -ENOTSUP);
    assert_int_equal(keep(*state, issues, &unknown), -ENOTSUP);
    assert_int_equal(keep(*state, issues, &forbidden), -ENOTSUP);
    assert_int_equal(world_count(*state, GITHUB_COUNTER_unstored), 4);
}

static void test_a_body_of_unmarked_end_is_believed_by_its_etag_only(void **state)
{
    const struct told whole = {.body = "[1]", .is_cut = true, .share = GITHUB_SHARE_SCOPE};
    const struct told doubtful = {.body = "[1]", .etag = "\"odd\"", .is_cut = true};

    assert_int_equal(keep(*state, issues, &whole), 0);
    assert_int_equal(keep(*state, issues, &doubtful), -EPROTO);
}

static void test_answers_that_miss_the_recipe_trip_the_canary(void **state)
{
    struct world *world = *state;
    const struct told odd = {.body = "[1]", .etag = "\"odd\"", .share = GITHUB_SHARE_SCOPE};
    for (int i = 0; i < GITHUB_CANARY_MISSES_MAX; i++) {
        assert_true(github_etag_model_holds(world->github));
        assert_int_equal(keep(world, issues, &odd), 0);
    }

    assert_false(github_etag_model_holds(world->github));
    assert_int_equal(world_count(world, GITHUB_COUNTER_etag_mismatches), GITHUB_CANARY_MISSES_MAX);
}

/* --- What an answer teaches --- */

static const char claims[] = "{\"full_name\":\"victim/secret\",\"private\":false,"
                             "\"visibility\":\"public\",\"id\":7}";

static void test_visibility_is_learnt_from_githubs_own_words(void **state)
{
    struct world *world = *state;
    const struct told told = {.body = claims, .share = GITHUB_SHARE_TOKEN};

    keep_told(world, "alice", "/repos/victim/secret", &told);

    assert_true(is_public(world, "Victim", "Secret"));
}

static void test_a_file_that_somebody_wrote_teaches_nothing(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept kept;
    const struct told told = {.body = claims,
                              .fields = "Content-Type: application/vnd.github.raw+json",
                              .share = GITHUB_SHARE_SCOPE};
    const struct told disguised = {.body = claims, .share = GITHUB_SHARE_SCOPE};
    const struct asker_request request = {.target = "/repos/evil/r/contents/x.json",
                                          .token = "alice",
                                          .fields = "Accept: application/vnd.github.raw+json"};
    asked_init(&asked, world, &request);

    kept_new(&kept, world, &asked, &told);
    kept_done(&kept);
    assert_false(is_public(world, "victim", "secret"));
    kept_new(&kept, world, &asked, &disguised);
    kept_done(&kept);
    assert_false(is_public(world, "victim", "secret"));
    asked_done(&asked);
}

static void test_what_nobody_in_particular_was_given_is_public(void **state)
{
    struct world *world = *state;
    const struct told told = {.body = "[]", .share = GITHUB_SHARE_SCOPE};

    keep_told(world, NULL, issues, &told);

    assert_true(is_public(world, "o", "r"));
}

/* Who may see the runners of a public repository is another matter. */
static void test_a_public_repository_does_not_open_its_runners(void **state)
{
    struct world *world = *state;
    const struct told told = {.body = "{\"runners\":[]}", .share = GITHUB_SHARE_SCOPE};
    const struct told repository = {.body = "{\"full_name\":\"o/r\",\"private\":false}",
                                    .share = GITHUB_SHARE_TOKEN};
    keep_told(world, "alice", "/repos/o/r/actions/runners", &told);
    keep_told(world, "alice", "/repos/o/r", &repository);
    assert_true(is_public(world, "o", "r"));

    world_expect(world, "bob", "/repos/o/r/actions/runners", 404, NULL, NULL);
    world_expect(world, NULL, "/repos/o/r/actions/runners", 404, NULL, NULL);
}

static void test_a_link_by_number_teaches_the_number(void **state)
{
    struct world *world = *state;
    struct github_alias_name name;
    const struct told told = {
        .body = "[]",
        .fields = "Link: <https://api.github.com/repositories/42/issues?page=2>; rel=\"next\"",
        .share = GITHUB_SHARE_SCOPE};

    keep_told(world, "alice", issues, &told);

    assert_true(github_alias_find(world->github->alias, 42, &name));
    assert_string_equal(name.owner, "o");
    assert_string_equal(name.repository, "r");
}

static void test_a_refusal_withdraws_the_proof_but_a_limit_does_not(void **state)
{
    struct world *world = *state;
    struct asked asked;
    struct kept kept, refused;
    const struct told told = {.body = "[]", .share = GITHUB_SHARE_SCOPE};
    const struct told limited = {
        .body = "{}", .fields = "Retry-After: 60", .status = 403, .share = GITHUB_SHARE_SCOPE};
    const struct told forbidden = {.body = "{}", .status = 403, .share = GITHUB_SHARE_SCOPE};
    asked_get(&asked, world, "alice", issues);
    kept_new(&kept, world, &asked, &told);
    kept_done(&kept);

    struct github_keep_answer answer = told_answer(&limited, &asked, &refused);
    github_keep_refused(world->github, &asked.question, &answer, github_clock_ms());
    github_headers_done(&refused.headers);
    assert_true(is_proved(world, &asked));
    answer = told_answer(&forbidden, &asked, &refused);
    github_keep_refused(world->github, &asked.question, &answer, github_clock_ms());
    github_headers_done(&refused.headers);

    assert_false(is_proved(world, &asked));
    asked_done(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_an_entry_holds_what_the_answer_said),
        WORLD_TEST(test_a_bound_answer_lies_under_both_keys_and_sealed),
        WORLD_TEST(test_only_what_is_public_lies_open),
        WORLD_TEST(test_a_304_renews_time_and_fields_and_keeps_the_rest),
        WORLD_TEST(test_a_304_with_a_next_page_ends_the_full_last_one),
        WORLD_TEST(test_a_contradiction_is_counted_on_the_entry),
        WORLD_TEST(test_what_must_not_be_stored_is_handed_on),
        WORLD_TEST(test_a_body_of_unmarked_end_is_believed_by_its_etag_only),
        WORLD_TEST(test_answers_that_miss_the_recipe_trip_the_canary),
        WORLD_TEST(test_visibility_is_learnt_from_githubs_own_words),
        WORLD_TEST(test_a_file_that_somebody_wrote_teaches_nothing),
        WORLD_TEST(test_what_nobody_in_particular_was_given_is_public),
        WORLD_TEST(test_a_public_repository_does_not_open_its_runners),
        WORLD_TEST(test_a_link_by_number_teaches_the_number),
        WORLD_TEST(test_a_refusal_withdraws_the_proof_but_a_limit_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
