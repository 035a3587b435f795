/* The policy as a matrix: one usual question, changed in a place or two, and what is done then. */
#include "github/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "github/etag.h"

enum { TTL_S = 60, STALE_S = 300, SCALE = 60 };

/* All in milliseconds. */
#define VALIDATED INT64_C(1700000000000)
#define TTL (TTL_S * INT64_C(1000))
#define STALE (STALE_S * INT64_C(1000))
#define CEILING (GITHUB_STALE_MAX_S * INT64_C(1000))
#define SKEW INT64_C(60000)

/* In what a question differs from the usual one: a client with a proof that asks for a repository's
 * entry, on a route that may be stale for STALE_S. */
enum {
    POST = 1 << 0,
    BYPASSED = 1 << 1,
    NO_ENTRY = 1 << 2,
    REDIRECT = 1 << 3,
    UNPROVED = 1 << 4,
    PUBLIC = 1 << 5, /* the repository was seen public */
    ANONYMOUS = 1 << 6,
    DIRTY = 1 << 7,        /* at the very time of validation */
    NEVER_STALE = 1 << 8,  /* the route's ceiling is 0 */
    ALWAYS_STALE = 1 << 9, /* the route has no ceiling of its own */
    FOR_ALL = 1 << 10,     /* the share is PUBLIC */
    TOKEN_BOUND = 1 << 11, /* the share is TOKEN */
    ROUTE_NEVER = 1 << 12, /* the route's share is NEVER */
    SHARE_NEVER = 1 << 13, /* this question's is */
    FOR_EVER = 1 << 14,    /* the entry's lifetime is the longest */
    SCALED = 1 << 15,      /* time runs SCALE times as fast */
};

struct question {
    struct github_route route;
    struct github_entry entry;
    struct github_policy_input input;
};

static enum github_share share_of(unsigned marks)
{
    if (marks & FOR_ALL)
        return GITHUB_SHARE_PUBLIC;
    if (marks & SHARE_NEVER)
        return GITHUB_SHARE_NEVER;
    return marks & TOKEN_BOUND ? GITHUB_SHARE_TOKEN : GITHUB_SHARE_SCOPE;
}

static uint32_t ceiling_of(unsigned marks)
{
    if (marks & ALWAYS_STALE)
        return UINT32_MAX;
    return marks & NEVER_STALE ? 0 : STALE_S;
}

static void init(struct question *self, unsigned marks, const char *cache_control)
{
    const struct slice none = {.data = NULL, .size = 0};
    *self = (struct question){
        .route = {.share = marks & ROUTE_NEVER ? GITHUB_SHARE_NEVER : GITHUB_SHARE_SCOPE,
                  .stale_max_s = ceiling_of(marks)},
        .entry = {.status = marks & REDIRECT ? 301 : 200,
                  .flags = GITHUB_ENTRY_ANONYMOUS, /* says where it came from, opens nothing */
                  .ttl_s = marks & FOR_EVER ? UINT32_MAX : TTL_S,
                  .validated_ms = VALIDATED},
        .input = {.route = &self->route,
                  .share = share_of(marks),
                  .entry = marks & NO_ENTRY ? NULL : &self->entry,
                  .client = github_cache_control_parse(slice_of(cache_control), none),
                  .is_get = !(marks & POST),
                  .is_bypassed = marks & BYPASSED,
                  .is_anonymous = marks & ANONYMOUS,
                  .is_proved = !(marks & UNPROVED),
                  .is_public = marks & PUBLIC,
                  .dirty_ms = marks & DIRTY ? VALIDATED : INT64_MIN,
                  .time_scale = marks & SCALED ? SCALE : 1},
    };
}

struct row {
    const char *cache_control; /* the client's, NULL for none */
    unsigned marks;
    int64_t age_ms;
    enum github_action action;
    enum github_reason reason;
};

#define HIT GITHUB_ACTION_SERVE, GITHUB_REASON_HIT
#define STALE_HIT GITHUB_ACTION_SERVE, GITHUB_REASON_STALE_CLIENT
#define ASK(reason) GITHUB_ACTION_REVALIDATE, GITHUB_REASON_##reason
#define FETCH(reason) GITHUB_ACTION_FETCH, GITHUB_REASON_##reason
#define PASS(reason) GITHUB_ACTION_PASS, GITHUB_REASON_##reason
#define REFUSE GITHUB_ACTION_REFUSE, GITHUB_REASON_ONLY_IF_CACHED

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct question question;
        init(&question, rows[i].marks, rows[i].cache_control);

        const struct github_decision decision =
            github_policy_decide(&question.input, VALIDATED + rows[i].age_ms);

        if (decision.action != rows[i].action || decision.reason != rows[i].reason)
            fail_msg("row %zu: action %d, reason %d", i, (int)decision.action,
                     (int)decision.reason);
    }
}

#define CHECK_ROWS(rows) check(rows, sizeof rows / sizeof rows[0])

static void test_freshness_ends_with_the_lifetime(void **state)
{
    (void)state;
    static const struct row rows[] = {{NULL, 0, 0, HIT},
                                      {NULL, 0, TTL - 1, HIT},
                                      {NULL, 0, TTL, ASK(STALE)},
                                      {NULL, 0, TTL + 1, ASK(STALE)},
                                      {NULL, FOR_EVER, INT64_C(31536000000), HIT}};
    CHECK_ROWS(rows);
}

static void test_what_is_never_cached_passes_and_a_miss_is_fetched(void **state)
{
    (void)state;
    static const struct row rows[] = {{NULL, POST, 0, PASS(METHOD)},
                                      {"only-if-cached", POST | BYPASSED, 0, PASS(METHOD)},
                                      {NULL, BYPASSED, 0, PASS(BYPASS)},
                                      {NULL, SHARE_NEVER, 0, PASS(BYPASS)},
                                      {NULL, ROUTE_NEVER, 0, PASS(BYPASS)},
                                      {"no-store", 0, 0, PASS(CLIENT)},
                                      {"no-store", NO_ENTRY, 0, PASS(CLIENT)},
                                      {"no-store", BYPASSED, 0, PASS(BYPASS)},
                                      {NULL, NO_ENTRY, 0, FETCH(MISS)},
                                      {"no-cache", NO_ENTRY, 0, FETCH(MISS)},
                                      {"max-stale", NO_ENTRY, 0, FETCH(MISS)}};
    CHECK_ROWS(rows);
}

static void test_who_may_read_follows_the_sharing_class(void **state)
{
    (void)state;
    static const struct row rows[] = {{NULL, FOR_ALL | UNPROVED, 0, HIT},
                                      {NULL, FOR_ALL | UNPROVED | ANONYMOUS, 0, HIT},
                                      {NULL, 0, 0, HIT},
                                      {NULL, UNPROVED, 0, ASK(UNPROVED)},
                                      {NULL, UNPROVED | PUBLIC, 0, HIT},
                                      {NULL, ANONYMOUS, 0, ASK(UNPROVED)},
                                      {NULL, ANONYMOUS | UNPROVED, 0, ASK(UNPROVED)},
                                      {NULL, ANONYMOUS | UNPROVED | PUBLIC, 0, HIT},
                                      {NULL, TOKEN_BOUND, 0, HIT},
                                      {NULL, TOKEN_BOUND | ANONYMOUS, 0, HIT},
                                      {NULL, TOKEN_BOUND | UNPROVED, 0, ASK(UNPROVED)},
                                      {NULL, TOKEN_BOUND | UNPROVED | PUBLIC, 0, ASK(UNPROVED)},
                                      {NULL, UNPROVED, TTL - 1, ASK(UNPROVED)},
                                      {NULL, UNPROVED, TTL, ASK(STALE)},
                                      {NULL, UNPROVED | DIRTY, 0, ASK(DIRTY)}};
    CHECK_ROWS(rows);
}

static void test_a_write_or_no_cache_makes_it_ask(void **state)
{
    (void)state;
    static const struct row rows[] = {{NULL, DIRTY, 0, ASK(DIRTY)},
                                      {NULL, DIRTY | FOR_ALL, 1, ASK(DIRTY)},
                                      {NULL, DIRTY | TOKEN_BOUND, TTL, ASK(DIRTY)},
                                      {"max-stale", DIRTY, 0, ASK(DIRTY)},
                                      {"no-cache", DIRTY, 0, ASK(CLIENT)},
                                      {"no-cache", 0, 0, ASK(CLIENT)},
                                      {"no-cache", 0, TTL, ASK(CLIENT)},
                                      {"no-cache, max-stale", 0, 0, ASK(CLIENT)}};
    CHECK_ROWS(rows);
}

static void test_max_age_and_min_fresh_only_ever_ask_for_newer(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"max-age=10", 0, 9999, HIT},          {"max-age=10", 0, 10000, ASK(CLIENT)},
        {"max-age=10", 0, 10001, ASK(CLIENT)}, {"max-age=10", 0, TTL, ASK(STALE)},
        {"max-age=0", 0, 0, ASK(CLIENT)},      {"max-age=86400", 0, TTL - 1, HIT},
        {"max-age=86400", 0, TTL, ASK(STALE)}, {"min-fresh=20", 0, TTL - 20001, HIT},
        {"min-fresh=20", 0, TTL - 20000, HIT}, {"min-fresh=20", 0, TTL - 19999, ASK(CLIENT)},
        {"min-fresh=61", 0, 0, ASK(CLIENT)},   {"min-fresh=99999999999", FOR_EVER, 1, ASK(CLIENT)},
        {"min-fresh=0", 0, TTL - 1, HIT}};
    CHECK_ROWS(rows);
}

static void test_max_stale_is_honoured_up_to_the_ceiling(void **state)
{
    (void)state;
    static const struct row rows[] = {{"max-stale=30", 0, TTL - 1, HIT},
                                      {"max-stale=30", 0, TTL, STALE_HIT},
                                      {"max-stale=30", 0, TTL + 29999, STALE_HIT},
                                      {"max-stale=30", 0, TTL + 30000, STALE_HIT},
                                      {"max-stale=30", 0, TTL + 30001, ASK(STALE)},
                                      {"max-stale=0", 0, TTL, STALE_HIT},
                                      {"max-stale=0", 0, TTL + 1, ASK(STALE)},
                                      {"max-stale", 0, TTL + STALE - 1, STALE_HIT},
                                      {"max-stale", 0, TTL + STALE, STALE_HIT},
                                      {"max-stale", 0, TTL + STALE + 1, ASK(STALE)},
                                      {"max-stale", NEVER_STALE, TTL - 1, HIT},
                                      {"max-stale", NEVER_STALE, TTL, ASK(STALE)},
                                      {"max-stale", ALWAYS_STALE, TTL + CEILING, STALE_HIT},
                                      {"max-stale", ALWAYS_STALE, TTL + CEILING + 1, ASK(STALE)},
                                      {"max-stale", UNPROVED, TTL, ASK(UNPROVED)},
                                      {"max-stale, min-fresh=1", 0, TTL, ASK(STALE)}};
    CHECK_ROWS(rows);
}

static void test_max_stale_counts_from_the_clients_own_max_age(void **state)
{
    (void)state;
    static const struct row rows[] = {{"max-age=10, max-stale=20", 0, 30000, HIT},
                                      {"max-age=10, max-stale=20", 0, 30001, ASK(CLIENT)},
                                      {"max-age=10, max-stale=20", NEVER_STALE, 30000, HIT},
                                      {"max-age=10, max-stale", NEVER_STALE, TTL, ASK(STALE)},
                                      {"max-age=9999, max-stale=20", 0, TTL + 20000, STALE_HIT},
                                      {"max-age=9999, max-stale=20", 0, TTL + 20001, ASK(STALE)}};
    CHECK_ROWS(rows);
}

static void test_only_if_cached_serves_or_refuses(void **state)
{
    (void)state;
    static const struct row rows[] = {{"only-if-cached", 0, 0, HIT},
                                      {"only-if-cached", 0, TTL, REFUSE},
                                      {"only-if-cached, max-stale", 0, TTL, STALE_HIT},
                                      {"only-if-cached, no-cache", 0, 0, REFUSE},
                                      {"only-if-cached, no-store", 0, 0, REFUSE},
                                      {"only-if-cached, max-age=0", 0, 0, REFUSE},
                                      {"only-if-cached", DIRTY, 0, REFUSE},
                                      {"only-if-cached", UNPROVED, 0, REFUSE},
                                      {"only-if-cached", NO_ENTRY, 0, REFUSE},
                                      {"only-if-cached", BYPASSED, 0, REFUSE},
                                      {"only-if-cached", REDIRECT, TTL, REFUSE}};
    CHECK_ROWS(rows);
}

static void test_a_redirect_is_served_and_asked_anew(void **state)
{
    (void)state;
    static const struct row rows[] = {{NULL, REDIRECT, 0, HIT},
                                      {NULL, REDIRECT, TTL, FETCH(STALE)},
                                      {NULL, REDIRECT | UNPROVED, 0, FETCH(UNPROVED)},
                                      {NULL, REDIRECT | DIRTY, 0, FETCH(DIRTY)},
                                      {"no-cache", REDIRECT, 0, FETCH(CLIENT)}};
    CHECK_ROWS(rows);
}

static void test_a_clock_set_back_is_borne_for_a_minute(void **state)
{
    (void)state;
    static const struct row rows[] = {{NULL, 0, -1, HIT},
                                      {NULL, 0, -SKEW, HIT},
                                      {NULL, 0, -SKEW - 1, ASK(STALE)},
                                      {"max-stale", 0, -SKEW - 1, ASK(STALE)},
                                      {NULL, FOR_EVER, -SKEW - 1, ASK(STALE)}};
    CHECK_ROWS(rows);
}

static void test_periods_are_divided_by_the_time_scale(void **state)
{
    (void)state;
    static const struct row rows[] = {{NULL, SCALED, TTL / SCALE - 1, HIT},
                                      {NULL, SCALED, TTL / SCALE, ASK(STALE)},
                                      {"max-age=6", SCALED, 99, HIT},
                                      {"max-age=6", SCALED, 100, ASK(CLIENT)},
                                      {"min-fresh=6", SCALED, 900, HIT},
                                      {"min-fresh=6", SCALED, 901, ASK(CLIENT)},
                                      {"max-stale=6", SCALED, 1100, STALE_HIT},
                                      {"max-stale=6", SCALED, 1101, ASK(STALE)},
                                      {"max-stale", SCALED, (TTL + STALE) / SCALE, STALE_HIT},
                                      {"max-stale", SCALED, (TTL + STALE) / SCALE + 1, ASK(STALE)}};
    CHECK_ROWS(rows);
}

static void test_a_decision_tells_age_and_what_is_left(void **state)
{
    (void)state;
    static const struct {
        int64_t at_ms, age_ms, left_ms;
    } cases[] = {
        {0, 0, TTL},     {18000, 18000, TTL - 18000}, {TTL, TTL, 0}, {TTL + 5, TTL + 5, -5},
        {-SKEW, 0, TTL}, {-SKEW - 1, 0, -SKEW - 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct question question;
        init(&question, 0, "max-age=1");
        const struct github_decision decision =
            github_policy_decide(&question.input, VALIDATED + cases[i].at_ms);
        assert_int_equal(decision.age_ms, cases[i].age_ms);
        assert_int_equal(decision.left_ms, cases[i].left_ms);
    }
}

static bool allows_stale(unsigned marks, const char *cache_control, int64_t age_ms)
{
    struct github_decision decision = {.action = GITHUB_ACTION_PASS};
    struct question question;
    init(&question, marks, cache_control);
    const bool allowed = github_policy_allows_stale(&question.input, VALIDATED + age_ms, &decision);
    assert_int_equal(decision.action, allowed ? GITHUB_ACTION_SERVE : GITHUB_ACTION_PASS);
    if (allowed)
        assert_int_equal(decision.reason, GITHUB_REASON_STALE_ERROR);
    return allowed;
}

static void test_without_github_stale_is_served_up_to_the_ceiling(void **state)
{
    (void)state;

    assert_true(allows_stale(0, NULL, TTL));
    assert_true(allows_stale(0, NULL, TTL + STALE - 1));
    assert_true(allows_stale(0, NULL, TTL + STALE));
    assert_false(allows_stale(0, NULL, TTL + STALE + 1));
    assert_true(allows_stale(ALWAYS_STALE, NULL, TTL + CEILING));
    assert_false(allows_stale(ALWAYS_STALE, NULL, TTL + CEILING + 1));
    assert_true(allows_stale(SCALED, NULL, (TTL + STALE) / SCALE));
    assert_false(allows_stale(SCALED, NULL, (TTL + STALE) / SCALE + 1));
    assert_false(allows_stale(ALWAYS_STALE, NULL, -SKEW - 1));
}

static void test_without_github_nobody_reads_more_than_before(void **state)
{
    (void)state;

    assert_false(allows_stale(UNPROVED, NULL, TTL));
    assert_true(allows_stale(UNPROVED | PUBLIC, NULL, TTL));
    assert_false(allows_stale(ANONYMOUS, NULL, TTL));
    assert_true(allows_stale(ANONYMOUS | PUBLIC, NULL, TTL));
    assert_true(allows_stale(ANONYMOUS | FOR_ALL, NULL, TTL));
    assert_true(allows_stale(TOKEN_BOUND, NULL, TTL));
    assert_false(allows_stale(TOKEN_BOUND | UNPROVED | PUBLIC, NULL, TTL));
}

static void test_stale_is_refused_for_each_reason_alone(void **state)
{
    (void)state;
    static const unsigned marks[] = {POST,        BYPASSED,    NO_ENTRY,   DIRTY,
                                     NEVER_STALE, ROUTE_NEVER, SHARE_NEVER};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        assert_false(allows_stale(marks[i], NULL, TTL));
    assert_false(allows_stale(0, "no-cache", TTL));
    assert_false(allows_stale(0, "no-store", TTL));
    assert_true(allows_stale(0, "max-age=10", TTL));
}

static uint32_t ttl_of(const char *path, unsigned flags, uint64_t poll_interval_s)
{
    const struct github_route_match match = github_route_find(slice_of(path));
    return github_policy_ttl_s(&match, flags, poll_interval_s);
}

static void test_only_an_ended_attempt_or_job_lives_longer(void **state)
{
    (void)state;
    static const char *const ending[] = {"/repos/o/r/actions/jobs/1",
                                         "/repos/o/r/actions/runs/1/attempts/2"};
    static const char *const others[] = {"/repos/o/r/actions/runs/1", "/repos/o/r/check-runs/1",
                                         "/repos/o/r", "/unknown"};
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) {
        assert_true(ttl_of(ending[i], 0, 0) < GITHUB_POLICY_COMPLETED_S);
        assert_int_equal(ttl_of(ending[i], GITHUB_ENTRY_COMPLETED, 0), GITHUB_POLICY_COMPLETED_S);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(ttl_of(others[i], GITHUB_ENTRY_COMPLETED, 0), ttl_of(others[i], 0, 0));
}

static void test_an_immutable_object_lives_a_year(void **state)
{
    (void)state;
    struct github_route route = {.name = "git_blob",
                                 .pattern = "/repos/{owner}/{repo}/git/blobs/{sha}",
                                 .ttl_s = TTL_S,
                                 .immutable = true};
    struct github_route_match match = {.route = &route, .full_sha = true};

    assert_int_equal(github_policy_ttl_s(&match, 0, 0), 31536000);
    match.full_sha = false;
    assert_int_equal(github_policy_ttl_s(&match, 0, 0), TTL_S);
    route.pattern = "/emojis";
    assert_int_equal(github_policy_ttl_s(&match, 0, 0), 31536000);
    route.immutable = false;
    match.full_sha = true;
    assert_int_equal(github_policy_ttl_s(&match, 0, 0), TTL_S);
}

static void test_githubs_poll_interval_is_a_minimum(void **state)
{
    (void)state;
    const struct github_route route = {.name = "events", .pattern = "/events", .ttl_s = TTL_S};
    const struct github_route_match match = {.route = &route};

    assert_int_equal(github_policy_ttl_s(&match, 0, TTL_S - 1), TTL_S);
    assert_int_equal(github_policy_ttl_s(&match, 0, TTL_S + 1), TTL_S + 1);
    assert_int_equal(github_policy_ttl_s(&match, 0, 600), 600);
    assert_int_equal(github_policy_ttl_s(&match, 0, UINT64_MAX), 600);
}

static void test_only_good_answers_and_lasting_redirects_are_stored(void **state)
{
    (void)state;
    const struct github_route route = {.share = GITHUB_SHARE_SCOPE};
    for (int status = 0; status < 600; status++)
        assert_int_equal(github_policy_may_store(&route, status, GITHUB_VARY_ALL, false),
                         status == 200 || status == 301 || status == 308);
}

static void test_nothing_doubtful_is_stored(void **state)
{
    (void)state;
    struct github_route route = {.share = GITHUB_SHARE_TOKEN};

    assert_false(github_policy_may_store(&route, 200, GITHUB_VARY_ALL, true));
    assert_false(github_policy_may_store(&route, 200,
                                         GITHUB_VARY_ACCEPT | GITHUB_VARY_UNKNOWN_FIELD, false));
    assert_true(github_policy_may_store(&route, 200, 0, false));
    route.share = GITHUB_SHARE_NEVER;
    assert_false(github_policy_may_store(&route, 200, 0, false));
}

static void test_reasons_have_their_words_in_cache_status(void **state)
{
    (void)state;

    assert_null(github_policy_fwd(GITHUB_REASON_HIT));
    assert_string_equal(github_policy_detail(GITHUB_REASON_HIT), "local");
    assert_string_equal(github_policy_detail(GITHUB_REASON_STALE_ERROR), "stale");
    assert_string_equal(github_policy_fwd(GITHUB_REASON_MISS), "uri-miss");
    assert_null(github_policy_detail(GITHUB_REASON_MISS));
    assert_string_equal(github_policy_fwd(GITHUB_REASON_STALE), "stale");
    assert_string_equal(github_policy_fwd(GITHUB_REASON_METHOD), "method");
    assert_string_equal(github_policy_fwd(GITHUB_REASON_BYPASS), "bypass");
    assert_string_equal(github_policy_fwd(GITHUB_REASON_ONLY_IF_CACHED), "request");
    assert_string_equal(github_policy_detail(GITHUB_REASON_ONLY_IF_CACHED), "only-if-cached");
}

/* Whatever is combined: nothing is served that was written, unproved or unwished. */
static void test_every_combination_keeps_the_promises(void **state)
{
    (void)state;
    const char *const clients[] = {NULL, "no-cache", "max-stale", "only-if-cached"};
    for (unsigned marks = 0; marks < FOR_EVER; marks++) {
        for (int64_t at = 0; at < 12; at++) {
            const char *client = clients[at % 4];
            struct question question;
            init(&question, marks, client);
            const struct github_decision decision =
                github_policy_decide(&question.input, VALIDATED + at / 4 * TTL);
            if (decision.action != GITHUB_ACTION_SERVE)
                continue;
            assert_false(marks & (POST | BYPASSED | NO_ENTRY | DIRTY | ROUTE_NEVER));
            assert_true(marks & (FOR_ALL | PUBLIC) || !(marks & UNPROVED));
            assert_true(at % 4 != 1 && (at < 4 || at % 4 == 2));
            assert_true(at < 4 || !(marks & NEVER_STALE) || (marks & ALWAYS_STALE));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_freshness_ends_with_the_lifetime),
        cmocka_unit_test(test_what_is_never_cached_passes_and_a_miss_is_fetched),
        cmocka_unit_test(test_who_may_read_follows_the_sharing_class),
        cmocka_unit_test(test_a_write_or_no_cache_makes_it_ask),
        cmocka_unit_test(test_max_age_and_min_fresh_only_ever_ask_for_newer),
        cmocka_unit_test(test_max_stale_is_honoured_up_to_the_ceiling),
        cmocka_unit_test(test_max_stale_counts_from_the_clients_own_max_age),
        cmocka_unit_test(test_only_if_cached_serves_or_refuses),
        cmocka_unit_test(test_a_redirect_is_served_and_asked_anew),
        cmocka_unit_test(test_a_clock_set_back_is_borne_for_a_minute),
        cmocka_unit_test(test_periods_are_divided_by_the_time_scale),
        cmocka_unit_test(test_a_decision_tells_age_and_what_is_left),
        cmocka_unit_test(test_without_github_stale_is_served_up_to_the_ceiling),
        cmocka_unit_test(test_without_github_nobody_reads_more_than_before),
        cmocka_unit_test(test_stale_is_refused_for_each_reason_alone),
        cmocka_unit_test(test_only_an_ended_attempt_or_job_lives_longer),
        cmocka_unit_test(test_an_immutable_object_lives_a_year),
        cmocka_unit_test(test_githubs_poll_interval_is_a_minimum),
        cmocka_unit_test(test_only_good_answers_and_lasting_redirects_are_stored),
        cmocka_unit_test(test_nothing_doubtful_is_stored),
        cmocka_unit_test(test_reasons_have_their_words_in_cache_status),
        cmocka_unit_test(test_every_combination_keeps_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
