/* Defaults that depend on the user and the environment, and paths as given. */
#include "node/config_path.h"

#include <pwd.h>

#include "tests/unit/test_node_config_start.h"

static void test_defaults_follow_the_home_and_the_xdg_folders(void **state)
{
    struct fixture *self = *state;
    char expected[256];

    assert_int_equal(run(self, NULL), 0);
    snprintf(expected, sizeof expected, "%s/.cache/runmesh", self->folder);
    assert_string_equal(self->config.store_dir, expected);
    snprintf(expected, sizeof expected, "%s/.cache/runmesh/http.sock", self->folder);
    assert_string_equal(self->config.http_socket, expected);
    snprintf(expected, sizeof expected, "%s/.config/runmesh", self->folder);
    assert_string_equal(self->config.fleet_dir, expected);

    setenv("XDG_CACHE_HOME", "/x/cache", 1);
    setenv("XDG_CONFIG_HOME", "relative", 1);
    setenv("XDG_RUNTIME_DIR", self->folder, 1);
    assert_int_equal(run(self, NULL), 0);
    assert_string_equal(self->config.store_dir, "/x/cache/runmesh");
    assert_string_equal(self->config.fleet_dir, expected);
    snprintf(expected, sizeof expected, "%s/runmesh/http.sock", self->folder);
    assert_string_equal(self->config.http_socket, expected);
}

static void test_a_foreign_runtime_folder_is_passed_over(void **state)
{
    struct fixture *self = *state;
    setenv("XDG_RUNTIME_DIR", "/nonexistent", 1);

    assert_int_equal(run(self, "--data", "/srv/data", NULL), 0);

    assert_string_equal(self->config.http_socket, "/srv/data/http.sock");
}

static void test_without_home_the_user_database_is_asked(void **state)
{
    struct fixture *self = *state;
    if (!getpwuid(geteuid()))
        skip();
    unsetenv("HOME");

    assert_int_equal(run(self, NULL), 0);

    assert_int_equal(self->config.store_dir[0], '/');
    assert_non_null(strstr(self->config.store_dir, "/.cache/runmesh"));
}

static void test_relative_paths_and_tildes_become_absolute(void **state)
{
    struct fixture *self = *state;
    char expected[256];
    assert_int_equal(chdir(self->folder), 0);

    assert_int_equal(
        run(self, "--data", "some/data", "--fleet", "~/keys", "--socket", "none", NULL), 0);

    snprintf(expected, sizeof expected, "%s/some/data", self->folder);
    assert_string_equal(self->config.store_dir, expected);
    snprintf(expected, sizeof expected, "%s/keys", self->folder);
    assert_string_equal(self->config.fleet_dir, expected);
    assert_string_equal(self->config.http_socket, NODE_CONFIG_PATH_NONE);
    assert_int_equal(chdir("/"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_defaults_follow_the_home_and_the_xdg_folders),
        TEST(test_a_foreign_runtime_folder_is_passed_over),
        TEST(test_without_home_the_user_database_is_asked),
        TEST(test_relative_paths_and_tildes_become_absolute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
