/* The syntax of settings by type, at and beyond their limits. */
#include "node/config_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

static int setup(void **state)
{
    *state = test_calloc(1, sizeof(struct node_config));
    return 0;
}

static int teardown(void **state)
{
    node_config_done(*state);
    test_free(*state);
    return 0;
}

static int set(struct node_config *config, enum node_config_id id, const char *text)
{
    return node_config_value_set(config, node_config_row_at(id), slice_of(text));
}

static void assert_shown(const struct node_config *config, enum node_config_id id, const char *text)
{
    struct buffer out;
    buffer_init(&out, NODE_CONFIG_TEXT_MAX);
    node_config_value_format(config, node_config_row_at(id), &out);
    assert_string_equal(out.data, text);
    buffer_done(&out);
}

static void test_numbers_are_read_within_their_limits(void **state)
{
    struct node_config *config = *state;

    assert_int_equal(set(config, NODE_CONFIG_http_workers, "64"), 0);
    assert_int_equal(config->http_workers, 64);
    assert_int_equal(set(config, NODE_CONFIG_http_workers, "65"), -ERANGE);
    assert_int_equal(set(config, NODE_CONFIG_http_workers, "99999999999999999999999"), -ERANGE);
    assert_int_equal(set(config, NODE_CONFIG_http_connections_max, "0"), -ERANGE);
    assert_int_equal(config->http_workers, 64);
}

static void test_what_is_no_number_is_refused(void **state)
{
    static const char *const texts[] = {"", " 1", "1 ", "-1", "+1", "0x1", "1.5", "1k", "K", "one"};
    struct node_config *config = *state;
    config->http_workers = 7;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(set(config, NODE_CONFIG_http_workers, texts[i]), -EINVAL);

    assert_int_equal(config->http_workers, 7);
}

static void test_sizes_take_one_letter(void **state)
{
    struct node_config *config = *state;

    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "1G"), 0);
    assert_true(config->store_max_bytes == 1ULL << 30);
    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "512m"), 0);
    assert_shown(config, NODE_CONFIG_store_max_bytes, "512M");
    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "1048577"), 0);
    assert_shown(config, NODE_CONFIG_store_max_bytes, "1048577");
    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "1T"), 0);
    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "1025G"), -ERANGE);
    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "1048575"), -ERANGE);
    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "18446744073709551615T"), -ERANGE);
    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "1GB"), -EINVAL);
    assert_int_equal(set(config, NODE_CONFIG_store_max_bytes, "G"), -EINVAL);
    assert_int_equal(set(config, NODE_CONFIG_store_hot_bytes, "0"), 0);
    assert_shown(config, NODE_CONFIG_store_hot_bytes, "0");
}

static void test_durations_are_seconds_unless_a_letter_says_more(void **state)
{
    struct node_config *config = *state;

    assert_int_equal(set(config, NODE_CONFIG_github_default_ttl, "90"), 0);
    assert_int_equal(config->github_default_ttl, 90);
    assert_int_equal(set(config, NODE_CONFIG_github_default_ttl, "5m"), 0);
    assert_int_equal(config->github_default_ttl, 300);
    assert_int_equal(set(config, NODE_CONFIG_github_default_ttl, "1d"), 0);
    assert_int_equal(set(config, NODE_CONFIG_github_default_ttl, "25h"), -ERANGE);
    assert_int_equal(set(config, NODE_CONFIG_github_default_ttl, "0"), -ERANGE);
    assert_int_equal(set(config, NODE_CONFIG_github_default_ttl, "5ms"), -EINVAL);
    assert_shown(config, NODE_CONFIG_github_default_ttl, "86400");
}

static void test_yes_and_no_have_their_usual_other_names(void **state)
{
    struct node_config *config = *state;

    assert_int_equal(set(config, NODE_CONFIG_mesh_enabled, "TRUE"), 0);
    assert_shown(config, NODE_CONFIG_mesh_enabled, "yes");
    assert_int_equal(set(config, NODE_CONFIG_mesh_enabled, "0"), 0);
    assert_shown(config, NODE_CONFIG_mesh_enabled, "no");
    assert_int_equal(set(config, NODE_CONFIG_mesh_enabled, ""), -EINVAL);
    assert_int_equal(set(config, NODE_CONFIG_mesh_enabled, "2"), -EINVAL);
}

static void test_a_choice_is_one_of_its_words_exactly(void **state)
{
    struct node_config *config = *state;

    assert_int_equal(set(config, NODE_CONFIG_log_level, "debug"), 0);
    assert_shown(config, NODE_CONFIG_log_level, "debug");
    assert_int_equal(set(config, NODE_CONFIG_log_level, "Debug"), -EINVAL);
    assert_int_equal(set(config, NODE_CONFIG_log_level, ""), -EINVAL);
    assert_int_equal(set(config, NODE_CONFIG_log_level, "error|warn"), -EINVAL);
}

static void test_a_text_at_the_limit_is_kept_and_one_byte_more_is_not(void **state)
{
    struct node_config *config = *state;
    char text[NODE_CONFIG_TEXT_MAX + 2];
    memset(text, 'x', sizeof text - 1);
    text[NODE_CONFIG_TEXT_MAX + 1] = '\0';

    assert_int_equal(set(config, NODE_CONFIG_http_hosts, text), -ERANGE);
    text[NODE_CONFIG_TEXT_MAX] = '\0';
    assert_int_equal(set(config, NODE_CONFIG_http_hosts, text), 0);

    assert_string_equal(config->http_hosts, text);
}

static void test_a_text_without_a_place_in_a_file_is_refused(void **state)
{
    struct node_config *config = *state;
    const struct slice zero = {.data = "a\0b", .size = 3};

    assert_int_equal(set(config, NODE_CONFIG_http_hosts, "a\nb"), -EINVAL);
    assert_int_equal(set(config, NODE_CONFIG_http_hosts, "a\x7f"), -EINVAL);
    assert_int_equal(set(config, NODE_CONFIG_http_hosts, "\"'"), -EINVAL);
    assert_int_equal(
        node_config_value_set(config, node_config_row_at(NODE_CONFIG_http_hosts), zero), -EINVAL);
    assert_null(config->http_hosts);
}

static void test_a_refused_text_leaves_the_old_one(void **state)
{
    struct node_config *config = *state;
    assert_int_equal(set(config, NODE_CONFIG_http_hosts, "old"), 0);

    assert_int_equal(set(config, NODE_CONFIG_http_hosts, "new\n"), -EINVAL);

    assert_string_equal(config->http_hosts, "old");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_numbers_are_read_within_their_limits),
        TEST(test_what_is_no_number_is_refused),
        TEST(test_sizes_take_one_letter),
        TEST(test_durations_are_seconds_unless_a_letter_says_more),
        TEST(test_yes_and_no_have_their_usual_other_names),
        TEST(test_a_choice_is_one_of_its_words_exactly),
        TEST(test_a_text_at_the_limit_is_kept_and_one_byte_more_is_not),
        TEST(test_a_text_without_a_place_in_a_file_is_refused),
        TEST(test_a_refused_text_leaves_the_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
