/* Settings that have the right type and the wrong meaning; what is only warned about. */
#include "node/config_check.h"

#include <errno.h>

#include "tests/unit/test_node_config_start.h"

static void test_a_bad_value_exits_with_78_and_names_key_value_and_remedy(void **state)
{
    struct fixture *self = *state;
    char path[201];
    memset(path, 'p', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';

    assert_int_equal(run(self, "--listen", "9480", NULL), -EINVAL);
    assert_refused(self, 78, "http.listen: \"9480\"", "127.0.0.1:9480");
    assert_int_equal(run(self, "--set", "http.workers=65", NULL), -EINVAL);
    assert_refused(self, 78, "http.workers: \"65\"", "from 0 to 64");
    assert_int_equal(run(self, "--max-bytes", "1Q", NULL), -EINVAL);
    assert_refused(self, 78, "store.max_bytes", "512M");
    assert_int_equal(run(self, "--mesh", "perhaps", NULL), -EINVAL);
    assert_refused(self, 78, "mesh.enabled", "yes or no");
    assert_int_equal(run(self, "--log-level", "loud", NULL), -EINVAL);
    assert_refused(self, 78, "log.level", "error|warn|info|debug");
    assert_int_equal(run(self, "--socket", path, NULL), -EINVAL);
    assert_refused(self, 78, "http.socket", "107");
    assert_int_equal(run(self, "--set", "github.ca_file=/nonexistent", NULL), -EINVAL);
    assert_refused(self, 78, "github.ca_file", "/nonexistent");
    assert_int_equal(run(self, "--config", "/nonexistent", NULL), -EINVAL);
    assert_refused(self, 78, "/nonexistent", "readable file");
    assert_int_equal(run(self, "--region", "a/b", NULL), -EINVAL);
    assert_refused(self, 78, "node.region: \"a/b\"", "1 to 16");
    setenv("CACHE_LISTEN_PORT", "70000", 1);
    assert_int_equal(run(self, NULL), -EINVAL);
    assert_refused(self, 78, "CACHE_LISTEN_PORT", "70000");
}

static void test_a_socket_path_of_107_bytes_is_the_longest(void **state)
{
    struct fixture *self = *state;
    char path[109];
    memset(path, 'p', sizeof path);
    path[0] = '/';
    path[107] = '\0';

    assert_int_equal(run(self, "--socket", path, NULL), 0);

    path[107] = 'p';
    path[108] = '\0';
    assert_int_equal(run(self, "--socket", path, NULL), -EINVAL);
}

static void test_an_upstream_is_https_or_loopback_and_nothing_else(void **state)
{
    static const char *const good[] = {
        "https://api.github.com", "https://ghes.example:8443", "http://127.0.0.1:8080",
        "http://127.9.9.9",       "http://localhost:1",        "http://[::1]:8080",
        "https://[2001:db8::1]",  "https://api.github.com/",
    };
    static const char *const bad[] = {
        "",
        "api.github.com",
        "http://api.github.com",
        "http://128.0.0.1:1",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "https://",
        "https://u:p@host",
        "https://u@host",
        "https://host/api/v3",
        "https://host?x",
        "https://host#x",
        "https://host:0",
        "https://host:65536",
        "https://host:",
        "https://ho st",
        "https://[::1",
        "https://[::1]x",
        "HTTPS:\\\\host",
        "ftp://host",
        "https://host//",
        "http://[::2]:1",
    };
    struct fixture *self = *state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(run(self, "--upstream", good[i], NULL), 0);
    assert_string_equal(self->config.github_upstream, "https://api.github.com");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(run(self, "--upstream", bad[i], NULL), -EINVAL);
        assert_refused(self, 78, "github.upstream", "https://HOST[:PORT]");
    }
}

static void test_a_region_has_16_characters_at_most(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--region", "abcdefgh-1234567", NULL), 0);
    assert_int_equal(run(self, "--region", "abcdefgh-12345678", NULL), -EINVAL);
    assert_int_equal(run(self, "--region", "", NULL), -EINVAL);
}

static void test_lists_are_judged_part_by_part(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--rendezvous", "host, dns:a.b,github:o/r,dir:/x,none", "--set",
                         "http.hosts=host.docker.internal,172.17.0.1,[::1]:80", NULL),
                     0);
    assert_int_equal(run(self, "--rendezvous", "wan", NULL), -EINVAL);
    assert_int_equal(run(self, "--rendezvous", "dir:x", NULL), -EINVAL);
    assert_int_equal(run(self, "--rendezvous", "", NULL), -EINVAL);
    assert_int_equal(run(self, "--peers", "host", NULL), -EINVAL);
    assert_int_equal(run(self, "--set", "http.hosts=a,,b", NULL), -EINVAL);
    assert_int_equal(run(self, "--set", "http.hosts=a/b", NULL), -EINVAL);
}

static void test_a_token_file_must_be_readable(void **state)
{
    struct fixture *self = *state;
    char argument[128], missing[128];
    write_file(self, "rmt1.x\n");
    snprintf(argument, sizeof argument, "@%s", self->file);
    snprintf(missing, sizeof missing, "@%s.absent", self->file);

    assert_int_equal(run(self, "--join", argument, NULL), 0);
    assert_string_equal(self->config.fleet_join, argument);
    assert_string_equal(self->err, "");
    assert_int_equal(run(self, "--join", missing, NULL), -EINVAL);
    assert_refused(self, 78, "fleet.join", missing);
}

static void test_a_listener_beyond_loopback_is_warned_about(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--listen", "0.0.0.0:0", NULL), 0);
    assert_non_null(strstr(self->err, "no loopback"));
    assert_int_equal(run(self, "--listen", "none", NULL), 0);
    assert_true(node_address_is_none(&self->config.http_listen));
    assert_string_equal(self->err, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_bad_value_exits_with_78_and_names_key_value_and_remedy),
        TEST(test_a_socket_path_of_107_bytes_is_the_longest),
        TEST(test_an_upstream_is_https_or_loopback_and_nothing_else),
        TEST(test_a_region_has_16_characters_at_most),
        TEST(test_lists_are_judged_part_by_part),
        TEST(test_a_token_file_must_be_readable),
        TEST(test_a_listener_beyond_loopback_is_warned_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
