/* The manual page. */
#include "node/config_man.h"

#include <errno.h>

#include "tests/unit/test_node_config_start.h"

static void test_the_manual_page_names_every_setting(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(run(self, "--print-man", NULL), -ECANCELED);

    assert_int_equal(self->exit_code, 0);
    assert_memory_equal(self->out, ".Dd ", 4);
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++)
        assert_non_null(strstr(self->out, node_config_row_at(i)->key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_manual_page_names_every_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
