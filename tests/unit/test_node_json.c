/* node.json: its content, that it appears whole, that it goes away. */
#include "node/json.h"

#include <errno.h>

#include "tests/unit/test_node_scratch.h"

static const struct node_json_facts facts = {
    .pid = 4711,
    .peer_id = "12D3KooWx",
    .http = "http://127.0.0.1:9480",
    .socket = "/run/a \"b\"/http.sock",
    .region = "eu",
    .version = "0.1.0",
};

static const char *read_json(struct scratch *self, char *ret, size_t size)
{
    FILE *file = fopen(scratch_path(self, "node.json"), "r");
    assert_non_null(file);
    ret[fread(ret, 1, size - 1, file)] = '\0';
    fclose(file);
    return ret;
}

static void test_the_file_holds_every_fact(void **state)
{
    struct scratch *self = *state;
    char text[1024] = "";

    assert_int_equal(node_json_write(self->folder, &facts), 0);

    assert_string_equal(read_json(self, text, sizeof text),
                        "{\n"
                        "  \"pid\": 4711,\n"
                        "  \"peer_id\": \"12D3KooWx\",\n"
                        "  \"http\": \"http://127.0.0.1:9480\",\n"
                        "  \"socket\": \"/run/a \\\"b\\\"/http.sock\",\n"
                        "  \"mesh\": null,\n"
                        "  \"region\": \"eu\",\n"
                        "  \"version\": \"0.1.0\"\n"
                        "}\n");
    assert_int_equal(scratch_mode(self->path), 0600);
    assert_int_equal(access(scratch_path(self, "node.json.new"), F_OK), -1);
}

static void test_listeners_that_are_absent_are_null(void **state)
{
    struct scratch *self = *state;
    struct node_json_facts without = facts;
    char text[1024] = "";
    without.http = without.socket = NULL;

    assert_int_equal(node_json_write(self->folder, &without), 0);

    assert_non_null(strstr(read_json(self, text, sizeof text), "\"http\": null,\n"));
    assert_non_null(strstr(text, "\"socket\": null,\n"));
}

static void test_an_older_file_is_replaced_and_a_draft_overwritten(void **state)
{
    struct scratch *self = *state;
    char text[1024] = "";
    scratch_write(scratch_path(self, "node.json"), "old and much longer than that", 29, 0644);
    scratch_write(scratch_path(self, "node.json.new"), text, sizeof text, 0600);

    assert_int_equal(node_json_write(self->folder, &facts), 0);

    assert_memory_equal(read_json(self, text, sizeof text), "{\n  \"pid\": 4711", 15);
    assert_null(strstr(text, "old"));
    assert_int_equal(scratch_mode(scratch_path(self, "node.json")), 0600);
}

static void test_facts_beyond_the_limit_are_refused_and_leave_the_old_file(void **state)
{
    struct scratch *self = *state;
    struct node_json_facts huge = facts;
    char text[64] = "";
    char *region = test_malloc(20000);
    memset(region, 'r', 19999);
    region[19999] = '\0';
    huge.region = region;
    scratch_write(scratch_path(self, "node.json"), "old", 3, 0600);

    assert_int_equal(node_json_write(self->folder, &huge), -EMSGSIZE);

    assert_string_equal(read_json(self, text, sizeof text), "old");
    test_free(region);
}

static void test_a_folder_that_is_missing_is_reported(void **state)
{
    struct scratch *self = *state;

    assert_int_equal(node_json_write(scratch_path(self, "absent"), &facts), -ENOENT);
}

static void test_it_is_removed_and_may_be_gone_already(void **state)
{
    struct scratch *self = *state;
    assert_int_equal(node_json_write(self->folder, &facts), 0);

    assert_int_equal(node_json_remove(self->folder), 0);
    assert_int_equal(access(scratch_path(self, "node.json"), F_OK), -1);
    assert_int_equal(node_json_remove(self->folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(test_the_file_holds_every_fact),
        SCRATCH_TEST(test_listeners_that_are_absent_are_null),
        SCRATCH_TEST(test_an_older_file_is_replaced_and_a_draft_overwritten),
        SCRATCH_TEST(test_facts_beyond_the_limit_are_refused_and_leave_the_old_file),
        SCRATCH_TEST(test_a_folder_that_is_missing_is_reported),
        SCRATCH_TEST(test_it_is_removed_and_may_be_gone_already),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
