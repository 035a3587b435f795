/* The table of settings, precedence of its sources, and reloading. */
#include "node/config.h"

#include <errno.h>

#include "node/config_value.h"
#include "node/log.h"
#include "tests/unit/test_node_config_start.h"

static void test_every_row_has_prose_a_unit_and_an_honest_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++) {
        const struct node_config_row *row = node_config_row_at(i);
        const size_t size = strlen(row->prose);

        assert_true(size > 10 && row->prose[size - 1] == '.');
        assert_true(strlen(row->unit) > 0);
        assert_true(strlen(row->metavar) > 0);
        assert_ptr_equal(node_config_row_find_key(slice_of(row->key)), row);
        assert_int_equal(node_config_row_id(row), i);
        assert_true(strspn(row->key, "abcdefghijklmnopqrstuvwxyz_.") == strlen(row->key));
    }
}

static void test_every_default_is_accepted_and_in_range(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, NULL), 0);
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++) {
        const struct node_config_row *row = node_config_row_at(i);
        assert_true(row->minimum <= row->maximum);
        if (row->type != NODE_CONFIG_PATH)
            assert_int_equal(node_config_value_set(&self->config, row, slice_of(row->fallback)), 0);
    }
}

static bool same(const char *one, const char *other)
{
    return one && other && strcmp(one, other) == 0;
}

static void test_options_and_variables_of_two_rows_never_meet(void **state)
{
    (void)state;
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++)
        for (size_t j = 0; j < i; j++) {
            const struct node_config_row *one = node_config_row_at(i), *other;
            char one_name[NODE_CONFIG_NAME_SIZE], other_name[NODE_CONFIG_NAME_SIZE];
            other = node_config_row_at(j);
            node_config_row_variable(one, one_name);
            node_config_row_variable(other, other_name);

            assert_string_not_equal(one->key, other->key);
            assert_string_not_equal(one_name, other_name);
            assert_false(same(one->option, other->option));
            assert_false(same(one->legacy, other->legacy));
        }
}

static void test_options_of_the_interface_have_their_defaults(void **state)
{
    static const char *const rows[][2] = {
        {"--listen", "127.0.0.1:9480"},
        {"--upstream", "https://api.github.com"},
        {"--max-bytes", "1G"},
        {"--max-entries", "100000"},
        {"--mesh", "yes"},
        {"--port", "9000"},
        {"--peers", ""},
        {"--rendezvous", "host,lan"},
        {"--region", "default"},
        {"--trust", "fleet"},
        {"--proof-ttl", "300"},
        {"--ttl", "300"},
        {"--log-level", "info"},
        {"--log-format", "text"},
        {"--join", ""},
        {"--bind", ""},
        {"--advertise", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct node_config_row *row = node_config_row_find_option(slice_of(rows[i][0]));
        assert_non_null(row);
        assert_string_equal(row->fallback, rows[i][1]);
    }
}

static void test_words_of_choices_stand_in_the_order_of_their_enumerations(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(
        run(self, "--log-level", "debug", "--log-format=json", "--trust", "verify", NULL), 0);

    assert_int_equal(self->config.log_level, NODE_LOG_DEBUG);
    assert_int_equal(self->config.log_format, NODE_LOG_JSON);
    assert_int_equal(self->config.mesh_trust, NODE_CONFIG_TRUST_VERIFY);
    assert_int_equal(run(self, "--log-level", "error", NULL), 0);
    assert_int_equal(self->config.log_level, NODE_LOG_ERROR);
    assert_int_equal(self->config.log_format, NODE_LOG_TEXT);
    assert_int_equal(self->config.mesh_trust, NODE_CONFIG_TRUST_FLEET);
}

static void test_command_line_beats_environment_beats_file_beats_default(void **state)
{
    struct fixture *self = *state;
    write_file(self, "http\n    workers = 1\n    connections_max = 10\n    request_timeout = 11\n");
    setenv("RUNMESH_HTTP_WORKERS", "2", 1);
    setenv("RUNMESH_HTTP_CONNECTIONS_MAX", "20", 1);

    assert_int_equal(run(self, "--set", "http.workers=3", "--config", self->file, NULL), 0);

    assert_int_equal(self->config.http_workers, 3);
    assert_int_equal(self->config.http_connections_max, 20);
    assert_int_equal(self->config.http_request_timeout, 11);
    assert_int_equal(self->config.github_timeout, 20);
    assert_int_equal(self->config.given[NODE_CONFIG_http_workers].origin,
                     NODE_CONFIG_ORIGIN_COMMAND_LINE);
}

static void test_older_variables_count_below_the_new_ones(void **state)
{
    struct fixture *self = *state;
    setenv("CACHE_DEFAULT_TTL", "7", 1);
    setenv("CACHE_LISTEN_PORT", "9100", 1);
    setenv("CACHE_ENABLE_P2P", "false", 1);
    setenv("CACHE_DIR", "/srv/old", 1);
    setenv("CACHE_BOOTSTRAP_PEERS", "/ip4/127.0.0.1/tcp/9100/p2p/QmX,host:1", 1);
    setenv("RUNMESH_STORE_DIR", "/srv/new", 1);

    assert_int_equal(run(self, NULL), 0);

    assert_int_equal(self->config.github_default_ttl, 7);
    assert_int_equal(self->config.mesh_port, 9100);
    assert_false(self->config.mesh_enabled);
    assert_string_equal(self->config.store_dir, "/srv/new");
    assert_string_equal(self->config.dht_peers, "/ip4/127.0.0.1/tcp/9100/p2p/QmX,host:1");
}

static void test_an_empty_variable_counts_as_unset(void **state)
{
    struct fixture *self = *state;
    setenv("RUNMESH_FLEET_JOIN", "", 1);
    setenv("RUNMESH_HTTP_WORKERS", "", 1);

    assert_int_equal(run(self, NULL), 0);

    assert_string_equal(self->config.fleet_join, "");
    assert_int_equal(self->config.http_workers, 0);
}

static void test_a_reload_without_changes_finds_none(void **state)
{
    struct fixture *self = *state;
    struct node_config next = {0};
    struct node_config_changes changes;
    struct node_config_error error;
    write_file(self, "log\n    level = debug\n");
    assert_int_equal(run(self, "--config", self->file, NULL), 0);

    assert_int_equal(node_config_reload(&self->config, &next, &changes, &error), 0);

    assert_int_equal(changes.count, 0);
    node_config_done(&next);
}

static void test_a_reload_applies_what_it_may_and_keeps_the_rest(void **state)
{
    struct fixture *self = *state;
    struct node_config next = {0};
    struct node_config_changes changes;
    struct node_config_error error;
    write_file(self, "http\n    request_timeout = 10\n    workers = 2\n");
    assert_int_equal(run(self, "--config", self->file, "--ttl", "9", NULL), 0);
    write_file(self, "http\n    request_timeout = 12\n    workers = 3\n"
                     "github\n    default_ttl = 1\nlog\n    level = warn\n");

    assert_int_equal(node_config_reload(&self->config, &next, &changes, &error), 0);

    assert_int_equal(next.http_request_timeout, 12);
    assert_int_equal(next.log_level, NODE_LOG_WARN);
    assert_int_equal(next.http_workers, 2);
    assert_int_equal(next.github_default_ttl, 9);
    assert_string_equal(next.store_dir, self->config.store_dir);
    assert_int_equal(changes.count, 3);
    for (size_t i = 0; i < changes.count; i++)
        assert_int_equal(changes.rows[i]->apply, strcmp(changes.rows[i]->key, "http.workers") == 0
                                                     ? NODE_CONFIG_RESTART
                                                     : NODE_CONFIG_RELOAD);
    node_config_done(&next);
}

static void test_a_line_that_left_the_file_leaves_its_default(void **state)
{
    struct fixture *self = *state;
    struct node_config next = {0};
    struct node_config_changes changes;
    struct node_config_error error;
    write_file(self, "log\n    level = debug\n");
    assert_int_equal(run(self, "--config", self->file, NULL), 0);
    write_file(self, "log\n");

    assert_int_equal(node_config_reload(&self->config, &next, &changes, &error), 0);

    assert_int_equal(next.log_level, NODE_LOG_INFO);
    assert_int_equal(changes.count, 1);
    node_config_done(&next);
}

static void test_a_bad_reload_changes_nothing(void **state)
{
    struct fixture *self = *state;
    struct node_config next = {0};
    struct node_config_changes changes;
    struct node_config_error error;
    write_file(self, "log\n    level = debug\n");
    assert_int_equal(run(self, "--config", self->file, NULL), 0);
    write_file(self, "log\n    level = warn\n    loudness = 3\n");

    assert_int_equal(node_config_reload(&self->config, &next, &changes, &error), -EINVAL);

    assert_non_null(strstr(error.text, "log.loudness"));
    assert_null(next.store_dir);
    assert_int_equal(self->config.log_level, NODE_LOG_DEBUG);
    unlink(self->file);
    assert_int_equal(node_config_reload(&self->config, &next, &changes, &error), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_row_has_prose_a_unit_and_an_honest_key),
        TEST(test_every_default_is_accepted_and_in_range),
        TEST(test_options_and_variables_of_two_rows_never_meet),
        TEST(test_options_of_the_interface_have_their_defaults),
        TEST(test_words_of_choices_stand_in_the_order_of_their_enumerations),
        TEST(test_command_line_beats_environment_beats_file_beats_default),
        TEST(test_older_variables_count_below_the_new_ones),
        TEST(test_an_empty_variable_counts_as_unset),
        TEST(test_a_reload_without_changes_finds_none),
        TEST(test_a_reload_applies_what_it_may_and_keeps_the_rest),
        TEST(test_a_line_that_left_the_file_leaves_its_default),
        TEST(test_a_bad_reload_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
