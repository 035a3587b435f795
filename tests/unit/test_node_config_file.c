/* The configuration file: what is accepted, and that each kind of mistake is named with its line.
 */
#include "node/config_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    struct node_config config;
    struct node_config_error error;
};

static int setup(void **state)
{
    struct fixture *self = test_calloc(1, sizeof *self);
    snprintf(self->folder, sizeof self->folder, "/tmp/runmesh-file-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    assert_true(asprintf(&self->config.file, "%s/node.conf", self->folder) > 0);
    *state = self;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *self = *state;
    unlink(self->config.file);
    rmdir(self->folder);
    node_config_done(&self->config);
    test_free(self);
    return 0;
}

static int read_bytes(struct fixture *self, const void *data, size_t size)
{
    FILE *file = fopen(self->config.file, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
    return node_config_file_read(&self->config, &self->error);
}

static int read_text(struct fixture *self, const char *text)
{
    return read_bytes(self, text, strlen(text));
}

static const char *given(const struct fixture *self, enum node_config_id id)
{
    return self->config.given[id].text;
}

static void assert_refused(struct fixture *self, const char *text, const char *words)
{
    assert_int_equal(read_text(self, text), -EINVAL);
    assert_int_equal(self->error.exit_code, NODE_CONFIG_EXIT_CONFIG);
    assert_non_null(strstr(self->error.text, self->config.file));
    assert_non_null(strstr(self->error.text, words));
}

static void test_sections_comments_and_quotes_are_read(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(read_text(self, "# a comment\n"
                                     "\n"
                                     "http    # section\n"
                                     "    # inside\n"
                                     "    listen = 127.0.0.1:1  # behind\n"
                                     "    hosts = \"a # b\"\r\n"
                                     "    rewrite_for = 'x \"y\"'\n"
                                     "log\n"
                                     "    level=debug"),
                     0);

    assert_string_equal(given(self, NODE_CONFIG_http_listen), "127.0.0.1:1");
    assert_string_equal(given(self, NODE_CONFIG_http_hosts), "a # b");
    assert_string_equal(given(self, NODE_CONFIG_http_rewrite_for), "x \"y\"");
    assert_string_equal(given(self, NODE_CONFIG_log_level), "debug");
    assert_null(given(self, NODE_CONFIG_http_workers));
}

static void test_an_empty_file_gives_nothing(void **state)
{
    struct fixture *self = *state;

    assert_int_equal(read_text(self, ""), 0);
    assert_int_equal(read_text(self, "http\nlog\n"), 0);

    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++)
        assert_null(self->config.given[i].text);
}

static void test_unknown_keys_and_sections_are_named(void **state)
{
    struct fixture *self = *state;

    assert_refused(self, "http\n    lisen = 1\n", "unknown key http.lisen");
    assert_refused(self, "htpp\n    listen = 1\n", "unknown section htpp");
    assert_refused(self, "http = 3\n", "unknown section http");
    assert_refused(self, "http.listen = 3\n", "unknown section http.listen");
}

static void test_a_key_that_stands_twice_is_refused(void **state)
{
    struct fixture *self = *state;

    assert_refused(self, "log\n    level = info\nhttp\nlog\n    level = warn\n",
                   "log.level stands");
}

static void test_broken_lines_are_named_with_their_number(void **state)
{
    struct fixture *self = *state;

    assert_refused(self, "http\n  listen = 1\n", ":2: indent a key by four");
    assert_refused(self, "http\n\tlisten = 1\n", ":2: a line starts");
    assert_refused(self, "http\n    listen\n        deep = 1\n", ":3: indent a key");
    assert_refused(self, "\n    listen = 1\n", ":2: no section");
    assert_refused(self, "http\n    listen: 1\n", ":2: write KEY = VALUE");
    assert_refused(self, "http\n    listen = \"1\n", ":2: the closing quote");
    assert_refused(self, "http\n    listen = \"1\" 2\n", ":2: nothing may stand behind");
    assert_refused(self, "http\n    listen = # 1\n", ":2: a value can't start with #");
    assert_refused(self, "http\n    /listen = 1\n", ":2: a line starts");
    assert_refused(self, "http\n   # comment\n", ":2: indent by four");
}

static void test_a_zero_byte_is_refused(void **state)
{
    struct fixture *self = *state;
    static const char text[] = "http\n    workers = 1\0\n    workers = 2\n";

    assert_int_equal(read_bytes(self, text, sizeof text - 1), -EINVAL);

    assert_non_null(strstr(self->error.text, ":2: a zero byte"));
}

static void test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(void **state)
{
    struct fixture *self = *state;
    char *text = test_malloc(NODE_CONFIG_FILE_MAX + 1);
    memset(text, '#', NODE_CONFIG_FILE_MAX + 1);

    assert_int_equal(read_bytes(self, text, NODE_CONFIG_FILE_MAX), 0);
    assert_int_equal(read_bytes(self, text, NODE_CONFIG_FILE_MAX + 1), -EINVAL);

    assert_non_null(strstr(self->error.text, "64 KiB"));
    test_free(text);
}

static void test_hostile_bytes_stay_one_line_of_error(void **state)
{
    struct fixture *self = *state;
    uint8_t noise[4096];
    uint32_t seed = 1;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof noise; i++) {
            seed = seed * 1664525 + 1013904223;
            noise[i] = (uint8_t)(seed >> 24);
        }
        noise[0] = '=';
        assert_int_equal(read_bytes(self, noise, sizeof noise), -EINVAL);
        assert_null(strchr(self->error.text, '\n'));
    }
}

static void test_a_folder_in_place_of_the_file_is_refused(void **state)
{
    struct fixture *self = *state;
    free(self->config.file);
    self->config.file = strdup(self->folder);

    assert_int_equal(node_config_file_read(&self->config, &self->error), -EINVAL);

    assert_non_null(strstr(self->error.text, "--config"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_sections_comments_and_quotes_are_read),
        TEST(test_an_empty_file_gives_nothing),
        TEST(test_unknown_keys_and_sections_are_named),
        TEST(test_a_key_that_stands_twice_is_refused),
        TEST(test_broken_lines_are_named_with_their_number),
        TEST(test_a_zero_byte_is_refused),
        TEST(test_a_file_at_the_limit_is_read_and_one_byte_more_is_not),
        TEST(test_hostile_bytes_stay_one_line_of_error),
        TEST(test_a_folder_in_place_of_the_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
