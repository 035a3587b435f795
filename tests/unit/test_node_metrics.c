/* The metrics: each line as Prometheus reads it, and nothing of a client in any. */
#include "node/metrics.h"

#include "test_node_office.h"

enum { TEXT_MAX = 64 * 1024 };

static void write_metrics(const struct office *office, struct buffer *out)
{
    buffer_init(out, TEXT_MAX);
    node_metrics_write(&office->admin, out);
    assert_int_equal(out->error, 0);
}

static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", text.data[i]))
            return false;
    return slice_starts_with(text, slice_of("runmesh_"));
}

/* "# HELP name text", "# TYPE name kind", then "name value", three lines a metric. */
static void test_each_metric_has_help_type_and_a_number(void **state)
{
    struct buffer out;
    size_t count = 0;
    write_metrics(*state, &out);
    struct slice rest = buffer_slice(&out);
    while (rest.size > 0) {
        struct slice help = slice_next(&rest, '\n'), type = slice_next(&rest, '\n');
        struct slice line = slice_next(&rest, '\n');
        assert_true(slice_starts_with(help, slice_of("# HELP ")));
        assert_true(slice_starts_with(type, slice_of("# TYPE ")));
        help = slice_skip(help, strlen("# HELP "));
        type = slice_skip(type, strlen("# TYPE "));
        const struct slice name = slice_next(&help, ' ');
        struct slice value_name = slice_next(&line, ' ');
        assert_true(is_name(name));
        assert_true(help.size > 0);
        assert_true(slice_equals(slice_next(&type, ' '), name));
        assert_true(slice_equals(slice_next(&value_name, '{'), name));
        assert_true(slice_ends_with(name, slice_of("_total")) ==
                    slice_equals(type, slice_of("counter")));
        uint64_t value;
        assert_true(slice_to_u64(line, UINT64_MAX, &value));
        count++;
    }
    assert_true(count > GITHUB_COUNTERS_COUNT);
    buffer_done(&out);
}

static void test_counts_are_those_of_the_statistics(void **state)
{
    struct office *office = *state;
    struct buffer out;
    world_put(office->world, "/repos/o/r/issues", "[1]", "alice");
    world_expect(office->world, "alice", "/repos/o/r/issues", 200, NULL, NULL);
    world_expect(office->world, "alice", "/repos/o/r/issues", 200, NULL, NULL);

    write_metrics(office, &out);

    assert_non_null(strstr(out.data, "\nrunmesh_requests_total 2\n"));
    assert_non_null(strstr(out.data, "\nrunmesh_local_hits_total 1\n"));
    assert_non_null(strstr(out.data, "\nrunmesh_api_calls_saved_total 1\n"));
    assert_non_null(strstr(out.data, "\nrunmesh_etag_model_ok 1\n"));
    assert_null(strstr(out.data, "alice"));
    assert_null(strstr(out.data, "issues"));
    buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE_TEST(test_each_metric_has_help_type_and_a_number),
        OFFICE_TEST(test_counts_are_those_of_the_statistics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
