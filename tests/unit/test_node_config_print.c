/* --help, --version and --print-config. */
#include "node/config_print.h"

#include <errno.h>

#include "tests/unit/test_node_config_start.h"

static void test_help_names_every_setting_and_its_option(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--help", NULL), -ECANCELED);

    assert_int_equal(self->exit_code, 0);
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++) {
        const struct node_config_row *row = node_config_row_at(i);
        assert_non_null(strstr(self->out, row->option ? row->option : row->key));
        assert_non_null(strstr(self->out, row->key));
    }
    for (const char *line = self->out; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        assert_true(strcspn(line, "\n") <= 82);
    }
}

static void test_the_version_is_printed_alone(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--version", NULL), -ECANCELED);

    assert_int_equal(self->exit_code, 0);
    assert_string_equal(self->out, "mesh-node " RUNMESH_VERSION "\n");
}

static void test_the_printed_configuration_is_a_configuration_file(void **state)
{
    struct fixture *self = *state;
    assert_int_equal(run(self, "--print-config", "--region", "eu", "--max-bytes", "1536M", "--set",
                         "http.rewrite_for=a \"b\" c,d#e", "--listen", "[::1]:80", NULL),
                     -ECANCELED);
    char *printed = strdup(self->out);
    assert_non_null(printed);
    write_file(self, printed);

    assert_int_equal(run(self, "--print-config", "--config", self->file, NULL), -ECANCELED);

    assert_string_equal(self->out, printed);
    assert_non_null(strstr(printed, "max_bytes = \"1536M\""));
    assert_non_null(strstr(printed, "rewrite_for = 'a \"b\" c,d#e'"));
    free(printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_help_names_every_setting_and_its_option),
        TEST(test_the_version_is_printed_alone),
        TEST(test_the_printed_configuration_is_a_configuration_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
