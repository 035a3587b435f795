/* Rate limits as GitHub tells them, and as a client is told. */
#include "github/budget.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { DESCRIPTION_MAX = 64 * 1024, THREADS = 4, ROUNDS = 2000, RESOURCES_MAX = 32 };

#define NOW_S INT64_C(1700000000)
#define NOW (NOW_S * 1000)
#define RESET_S (NOW_S + 1800)

static const uint8_t alice[GITHUB_TOKEN_ID_SIZE] = "alice", bob[GITHUB_TOKEN_ID_SIZE] = "bob";
static const uint8_t anonymous[GITHUB_TOKEN_ID_SIZE];

static int setup(void **state)
{
    struct github_budget *budget = NULL;
    const int r = github_budget_new(&budget);
    *state = budget;
    return r;
}

static int teardown(void **state)
{
    struct github_budget *budget = *state;
    github_budget_destroy(&budget);
    return budget != NULL;
}

/* NULL leaves a field out. */
struct told {
    const char *limit, *remaining, *used, *reset, *resource;
};

static void add(struct github_headers *headers, const char *name, const char *value)
{
    if (value)
        assert_int_equal(github_headers_add(headers, slice_of(name), slice_of(value)), 0);
}

static void learn(struct github_budget *budget, const uint8_t *token_id, const struct told *told)
{
    struct github_headers headers;
    github_headers_init(&headers);
    add(&headers, "x-ratelimit-limit", told->limit);
    add(&headers, "x-ratelimit-remaining", told->remaining);
    add(&headers, "x-ratelimit-used", told->used);
    add(&headers, "x-ratelimit-reset", told->reset);
    add(&headers, "x-ratelimit-resource", told->resource);
    github_budget_learn(budget, token_id, &headers, NOW);
    github_headers_done(&headers);
}

static const struct told usual = {"5000", "4990", "10", "1700001800", "core"};

static struct github_budget_state find(struct github_budget *budget, const uint8_t *token_id,
                                       const char *resource, int64_t now_ms)
{
    struct github_budget_state found;
    memset(&found, 0, sizeof found);
    assert_true(github_budget_find(budget, token_id, resource, now_ms, &found));
    return found;
}

static bool knows(struct github_budget *budget, const uint8_t *token_id, const char *resource)
{
    struct github_budget_state found;
    return github_budget_find(budget, token_id, resource, NOW, &found);
}

static void test_what_github_says_is_known(void **state)
{
    learn(*state, alice, &usual);

    const struct github_budget_state found = find(*state, alice, "core", NOW);

    assert_int_equal(found.limit, 5000);
    assert_int_equal(found.remaining, 4990);
    assert_int_equal(found.used, 10);
    assert_int_equal(found.reset_s, RESET_S);
    assert_string_equal(found.resource, "core");
}

static void test_tokens_and_resources_are_apart(void **state)
{
    learn(*state, alice, &usual);

    assert_false(knows(*state, bob, "core"));
    assert_false(knows(*state, anonymous, "core"));
    assert_false(knows(*state, alice, "search"));
}

static void test_no_resource_means_the_main_one(void **state)
{
    const struct told told = {"60", "59", NULL, "1700001800", NULL};

    learn(*state, anonymous, &told);

    const struct github_budget_state found = find(*state, anonymous, "core", NOW);
    assert_int_equal(found.remaining, 59);
    assert_int_equal(found.used, 1);
}

static void test_in_one_window_the_lowest_remaining_counts(void **state)
{
    const struct told later = {"5000", "4980", "20", "1700001800", "core"};
    learn(*state, alice, &later);
    learn(*state, alice, &usual);

    assert_int_equal(find(*state, alice, "core", NOW).remaining, 4980);
    assert_int_equal(find(*state, alice, "core", NOW).used, 20);
}

static void test_a_new_window_replaces_the_old_one(void **state)
{
    const struct told next = {"5000", "4999", "1", "1700001801", "core"};
    learn(*state, alice, &usual);
    learn(*state, alice, &next);
    assert_int_equal(find(*state, alice, "core", NOW).remaining, 4999);

    learn(*state, alice, &usual);

    assert_int_equal(find(*state, alice, "core", NOW).remaining, 4999);
    assert_int_equal(find(*state, alice, "core", NOW).reset_s, RESET_S + 1);
}

static void test_odd_fields_leave_what_is_known(void **state)
{
    static const char too_long[] = "a2345678901234567890123456789012345678901";
    static const struct told odd[] = {
        {NULL, "1", "1", "1700001900", "core"},
        {"5000", NULL, "1", "1700001900", "core"},
        {"5000", "1", "1", NULL, "core"},
        {"", "1", "1", "1700001900", "core"},
        {"-1", "1", "1", "1700001900", "core"},
        {"5000", "1x", "1", "1700001900", "core"},
        {"5000", "5001", "1", "1700001900", "core"},
        {"5000", "99999999999999999999999", "1", "1700001900", "core"},
        {"5000", "1", "1", "1.7e9", "core"},
        {"5000", "1", "1", "1700086401", "core"},
        {"5000", "1", "1", "1700001900", ""},
        {"5000", "1", "1", "1700001900", "co re"},
        {"5000", "1", "1", "1700001900", "core\""},
        {"5000", "1", "1", "1700001900", too_long},
        {NULL, NULL, NULL, NULL, NULL},
    };
    learn(*state, alice, &usual);

    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        learn(*state, alice, &odd[i]);
        assert_int_equal(find(*state, alice, "core", NOW).remaining, 4990);
        learn(*state, bob, &odd[i]);
        assert_false(knows(*state, bob, "core"));
    }
    assert_false(knows(*state, bob, too_long));
}

static void test_the_farthest_reset_and_longest_name_are_believed(void **state)
{
    static const char name[] = "a234567890123456789012345678901234567890";
    const struct told told = {"5000", "1", "x", "1700086400", name};

    learn(*state, alice, &told);

    assert_int_equal(find(*state, alice, name, NOW).remaining, 1);
    assert_int_equal(find(*state, alice, name, NOW).used, 4999);
}

static void test_after_the_reset_all_is_there_again(void **state)
{
    learn(*state, alice, &usual);

    assert_int_equal(find(*state, alice, "core", RESET_S * 1000 - 1).remaining, 4990);
    const struct github_budget_state found = find(*state, alice, "core", RESET_S * 1000);

    assert_int_equal(found.remaining, 5000);
    assert_int_equal(found.used, 0);
    assert_true((int64_t)found.reset_s > RESET_S);
}

static void test_a_reset_of_zero_is_no_empty_budget(void **state)
{
    const struct told told = {"5000", "4000", NULL, "0", "core"};

    learn(*state, alice, &told);

    assert_int_equal(find(*state, alice, "core", NOW).remaining, 5000);
}

static void assert_field(const struct github_headers *headers, const char *name, const char *value)
{
    assert_int_equal(github_headers_count(headers, name), 1);
    assert_true(slice_equals(github_headers_find(headers, name), slice_of(value)));
}

static void test_a_client_is_shown_the_five_fields_once(void **state)
{
    (void)state;
    const struct github_budget_state shown = {5000, 4990, 10, RESET_S, "core"};
    struct github_headers headers;
    github_headers_init(&headers);
    add(&headers, "X-RateLimit-Remaining", "7");
    add(&headers, "Date", "now");

    assert_int_equal(github_budget_write(&shown, &headers), 0);

    assert_int_equal(headers.count, 6);
    assert_field(&headers, "X-RateLimit-Limit", "5000");
    assert_field(&headers, "X-RateLimit-Remaining", "4990");
    assert_field(&headers, "X-RateLimit-Used", "10");
    assert_field(&headers, "X-RateLimit-Reset", "1700001800");
    assert_field(&headers, "X-RateLimit-Resource", "core");
    github_headers_done(&headers);
}

static void test_without_room_no_field_is_added(void **state)
{
    (void)state;
    const struct github_budget_state shown = {5000, 4990, 10, RESET_S, "core"};
    struct github_headers headers;
    github_headers_init(&headers);
    for (int i = 0; i < GITHUB_HEADERS_MAX - 4; i++)
        add(&headers, "Link", "x");

    assert_int_equal(github_budget_write(&shown, &headers), -EMSGSIZE);

    assert_int_equal(headers.count, GITHUB_HEADERS_MAX - 4);
    assert_int_equal(github_headers_count(&headers, "X-RateLimit-Limit"), 0);
    github_headers_done(&headers);
}

static void test_limits_are_told_from_missing_permission(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *remaining, *retry_after, *body;
        bool is_limit;
    } cases[] = {
        {403, "10", NULL, "{\"message\":\"Resource not accessible by integration\"}", false},
        {403, NULL, NULL, "", false},
        {403, "x", NULL, NULL, false},
        {403, "0", NULL, "", true},
        {403, "10", "60", "", true},
        {403, "10", NULL, "{\"message\":\"You have exceeded a secondary rate limit.\"}", true},
        {403, NULL, NULL, "You have triggered an Abuse Detection mechanism", true},
        {403, NULL, NULL, "{\"message\":\"API rate limit exceeded for 1.2.3.4.\"}", true},
        {429, NULL, NULL, "", true},
        {404, "0", "60", "secondary rate limit", false},
        {401, "0", NULL, "", false},
        {200, "0", NULL, "", false},
        {503, NULL, "60", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct github_headers headers;
        github_headers_init(&headers);
        add(&headers, "X-RateLimit-Remaining", cases[i].remaining);
        add(&headers, "Retry-After", cases[i].retry_after);
        assert_int_equal(github_budget_is_limit(cases[i].status, &headers, slice_of(cases[i].body)),
                         cases[i].is_limit);
        github_headers_done(&headers);
    }
}

static void assert_described(struct github_budget *budget, int64_t now_ms, const char *expected)
{
    struct buffer text;
    buffer_init(&text, DESCRIPTION_MAX);
    github_budget_describe(budget, now_ms, &text);
    assert_int_equal(text.error, 0);
    assert_string_equal(text.data, expected);
    buffer_done(&text);
}

static void test_a_description_names_the_lowest_of_each_resource(void **state)
{
    const struct told low = {"15000", "17", NULL, "1700001900", "core"};
    const struct told search = {"30", "29", NULL, "1700000060", "search"};
    assert_described(*state, NOW, "{\"credentials\":0,\"resources\":{}}");

    learn(*state, anonymous, &usual);
    assert_described(*state, NOW,
                     "{\"credentials\":0,\"resources\":{\"core\":{\"limit\":5000,\"remaining\":"
                     "4990,\"reset\":1700001800}}}");
    learn(*state, bob, &low);
    learn(*state, alice, &usual);
    learn(*state, alice, &search);

    assert_described(*state, NOW,
                     "{\"credentials\":2,\"resources\":{\"search\":{\"limit\":30,\"remaining\":29,"
                     "\"reset\":1700000060},\"core\":{\"limit\":15000,\"remaining\":17,"
                     "\"reset\":1700001900}}}");
}

static void test_windows_of_long_ago_are_not_described(void **state)
{
    learn(*state, alice, &usual);

    assert_described(*state, (RESET_S + 3600) * 1000,
                     "{\"credentials\":1,\"resources\":{\"core\":{\"limit\":5000,\"remaining\":"
                     "5000,\"reset\":1700009000}}}");
    assert_described(*state, (RESET_S + 3601) * 1000, "{\"credentials\":0,\"resources\":{}}");
}

static void test_more_resources_than_there_are_are_counted_only(void **state)
{
    struct buffer text;
    for (int i = 0; i <= RESOURCES_MAX; i++) {
        char name[16];
        assert_true(snprintf(name, sizeof name, "r%d", i) > 0);
        const struct told told = {"10", "9", NULL, "1700001800", name};
        learn(*state, alice, &told);
    }
    buffer_init(&text, DESCRIPTION_MAX);

    github_budget_describe(*state, NOW, &text);

    assert_true(slice_ends_with(buffer_slice(&text), slice_of("}},\"omitted\":1}")));
    buffer_done(&text);
}

static void test_the_oldest_leaves_when_all_places_are_taken(void **state)
{
    for (uint32_t i = 0; i <= GITHUB_BUDGETS_MAX; i++) {
        uint8_t token_id[GITHUB_TOKEN_ID_SIZE] = {0};
        memcpy(token_id, &i, sizeof i);
        learn(*state, token_id, &usual);
    }
    static const uint8_t second[GITHUB_TOKEN_ID_SIZE] = {1};

    assert_false(knows(*state, anonymous, "core"));
    assert_true(knows(*state, second, "core"));
    assert_described(*state, NOW,
                     "{\"credentials\":4096,\"resources\":{\"core\":{\"limit\":5000,\"remaining\":"
                     "4990,\"reset\":1700001800}}}");
}

static void *work(void *budget)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct buffer text;
        learn(budget, i % 2 ? alice : bob, &usual);
        buffer_init(&text, DESCRIPTION_MAX);
        github_budget_describe(budget, NOW, &text);
        const bool broken = text.error != 0 || !knows(budget, i % 2 ? alice : bob, "core");
        buffer_done(&text);
        if (broken)
            return budget;
    }
    return NULL;
}

static void test_threads_may_share_a_budget(void **state)
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
        cmocka_unit_test_setup_teardown(test_what_github_says_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tokens_and_resources_are_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_resource_means_the_main_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_in_one_window_the_lowest_remaining_counts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_new_window_replaces_the_old_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_odd_fields_leave_what_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_farthest_reset_and_longest_name_are_believed,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_after_the_reset_all_is_there_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_reset_of_zero_is_no_empty_budget, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_client_is_shown_the_five_fields_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_without_room_no_field_is_added, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits_are_told_from_missing_permission, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_description_names_the_lowest_of_each_resource, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_windows_of_long_ago_are_not_described, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_more_resources_than_there_are_are_counted_only, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_the_oldest_leaves_when_all_places_are_taken, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_threads_may_share_a_budget, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
