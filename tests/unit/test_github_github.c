/* The service from end to end: what is asked of GitHub, and what each client is told. */
#include "github/github.h"

#include "github_world.h"

static const char issues[] = "/repos/o/r/issues";
static const char issues_body[] = "[{\"number\":1}]";

/* --- Asked once --- */

static void test_a_miss_is_fetched_once_and_then_served(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice");

    world_expect(world, "alice", issues, 200, "runmesh; fwd=uri-miss; fwd-status=200; stored",
                 issues_body);
    struct asker asker;
    const struct asker_request again = {.target = issues, .token = "alice"};
    assert_int_equal(world_ask(world, &asker, &again), 200);
    assert_string_equal(asker_text(&asker), issues_body);
    assert_string_equal(asker_field(&asker, "X-From-Cache"), "1");
    assert_non_null(strstr(asker_field(&asker, "Cache-Status"), "hit; ttl="));
    assert_non_null(strstr(asker_field(&asker, "Cache-Status"), "detail=local"));
    asker_done(&asker);

    assert_int_equal(world_asked(world), 1);
    assert_int_equal(world_count(world, GITHUB_COUNTER_misses), 1);
    assert_int_equal(world_count(world, GITHUB_COUNTER_local_hits), 1);
}

static void test_a_304_renews_what_has_run_out(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    shifted_clock_move(61);
    world_expect(world, "alice", issues, 200, "runmesh; fwd=stale; fwd-status=304", issues_body);
    world_expect(world, "alice", issues, 200, NULL, issues_body);

    assert_int_equal(world_asked(world), 2);
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_not_modified), 1);
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_charged), 1);
}

static void test_a_change_is_fetched_when_the_entry_has_run_out(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    world_put(world, issues, "[]", "alice");
    world_expect(world, "alice", issues, 200, NULL, issues_body);
    shifted_clock_move(61);
    world_expect(world, "alice", issues, 200, "runmesh; fwd=stale; fwd-status=200; stored", "[]");
}

static void test_a_clients_own_validator_is_answered_from_the_store(void **state)
{
    struct world *world = *state;
    struct asker asker;
    char fields[ASKER_FIELD_MAX + 64];
    world_put(world, issues, issues_body, "alice");
    const struct asker_request first = {
        .target = issues, .token = "alice", .fields = "Accept: */*"};
    assert_int_equal(world_ask(world, &asker, &first), 200);
    snprintf(fields, sizeof fields, "Accept: */*\nIf-None-Match: %s", asker_field(&asker, "ETag"));
    asker_done(&asker);

    const struct asker_request second = {.target = issues, .token = "alice", .fields = fields};
    assert_int_equal(world_ask(world, &asker, &second), 304);
    assert_string_equal(asker_text(&asker), "");
    asker_done(&asker);
    assert_int_equal(world_asked(world), 1);
}

static void test_entries_outlive_the_process_and_its_token_ids(void **state)
{
    struct world *world = *state;
    const struct github_options options = world_options(world);
    world_put(world, issues, issues_body, "alice");
    world_put(world, "/user", "{\"login\":\"alice\"}", "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);
    world_expect(world, "alice", "/user", 200, NULL, NULL);

    world_restart(world, &options);

    world_expect(world, "alice", issues, 200,
                 "runmesh; fwd=vary-miss; fwd-status=304; detail=proof", issues_body);
    world_expect(world, "alice", "/user", 200, "runmesh; fwd=uri-miss; fwd-status=304",
                 "{\"login\":\"alice\"}");
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_charged), 0);
}

/* --- Who is given what --- */

static void test_another_token_proves_itself_by_one_free_304(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice,bob");
    world_put(world, "/repos/o/r/issues?state=closed", "[]", "alice,bob");
    world_expect(world, "alice", issues, 200, NULL, NULL);
    world_expect(world, "alice", "/repos/o/r/issues?state=closed", 200, NULL, NULL);

    world_expect(world, "bob", issues, 200, "runmesh; fwd=vary-miss; fwd-status=304; detail=proof",
                 issues_body);
    world_expect(world, "bob", issues, 200, NULL, issues_body);
    world_expect(world, "bob", "/repos/o/r/issues?state=closed", 200, NULL, "[]");

    assert_int_equal(world_asked(world), 3);
    assert_int_equal(world_count(world, GITHUB_COUNTER_upstream_charged), 2);
}

static void test_a_third_token_gets_githubs_404_and_keeps_it_for_seconds(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    world_expect(world, "eve", issues, 404, "runmesh; fwd=vary-miss; fwd-status=404; detail=proof",
                 "{\"message\":\"Not Found\"}");
    world_expect(world, "eve", issues, 404, "runmesh; hit; ttl=0; detail=negative",
                 "{\"message\":\"Not Found\"}");
    world_expect(world, NULL, issues, 404, "runmesh; fwd=vary-miss; fwd-status=404; detail=proof",
                 NULL);
    world_expect(world, "alice", issues, 200, NULL, issues_body);
    assert_int_equal(world_asked(world), 3);

    shifted_clock_move(GITHUB_NEGATIVE_S + 1);
    world_expect(world, "eve", issues, 404, "runmesh; fwd=vary-miss; fwd-status=404; detail=proof",
                 NULL);
    assert_int_equal(world_count(world, GITHUB_COUNTER_negative_hits), 1);
}

static void test_a_withdrawn_permission_counts_once_the_proof_has_run_out(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice,bob");
    world_expect(world, "bob", issues, 200, NULL, NULL);

    upstream_server_clear(&world->upstream);
    world_put(world, issues, issues_body, "alice");
    shifted_clock_move(301);
    world_expect(world, "bob", issues, 404, NULL, NULL);
    world_expect(world, "alice", issues, 200, NULL, issues_body);
    world_expect(world, "bob", issues, 404, NULL, NULL);
}

static void test_an_answer_bound_to_a_token_is_never_given_to_another(void **state)
{
    struct world *world = *state;
    world_put(world, "/user", "{\"login\":\"alice\"}", "alice");
    world_expect(world, "alice", "/user", 200, NULL, NULL);

    world_expect(world, "eve", "/user", 404, NULL, "{\"message\":\"Not Found\"}");
    world_expect(world, NULL, "/user", 404, NULL, "{\"message\":\"Not Found\"}");
    world_put(world, "/user", "{\"login\":\"bob\"}", "bob");
    world_expect(world, "bob", "/user", 200, "runmesh; fwd=uri-miss; fwd-status=200; stored",
                 "{\"login\":\"bob\"}");
    world_expect(world, "alice", "/user", 200, NULL, "{\"login\":\"alice\"}");
}

static void test_what_an_anonymous_client_got_is_for_everybody(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, NULL);
    world_expect(world, NULL, issues, 200, NULL, issues_body);

    world_expect(world, NULL, issues, 200, NULL, issues_body);
    world_expect(world, "alice", issues, 200, NULL, issues_body);

    assert_int_equal(world_asked(world), 1);
}

/* GitHub names Authorization in the Vary of answers to a token only. */
static void test_a_token_revalidates_what_an_anonymous_client_got(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, NULL);
    world_expect(world, NULL, issues, 200, NULL, NULL);

    shifted_clock_move(61);
    world_expect(world, "alice", issues, 200, "runmesh; fwd=stale; fwd-status=304", issues_body);
    shifted_clock_move(61);
    world_expect(world, NULL, issues, 200, "runmesh; fwd=stale; fwd-status=304", issues_body);
}

/* --- Limits and ends --- */

static void test_malformed_and_endless_targets_are_refused_at_once(void **state)
{
    struct world *world = *state;
    char target[GITHUB_TARGET_MAX + 2];
    memset(target, 'a', sizeof target);
    target[0] = '/';
    target[sizeof target - 1] = '\0';

    world_expect(world, "alice", "/repos/../x", 400, "runmesh; fwd=bypass; detail=malformed", NULL);
    world_expect(world, "alice", target, 414, "runmesh; fwd=bypass; detail=limit", NULL);
    assert_int_equal(world_asked(world), 0);
}

static void test_a_request_too_many_is_refused_while_the_others_wait(void **state)
{
    struct world *world = *state;
    struct asker *askers = calloc(GITHUB_WAITERS_MAX, sizeof *askers);
    const struct asker_request request = {.target = issues, .token = "alice"};
    assert_non_null(askers);
    world_put(world, issues, issues_body, "alice");
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_HEADS);
    for (size_t i = 0; i < GITHUB_WAITERS_MAX; i++)
        asker_begin(&askers[i], world->github, &request);

    world_expect(world, "alice", issues, 503, "runmesh; fwd=bypass; detail=waiters", NULL);

    upstream_server_hold(&world->upstream, 0);
    for (size_t i = 0; i < GITHUB_WAITERS_MAX; i++) {
        assert_int_equal(asker_wait(&askers[i]), 200);
        asker_done(&askers[i]);
    }
    free(askers);
    assert_int_equal(world_asked(world), 1);
    assert_int_equal(world_count(world, GITHUB_COUNTER_refused), 1);
    world_expect(world, "alice", issues, 200, NULL, NULL);
}

static void test_a_shut_service_answers_all_that_wait_and_all_that_come(void **state)
{
    struct world *world = *state;
    struct asker waiting, passing;
    const struct asker_request get = {.target = issues, .token = "alice"};
    const struct asker_request post = {.method = "POST", .target = issues, .token = "alice"};
    world_put(world, issues, issues_body, "alice");
    upstream_server_hold(&world->upstream, UPSTREAM_HOLD_HEADS);
    asker_begin(&waiting, world->github, &get);
    asker_begin(&passing, world->github, &post);
    assert_true(upstream_server_await(&world->upstream, 2));

    github_shut(world->github);

    assert_int_equal(asker_wait(&waiting), 503);
    assert_string_equal(asker_field(&waiting, "Retry-After"), "1");
    assert_int_equal(asker_wait(&passing), 503);
    asker_done(&waiting);
    asker_done(&passing);
    world_expect(world, "alice", issues, 503, NULL, NULL);
    const struct asker_request late = {.method = "POST", .target = issues, .token = "alice"};
    assert_int_equal(world_ask(world, &waiting, &late), 503);
    asker_done(&waiting);
}

static void test_without_a_store_everything_is_handed_through(void **state)
{
    struct world *world = *state;
    struct github_options options = world_options(world);
    options.store = NULL;
    world_restart(world, &options);
    world_put(world, issues, issues_body, "alice");

    world_expect(world, "alice", issues, 200, "runmesh; fwd=bypass; fwd-status=200", issues_body);
    world_expect(world, "alice", issues, 200, "runmesh; fwd=bypass; fwd-status=200", issues_body);

    assert_int_equal(world_asked(world), 2);
}

static void test_an_invalidated_prefix_is_revalidated_by_everybody(void **state)
{
    struct world *world = *state;
    world_put(world, issues, issues_body, "alice");
    world_expect(world, "alice", issues, 200, NULL, NULL);

    assert_int_equal(github_invalidate(world->github, slice_of("/repos/O/R")), 0);
    assert_int_equal(github_invalidate(world->github, slice_of("repos")), -EINVAL);

    shifted_clock_move(1);
    world_expect(world, "alice", issues, 200, "runmesh; fwd=stale; fwd-status=304; detail=written",
                 issues_body);
    world_expect(world, "alice", issues, 200, NULL, NULL);
    assert_int_equal(world_asked(world), 2);
    assert_int_equal(world_count(world, GITHUB_COUNTER_invalidations), 1);
}

/* --- Many threads --- */

enum { THREADS = 8, QUESTIONS = 500, TARGET_SIZE = 64 };

struct crowd {
    struct world *world;
    size_t seed, wrong;
};

static void *ask_all(void *cls)
{
    struct crowd *self = cls;
    for (size_t i = 0; i < QUESTIONS; i++) {
        char target[TARGET_SIZE];
        struct asker asker;
        const struct asker_request request = {.target = target, .token = "alice"};
        snprintf(target, sizeof target, "/repos/o/r/issues?q=%zu",
                 (i * 7 + self->seed * 61) % QUESTIONS);
        const int status = world_ask(self->world, &asker, &request);
        self->wrong += status != 200 || strcmp(asker_text(&asker), target) != 0;
        asker_done(&asker);
    }
    return NULL;
}

static void test_many_threads_get_the_answer_to_their_own_question(void **state)
{
    struct world *world = *state;
    static char targets[QUESTIONS][TARGET_SIZE];
    struct crowd crowds[THREADS];
    pthread_t threads[THREADS];
    for (size_t i = 0; i < QUESTIONS; i++) {
        snprintf(targets[i], sizeof targets[i], "/repos/o/r/issues?q=%zu", i);
        world_put(world, targets[i], targets[i], "alice");
    }
    for (size_t i = 0; i < THREADS; i++) {
        crowds[i] = (struct crowd){.world = world, .seed = i};
        assert_int_equal(pthread_create(&threads[i], NULL, ask_all, &crowds[i]), 0);
    }

    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(crowds[i].wrong, 0);
    }
    assert_int_equal(world_asked(world), QUESTIONS);
    assert_int_equal(world_count(world, GITHUB_COUNTER_requests_total), THREADS * QUESTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_miss_is_fetched_once_and_then_served),
        WORLD_TEST(test_a_304_renews_what_has_run_out),
        WORLD_TEST(test_a_change_is_fetched_when_the_entry_has_run_out),
        WORLD_TEST(test_a_clients_own_validator_is_answered_from_the_store),
        WORLD_TEST(test_entries_outlive_the_process_and_its_token_ids),
        WORLD_TEST(test_another_token_proves_itself_by_one_free_304),
        WORLD_TEST(test_a_third_token_gets_githubs_404_and_keeps_it_for_seconds),
        WORLD_TEST(test_a_withdrawn_permission_counts_once_the_proof_has_run_out),
        WORLD_TEST(test_an_answer_bound_to_a_token_is_never_given_to_another),
        WORLD_TEST(test_what_an_anonymous_client_got_is_for_everybody),
        WORLD_TEST(test_a_token_revalidates_what_an_anonymous_client_got),
        WORLD_TEST(test_malformed_and_endless_targets_are_refused_at_once),
        WORLD_TEST(test_a_request_too_many_is_refused_while_the_others_wait),
        WORLD_TEST(test_a_shut_service_answers_all_that_wait_and_all_that_come),
        WORLD_TEST(test_without_a_store_everything_is_handed_through),
        WORLD_TEST(test_an_invalidated_prefix_is_revalidated_by_everybody),
        WORLD_TEST(test_many_threads_get_the_answer_to_their_own_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
