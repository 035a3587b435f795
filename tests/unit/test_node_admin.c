/* The admin paths: who may ask what, and what is said. */
#include "node/admin.h"

#include "test_node_office.h"

static const char *const own_paths[] = {"/-/stats", "/-/entries", "/-/key?url=/meta"};

static void test_only_paths_below_the_dash_are_ours(void **state)
{
    (void)state;
    assert_true(node_admin_owns(slice_of("/-/live")));
    assert_true(node_admin_owns(slice_of("/-/live?x=/y")));
    assert_true(node_admin_owns(slice_of("/-")));
    assert_true(node_admin_owns(slice_of("/-/")));
    assert_false(node_admin_owns(slice_of("/-x")));
    assert_false(node_admin_owns(slice_of("/repos/-/x")));
    assert_false(node_admin_owns(slice_of("/repos?x=/-/live")));
    assert_false(node_admin_owns(slice_of("")));
}

static void test_everybody_may_ask_whether_the_node_lives(void **state)
{
    const struct office_request live = {.target = "/-/live", .is_stranger = true};
    const struct office_request ready = {.target = "/-/ready", .is_stranger = true};
    const struct office_request metrics = {
        .method = "HEAD", .target = "/-/metrics", .is_stranger = true};

    office_expect(*state, &live, 200);
    office_expect(*state, &ready, 200);
    office_expect(*state, &metrics, 200);
}

static void test_a_stranger_learns_nothing_else(void **state)
{
    for (size_t i = 0; i < sizeof own_paths / sizeof own_paths[0]; i++) {
        struct office_request request = {.target = own_paths[i]};
        office_expect(*state, &request, 200);
        request.is_stranger = true;
        office_expect(*state, &request, 403);
    }
    const struct office_request write = {.method = "POST",
                                         .target = "/-/invalidate",
                                         .body = "{\"prefix\":\"/\"}",
                                         .is_stranger = true};
    office_expect(*state, &write, 403);
}

static void test_unknown_paths_and_methods_are_told_apart(void **state)
{
    const struct office_request path = {.target = "/-/webhook"};
    const struct office_request method = {.method = "DELETE", .target = "/-/live"};
    const struct office_request get = {.target = "/-/invalidate"};

    office_expect(*state, &path, 404);
    office_expect(*state, &method, 405);
    office_expect(*state, &get, 405);
}

static void test_a_node_that_stops_is_not_ready(void **state)
{
    struct office *office = *state;
    struct github_answer answer;
    const struct office_request ready = {.target = "/-/ready"};
    atomic_store(&office->admin.is_stopping, true);

    assert_int_equal(office_ask(office, &ready, &answer), 503);
    assert_non_null(strstr(answer.text, "\"process\":\"stopping\""));
    github_answer_done(&answer);
}

static void test_a_node_without_a_store_is_ready_and_says_so(void **state)
{
    struct office *office = *state;
    struct github_answer answer;
    const struct office_request ready = {.target = "/-/ready"};
    office->admin.store = NULL;

    assert_int_equal(office_ask(office, &ready, &answer), 200);
    assert_non_null(strstr(answer.text, "\"store\":\"degraded\""));
    github_answer_done(&answer);
}

static void test_an_invalidation_reaches_what_is_stored(void **state)
{
    struct office *office = *state;
    struct github_answer answer;
    const struct office_request request = {
        .method = "POST", .target = "/-/invalidate", .body = "{\"prefix\":\"/repos/o\"}"};

    assert_int_equal(office_ask(office, &request, &answer), 200);
    assert_string_equal(answer.text, "{\"prefix\":\"/repos/o\"}");
    github_answer_done(&answer);
    assert_int_equal(world_count(office->world, GITHUB_COUNTER_invalidations), 1);
}

static void test_a_malformed_invalidation_changes_nothing(void **state)
{
    static const char *const bodies[] = {"", "{}", "{\"prefix\":\"x\"}", "{\"prefix\":1}"};
    struct office *office = *state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const struct office_request request = {
            .method = "POST", .target = "/-/invalidate", .body = bodies[i]};
        office_expect(office, &request, 400);
    }
    assert_int_equal(world_count(office->world, GITHUB_COUNTER_invalidations), 0);
}

static void test_a_page_of_another_origin_must_not_write(void **state)
{
    static const struct {
        const char *fields;
        int status;
    } rows[] = {
        {"Host: localhost:9480\nOrigin: http://localhost:9480", 200},
        {"Host: localhost:9480\nSec-Fetch-Site: same-origin", 200},
        {"Host: localhost:9480\nSec-Fetch-Site: none", 200},
        {"Host: localhost:9480\nSec-Fetch-Site: cross-site", 403},
        {"Host: localhost:9480\nSec-Fetch-Site: same-site", 403},
        {"Host: localhost:9480\nOrigin: http://evil.example", 403},
        {"Host: localhost:9480\nOrigin: null", 403},
        {"Host: localhost:9480\nOrigin: http://localhost:9480.evil.example", 403},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct office_request request = {.method = "POST",
                                               .target = "/-/invalidate",
                                               .fields = rows[i].fields,
                                               .body = "{\"prefix\":\"/x\"}"};
        office_expect(*state, &request, rows[i].status);
    }
}

static void test_parameters_out_of_bounds_are_refused(void **state)
{
    static const struct {
        const char *target;
        int status;
    } rows[] = {
        {"/-/entries?limit=0", 200},
        {"/-/entries?limit=10000", 200},
        {"/-/entries?limit=10001", 400},
        {"/-/entries?limit=-1", 400},
        {"/-/entries?limit=", 400},
        {"/-/entries?limit=%", 400},
        {"/-/entries?prefix=%zz", 400},
        {"/-/entries?prefix=/x&limit=1", 200},
        {"/-/key", 400},
        {"/-/key?url=", 400},
        {"/-/key?url=relative", 400},
        {"/-/key?url=/a%00", 400},
        {"/-/key?url=/repos/../x", 400},
        {"/-/key?url=%2Frepos%2Fo%2Fr", 200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct office_request request = {.target = rows[i].target};
        office_expect(*state, &request, rows[i].status);
    }
}

static void test_a_whole_address_names_the_same_as_its_path(void **state)
{
    struct office *office = *state;
    struct github_answer by_address, by_path;
    char target[128];
    snprintf(target, sizeof target, "/-/key?url=%s/meta", office->admin.upstream);
    const struct office_request address = {.target = target}, path = {.target = "/-/key?url=/meta"};

    assert_int_equal(office_ask(office, &address, &by_address), 200);
    assert_int_equal(office_ask(office, &path, &by_path), 200);

    assert_string_equal(by_address.text, by_path.text);
    github_answer_done(&by_address);
    github_answer_done(&by_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_paths_below_the_dash_are_ours),
        OFFICE_TEST(test_everybody_may_ask_whether_the_node_lives),
        OFFICE_TEST(test_a_stranger_learns_nothing_else),
        OFFICE_TEST(test_unknown_paths_and_methods_are_told_apart),
        OFFICE_TEST(test_a_node_that_stops_is_not_ready),
        OFFICE_TEST(test_a_node_without_a_store_is_ready_and_says_so),
        OFFICE_TEST(test_an_invalidation_reaches_what_is_stored),
        OFFICE_TEST(test_a_malformed_invalidation_changes_nothing),
        OFFICE_TEST(test_a_page_of_another_origin_must_not_write),
        OFFICE_TEST(test_parameters_out_of_bounds_are_refused),
        OFFICE_TEST(test_a_whole_address_names_the_same_as_its_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
