/* The statistics: INTERFACE's names, the right sums, valid JSON. */
#include "node/stats.h"

#include <cjson/cJSON.h>

#include "test_node_office.h"

enum { TEXT_MAX = 64 * 1024 };

static cJSON *stats_of(const struct office *office)
{
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    node_stats_write(&office->admin, &out);
    assert_int_equal(out.error, 0);
    cJSON *root = cJSON_Parse(out.data);
    assert_non_null(root);
    buffer_done(&out);
    return root;
}

static double number_of(const cJSON *root, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(root, name);
    assert_true(cJSON_IsNumber(value));
    return value->valuedouble;
}

static void test_every_name_that_scripts_rely_on_is_there(void **state)
{
    static const char *const names[] = {"uptime_seconds",
                                        "requests_total",
                                        "local_hits",
                                        "peer_hits",
                                        "stale_hits",
                                        "collapsed",
                                        "misses",
                                        "hit_rate",
                                        "upstream_requests",
                                        "upstream_charged",
                                        "upstream_not_modified",
                                        "api_calls_saved",
                                        "connected_peers",
                                        "cache_entries",
                                        "cache_bytes",
                                        "evictions",
                                        "expirations",
                                        "announcements_sent",
                                        "announcements_received"};
    cJSON *root = stats_of(*state);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        number_of(root, names[i]);
    assert_true(cJSON_IsObject(cJSON_GetObjectItem(root, "rejected")));
    assert_true(cJSON_IsObject(cJSON_GetObjectItem(root, "budget")));
    assert_string_equal(cJSON_GetObjectItem(root, "peer_id")->valuestring, "12D3KooWtest");
    assert_string_equal(cJSON_GetObjectItem(root, "region")->valuestring, "de\"fault");
    cJSON_Delete(root);
}

static void test_no_name_comes_twice(void **state)
{
    cJSON *root = stats_of(*state);

    for (const cJSON *a = root->child; a; a = a->next)
        for (const cJSON *b = a->next; b; b = b->next)
            assert_string_not_equal(a->string, b->string);
    cJSON_Delete(root);
}

static void test_the_sums_are_those_of_what_was_asked(void **state)
{
    struct office *office = *state;
    struct world *world = office->world;
    world_put(world, "/repos/o/r/issues", "[1]", "alice,bob");
    world_expect(world, "alice", "/repos/o/r/issues", 200, NULL, NULL);
    world_expect(world, "alice", "/repos/o/r/issues", 200, NULL, NULL);
    world_expect(world, "bob", "/repos/o/r/issues", 200, NULL, NULL);
    world_expect(world, "bob", "/repos/o/r/issues", 200, NULL, NULL);
    assert_int_equal(store_sync(world->store), 0);

    cJSON *root = stats_of(office);

    assert_int_equal(number_of(root, "requests_total"), 4);
    assert_int_equal(number_of(root, "local_hits"), 2);
    assert_int_equal(number_of(root, "misses"), 2);
    assert_int_equal(number_of(root, "upstream_requests"), 2);
    assert_int_equal(number_of(root, "upstream_charged"), 1);
    assert_int_equal(number_of(root, "upstream_not_modified"), 1);
    assert_int_equal(number_of(root, "api_calls_saved"), 3);
    assert_int_equal(number_of(root, "hit_rate") * 100, 50);
    assert_int_equal(number_of(root, "cache_entries"), 1);
    cJSON_Delete(root);
}

static void test_a_node_without_a_store_counts_all_the_same(void **state)
{
    struct office *office = *state;
    office->admin.store = NULL;

    cJSON *root = stats_of(office);

    assert_int_equal(number_of(root, "cache_entries"), 0);
    assert_int_equal(number_of(root, "hit_rate"), 0);
    cJSON_Delete(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE_TEST(test_every_name_that_scripts_rely_on_is_there),
        OFFICE_TEST(test_no_name_comes_twice),
        OFFICE_TEST(test_the_sums_are_those_of_what_was_asked),
        OFFICE_TEST(test_a_node_without_a_store_counts_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
