/* Log lines: their form, that no value breaks one, levels, repeats, and writers at the same time.
 */
#include "node/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUTPUT_SIZE = 256 * 1024, THREADS = 4, LINES_PER_THREAD = 200 };

/* A log that writes into a file without a name, and a clock that stands still. */
struct fixture {
    struct node_log *log;
    struct node_log_options options;
    int64_t now_ms;
    char output[OUTPUT_SIZE];
};

static int64_t test_clock(void *cls)
{
    return *(const int64_t *)cls;
}

static int setup(void **state)
{
    struct fixture *self = test_calloc(1, sizeof *self);
    self->now_ms = 1763831045006; /* 2025-11-22T17:04:05.006Z */
    self->options.fd = open("/tmp", O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
    assert_true(self->options.fd >= 0);
    self->options.level = NODE_LOG_INFO;
    self->options.wall_ms = test_clock;
    self->options.cls = &self->now_ms;
    assert_int_equal(node_log_new(&self->options, &self->log), 0);
    *state = self;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *self = *state;
    node_log_destroy(&self->log);
    close(self->options.fd);
    test_free(self);
    return 0;
}

/* Everything written since the last call. */
static const char *written(struct fixture *self)
{
    const ssize_t size = pread(self->options.fd, self->output, sizeof self->output - 1, 0);
    assert_true(size >= 0);
    self->output[size] = '\0';
    assert_int_equal(ftruncate(self->options.fd, 0), 0);
    return self->output;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void use_json(struct fixture *self)
{
    node_log_adjust(self->log, NODE_LOG_INFO, NODE_LOG_JSON, false);
}

static void test_a_text_line_is_logfmt(void **state)
{
    struct fixture *self = *state;

    NODE_LOG(self->log, NODE_LOG_INFO, "ready", node_log_text("http", "http://127.0.0.1:9480"),
             node_log_number("pid", -12), node_log_flag("mesh", false),
             node_log_text("said", "a \"b\" = c\\"), node_log_text("empty", ""));

    assert_string_equal(written(self), "time=2025-11-22T17:04:05.006Z level=info event=ready "
                                       "http=http://127.0.0.1:9480 pid=-12 mesh=false "
                                       "said=\"a \\\"b\\\" = c\\\\\" empty=\"\"\n");
}

static void test_a_json_line_is_one_object(void **state)
{
    struct fixture *self = *state;
    use_json(self);

    NODE_LOG(self->log, NODE_LOG_ERROR, "bad", node_log_text("what", "a \"b\"\n"),
             node_log_number("n", 3), node_log_flag("f", true));

    assert_string_equal(written(self),
                        "{\"time\":\"2025-11-22T17:04:05.006Z\",\"level\":\"error\","
                        "\"event\":\"bad\",\"what\":\"a \\\"b\\\"\\u000a\",\"n\":3,\"f\":true}\n");
}

static void test_an_event_needs_no_fields(void **state)
{
    struct fixture *self = *state;

    node_log_write(self->log, NODE_LOG_INFO, "stopping", NULL, 0);

    assert_non_null(strstr(written(self), "event=stopping\n"));
}

static void test_the_journal_gets_a_priority_and_no_time(void **state)
{
    struct fixture *self = *state;
    struct node_log *log = NULL;
    self->options.journal = true;
    assert_int_equal(node_log_new(&self->options, &log), 0);

    node_log_write(log, NODE_LOG_WARN, "clock", NULL, 0);

    assert_string_equal(written(self), "<4>level=warn event=clock\n");
    node_log_destroy(&log);
}

static void test_less_important_levels_are_left_out(void **state)
{
    struct fixture *self = *state;

    node_log_write(self->log, NODE_LOG_DEBUG, "detail", NULL, 0);
    assert_string_equal(written(self), "");
    node_log_adjust(self->log, NODE_LOG_ERROR, NODE_LOG_TEXT, false);
    node_log_write(self->log, NODE_LOG_WARN, "odd", NULL, 0);
    assert_string_equal(written(self), "");
    assert_false(node_log_shows(self->log, NODE_LOG_WARN));
    assert_true(node_log_shows(self->log, NODE_LOG_ERROR));
}

static void test_paths_are_shown_only_when_wanted(void **state)
{
    struct fixture *self = *state;

    NODE_LOG(self->log, NODE_LOG_INFO, "request", node_log_path("path", slice_of("/repos/o/r")));
    assert_non_null(strstr(written(self), " path=-\n"));
    node_log_adjust(self->log, NODE_LOG_INFO, NODE_LOG_TEXT, true);
    NODE_LOG(self->log, NODE_LOG_INFO, "request", node_log_path("path", slice_of("/repos/o/r")));
    assert_non_null(strstr(written(self), " path=/repos/o/r\n"));
}

static void test_no_value_breaks_a_line_or_commands_a_terminal(void **state)
{
    static const char hostile[] = "a\n::set-output name=x::y\r\x1b[31m\x9b\xc2\x9b ##[error]\x7f";
    struct fixture *self = *state;

    for (int format = NODE_LOG_TEXT; format <= NODE_LOG_JSON; format++) {
        node_log_adjust(self->log, NODE_LOG_INFO, (enum node_log_format)format, true);
        NODE_LOG(self->log, NODE_LOG_INFO, "request", node_log_text("v", hostile),
                 node_log_path("p", slice_of(hostile)));
        const char *text = written(self);
        assert_int_equal(count_lines(text), 1);
        assert_null(strpbrk(text, "\r\x1b\x7f\x9b"));
        assert_null(strstr(text, "##["));
        assert_non_null(strstr(text, "\\u000a::set-output"));
    }
}

static void test_a_long_value_is_cut_and_many_leave_some_out(void **state)
{
    struct fixture *self = *state;
    char value[NODE_LOG_VALUE_MAX + 100];
    memset(value, '\n', sizeof value);
    const struct slice slice = {.data = value, .size = sizeof value};

    for (int format = NODE_LOG_TEXT; format <= NODE_LOG_JSON; format++) {
        node_log_adjust(self->log, NODE_LOG_INFO, (enum node_log_format)format, true);
        NODE_LOG(self->log, NODE_LOG_INFO, "long", node_log_slice("a", slice),
                 node_log_slice("b", slice), node_log_number("last", 7));
        const char *text = written(self);
        assert_true(strlen(text) <= NODE_LOG_LINE_MAX);
        assert_int_equal(count_lines(text), 1);
        assert_null(strstr(text, "\\u000a\\u000a"));
        assert_non_null(strstr(text, format == NODE_LOG_JSON ? "\"last\":7,\"truncated\":true}\n"
                                                             : "last=7 truncated=true\n"));
    }
    memset(value, 'x', sizeof value);
    NODE_LOG(self->log, NODE_LOG_INFO, "long", node_log_slice("a", slice));
    assert_true(strlen(written(self)) < NODE_LOG_VALUE_MAX + 200);
}

static void test_repeats_of_a_warning_are_dropped_and_counted(void **state)
{
    struct fixture *self = *state;
    for (int i = 0; i < NODE_LOG_REPEATS_MAX + 5; i++)
        node_log_write(self->log, NODE_LOG_WARN, "upstream_slow", NULL, 0);
    node_log_write(self->log, NODE_LOG_WARN, "other", NULL, 0);
    assert_int_equal(count_lines(written(self)), NODE_LOG_REPEATS_MAX + 1);

    self->now_ms += NODE_LOG_PERIOD_MS - 1;
    node_log_write(self->log, NODE_LOG_WARN, "upstream_slow", NULL, 0);
    assert_string_equal(written(self), "");
    self->now_ms++;
    node_log_write(self->log, NODE_LOG_WARN, "upstream_slow", NULL, 0);
    node_log_write(self->log, NODE_LOG_WARN, "upstream_slow", NULL, 0);

    const char *text = written(self);
    assert_int_equal(count_lines(text), 2);
    assert_non_null(strstr(text, "event=upstream_slow dropped=6\n"));
    assert_non_null(strstr(text, "event=upstream_slow\n"));
}

static void test_lifecycle_lines_are_never_dropped(void **state)
{
    struct fixture *self = *state;

    for (int i = 0; i < 5 * NODE_LOG_REPEATS_MAX; i++)
        node_log_write(self->log, NODE_LOG_INFO, "request", NULL, 0);

    assert_int_equal(count_lines(written(self)), 5 * NODE_LOG_REPEATS_MAX);
}

static void test_more_events_than_are_counted_apart_still_get_written(void **state)
{
    static char names[NODE_LOG_EVENTS_MAX + 10][16];
    struct fixture *self = *state;

    for (size_t i = 0; i < NODE_LOG_EVENTS_MAX + 10; i++) {
        snprintf(names[i], sizeof names[i], "event_%zu", i);
        node_log_write(self->log, NODE_LOG_WARN, names[i], NULL, 0);
    }

    assert_int_equal(count_lines(written(self)), NODE_LOG_EVENTS_MAX + 10);
}

static void *write_many(void *cls)
{
    struct fixture *self = cls;
    for (int i = 0; i < LINES_PER_THREAD; i++) {
        NODE_LOG(self->log, NODE_LOG_INFO, "request", node_log_number("n", i),
                 node_log_text("text", "some words of a certain length"));
        node_log_write(self->log, NODE_LOG_WARN, "same", NULL, 0);
        node_log_adjust(self->log, NODE_LOG_INFO, NODE_LOG_TEXT, i % 2 == 0);
    }
    return NULL;
}

static void test_lines_of_several_threads_stay_whole(void **state)
{
    struct fixture *self = *state;
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, self), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);

    struct slice rest = slice_of(written(self));
    assert_int_equal(count_lines(rest.data), THREADS * LINES_PER_THREAD + NODE_LOG_REPEATS_MAX);
    while (rest.size) {
        const struct slice line = slice_next(&rest, '\n');
        assert_true(slice_starts_with(line, slice_of("time=2025-11-22T17:04:05.006Z level=")));
        assert_true(slice_ends_with(line, slice_of("length\"")) ||
                    slice_ends_with(line, slice_of("event=same")));
    }
}

static void test_the_journal_is_known_by_device_and_inode(void **state)
{
    struct fixture *self = *state;
    struct stat status;
    char text[64];
    assert_int_equal(fstat(self->options.fd, &status), 0);

    snprintf(text, sizeof text, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    assert_true(node_log_is_journal(self->options.fd, text));
    snprintf(text, sizeof text, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino + 1);
    assert_false(node_log_is_journal(self->options.fd, text));
    assert_false(node_log_is_journal(self->options.fd, NULL));
    assert_false(node_log_is_journal(self->options.fd, ""));
    assert_false(node_log_is_journal(self->options.fd, "1:2:3"));
}

static void test_a_closed_descriptor_loses_lines_only(void **state)
{
    struct fixture *self = *state;
    struct node_log *log = NULL;
    struct node_log_options options = self->options;
    options.fd = -1;
    assert_int_equal(node_log_new(&options, &log), 0);

    node_log_write(log, NODE_LOG_INFO, "ready", NULL, 0);

    node_log_destroy(&log);
    assert_null(log);
    node_log_destroy(&log);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_text_line_is_logfmt),
        TEST(test_a_json_line_is_one_object),
        TEST(test_an_event_needs_no_fields),
        TEST(test_the_journal_gets_a_priority_and_no_time),
        TEST(test_less_important_levels_are_left_out),
        TEST(test_paths_are_shown_only_when_wanted),
        TEST(test_no_value_breaks_a_line_or_commands_a_terminal),
        TEST(test_a_long_value_is_cut_and_many_leave_some_out),
        TEST(test_repeats_of_a_warning_are_dropped_and_counted),
        TEST(test_lifecycle_lines_are_never_dropped),
        TEST(test_more_events_than_are_counted_apart_still_get_written),
        TEST(test_lines_of_several_threads_stay_whole),
        TEST(test_the_journal_is_known_by_device_and_inode),
        TEST(test_a_closed_descriptor_loses_lines_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
