/* The command line: wrong usage, repeated options, and secrets that must not stay. */
#include "node/config_args.h"

#include <errno.h>

#include "tests/unit/test_node_config_start.h"

static void test_the_last_of_repeated_options_wins(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--ttl", "5", "--set", "github.default_ttl=6", "--ttl=7", NULL), 0);

    assert_int_equal(self->config.github_default_ttl, 7);
}

static void test_wrong_usage_exits_with_64_and_one_line(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--frobnicate", "3", NULL), -EINVAL);
    assert_refused(self, 64, "--frobnicate", "--help");
    assert_int_equal(run(self, "--demo", NULL), -EINVAL);
    assert_refused(self, 64, "--demo", "unknown option");
    assert_int_equal(run(self, "serve", NULL), -EINVAL);
    assert_refused(self, 64, "serve", "unexpected");
    assert_int_equal(run(self, "--set", NULL), -EINVAL);
    assert_refused(self, 64, "--set", "missing");
    assert_int_equal(run(self, "--set", "http.workers", NULL), -EINVAL);
    assert_refused(self, 64, "http.workers", "KEY=VALUE");
    assert_int_equal(run(self, "--set", "http.wrokers=1", NULL), -EINVAL);
    assert_refused(self, 64, "http.wrokers", "unknown key");
    assert_int_equal(run(self, "--config", "/a", "--config", "/b", NULL), -EINVAL);
    assert_refused(self, 64, "--config", "/b");
    assert_int_equal(run(self, "a\nb\x1b[31m", NULL), -EINVAL);
    assert_refused(self, 64, "a?b?[31m", "unexpected");
}

static void test_a_literal_token_is_scrubbed_and_warned_about(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--join", "rmt1.secret", "--set", "http.workers=1", NULL), 0);
    assert_string_equal(self->config.fleet_join, "rmt1.secret");
    assert_string_equal(self->arguments[2], "***********");
    assert_non_null(strstr(self->err, "--join @FILE"));
    assert_null(strstr(self->err, "secret"));

    assert_int_equal(run(self, "--join=rmt1.secret", NULL), 0);
    assert_string_equal(self->arguments[1], "--join=***********");
    assert_int_equal(run(self, "--set", "fleet.join=rmt1.secret", NULL), 0);
    assert_string_equal(self->arguments[2], "fleet.join=***********");
}

static void test_a_token_in_the_environment_is_taken_out_of_it(void **state)
{
    struct fixture *self = *state;
    setenv("RUNMESH_FLEET_JOIN", "rmt1.secret", 1);
    const char *in_environment = getenv("RUNMESH_FLEET_JOIN");

    assert_int_equal(run(self, NULL), 0);

    assert_string_equal(self->config.fleet_join, "rmt1.secret");
    assert_null(getenv("RUNMESH_FLEET_JOIN"));
    assert_string_equal(in_environment, "***********");
    assert_string_equal(self->err, "");
}

static void test_no_message_shows_a_token(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "rmt1.secret", NULL), -EINVAL);
    assert_null(strstr(self->err, "secret"));
    assert_int_equal(run(self, "--join", "wrong.secret", NULL), -EINVAL);
    assert_refused(self, 78, "fleet.join", "@FILE");
    assert_null(strstr(self->err, "secret"));
    assert_int_equal(run(self, "--join", "rmt1.sec\nret", NULL), -EINVAL);
    assert_null(strstr(self->err, "sec"));
    assert_int_equal(run(self, "--upstream", "https://user:secret@host", NULL), -EINVAL);
    assert_null(strstr(self->err, "secret"));
    assert_int_equal(run(self, "--join", "rmt1.secret", "--print-config", NULL), -ECANCELED);
    assert_null(strstr(self->out, "secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_last_of_repeated_options_wins),
        TEST(test_wrong_usage_exits_with_64_and_one_line),
        TEST(test_a_literal_token_is_scrubbed_and_warned_about),
        TEST(test_a_token_in_the_environment_is_taken_out_of_it),
        TEST(test_no_message_shows_a_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
