/* Numeric addresses: what is read, what is refused, and that text survives the round trip. */
#include "node/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

static void test_an_address_survives_reading_and_writing(void **state)
{
    static const char *const texts[] = {"127.0.0.1:9480",        "0.0.0.0:0",
                                        "255.255.255.255:65535", "[::1]:9480",
                                        "[2001:db8::1]:1",       "none"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct node_address address;
        char text[NODE_ADDRESS_TEXT_SIZE];
        assert_int_equal(node_address_parse(slice_of(texts[i]), &address), 0);
        node_address_format(&address, text);
        assert_string_equal(text, texts[i]);
    }
}

static void test_localhost_is_the_v4_loopback(void **state)
{
    struct node_address address;
    char text[NODE_ADDRESS_TEXT_SIZE];
    (void)state;

    assert_int_equal(node_address_parse(slice_of("LocalHost:80"), &address), 0);

    node_address_format(&address, text);
    assert_string_equal(text, "127.0.0.1:80");
}

static void test_anything_else_is_refused_and_nothing_written(void **state)
{
    static const char *const texts[] = {
        "",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        ":80",
        "::1:80",
        "[::1]",
        "[::1]80",
        "[127.0.0.1]:80",
        "host:80",
        "1.2.3:80",
        "127.0.0.1:80 ",
        " 127.0.0.1:80",
        "127.0.0.1:+8",
        "127.0.0.1:8a",
        "[::1:80",
        "::1]:80",
        "[]:80",
        "[::1%lo]:80",
        "None",
        "1.2.3.4:-1",
        "[::1]:99999999999999999999",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct node_address address = {.storage.ss_family = 77};
        assert_int_equal(node_address_parse(slice_of(texts[i]), &address), -EINVAL);
        assert_int_equal(address.storage.ss_family, 77);
    }
}

static void test_a_zero_byte_inside_is_refused(void **state)
{
    const struct slice text = {.data = "127.0.0.1\0:80", .size = 13};
    struct node_address address;
    (void)state;

    assert_int_equal(node_address_parse(text, &address), -EINVAL);
}

static void test_an_overlong_host_is_refused(void **state)
{
    char text[200];
    struct node_address address;
    (void)state;
    memset(text, '1', sizeof text);
    const struct slice slice = {.data = text, .size = sizeof text};

    assert_int_equal(node_address_parse_host(slice, &address), -EINVAL);
}

static void test_loopback_is_the_whole_net_and_nothing_more(void **state)
{
    static const struct {
        const char *text;
        bool loopback;
    } cases[] = {
        {"127.0.0.1:1", true},  {"127.255.255.255:1", true}, {"[::1]:1", true},
        {"126.0.0.1:1", false}, {"128.0.0.0:1", false},      {"0.0.0.0:1", false},
        {"[::]:1", false},      {"[::2]:1", false},          {"none", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct node_address address;
        assert_int_equal(node_address_parse(slice_of(cases[i].text), &address), 0);
        assert_int_equal(node_address_is_loopback(&address), cases[i].loopback);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_address_survives_reading_and_writing),
        cmocka_unit_test(test_localhost_is_the_v4_loopback),
        cmocka_unit_test(test_anything_else_is_refused_and_nothing_written),
        cmocka_unit_test(test_a_zero_byte_inside_is_refused),
        cmocka_unit_test(test_an_overlong_host_is_refused),
        cmocka_unit_test(test_loopback_is_the_whole_net_and_nothing_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
