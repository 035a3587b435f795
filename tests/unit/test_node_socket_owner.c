/* Reading of the kernel's table of TCP sockets. Addresses in it are in the byte order of the host:
 * these lines are of a little-endian one. */
#include "node/socket_owner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <unistd.h>

#include "node/listen.h"

#define TAIL " 00000000:00000000 00:00000000 00000000  1000        0 1076 1 0 100 0 0 10 0\n"
#define V4_LINE "   0: 0100007F:2508 00000000:0000 0A" TAIL
#define V4_ANY_LINE "  12: 00000000:2508 00000000:0000 0A" TAIL
#define V4_CONNECTED "   1: 0100007F:2508 0100007F:9D1F 01" TAIL
#define V6_LINE                                                                                    \
    "   0: 00000000000000000000000001000000:2508 00000000000000000000000000000000:0000 0A" TAIL
#define V6_ANY_LINE                                                                                \
    "   0: 00000000000000000000000000000000:2508 00000000000000000000000000000000:0000 0A" TAIL

static int owner(const char *line, const char *wanted, uid_t *ret_uid)
{
    struct node_address address;
    assert_int_equal(node_address_parse(slice_of(wanted), &address), 0);
    return node_socket_owner_read(slice_of(line), &address, ret_uid);
}

static void test_a_listener_in_the_way_is_found(void **state)
{
    uid_t uid = 0;
    (void)state;
    if (htole32(1) != 1)
        skip();
    assert_int_equal(owner(V4_LINE, "127.0.0.1:9480", &uid), 0);
    assert_int_equal(uid, 1000);
    assert_int_equal(owner(V4_ANY_LINE, "127.0.0.1:9480", &uid), 0);
    assert_int_equal(owner(V4_LINE, "0.0.0.0:9480", &uid), 0);
    assert_int_equal(owner(V6_LINE, "[::1]:9480", &uid), 0);
    assert_int_equal(owner(V6_ANY_LINE, "127.0.0.1:9480", &uid), 0);
}

static void test_other_ports_addresses_and_states_are_not(void **state)
{
    uid_t uid = 4711;
    (void)state;
    assert_int_equal(owner(V4_LINE, "127.0.0.1:9481", &uid), -ENOENT);
    assert_int_equal(owner(V4_LINE, "127.0.0.2:9480", &uid), -ENOENT);
    assert_int_equal(owner(V4_LINE, "[::1]:9480", &uid), -ENOENT);
    assert_int_equal(owner(V4_CONNECTED, "127.0.0.1:9480", &uid), -ENOENT);
    assert_int_equal(uid, 4711);
}

static void test_broken_lines_are_passed_over(void **state)
{
    static const char *const lines[] = {
        "",
        "\n",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n",
        "   0: 0100007F:2508 00000000:0000 0A",
        "   0: 0100007F 00000000:0000 0A" TAIL,
        "   0: 0100007F:25 00000000:0000 0A" TAIL,
        "   0: 0100007:2508 00000000:0000 0A" TAIL,
        "   0: 010000xF:2508 00000000:0000 0A" TAIL,
        "   0: :2508 00000000:0000 0A" TAIL,
        "   0: 0100007F:2508 00000000:0000 0A 0:0 0:0 0 root 0 1\n",
        "   0: 0100007F:2508 00000000:0000 0A 0:0 0:0 0 99999999999 0 1\n",
    };
    uid_t uid = 4711;
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_int_equal(owner(lines[i], "127.0.0.1:9480", &uid), -ENOENT);
    assert_int_equal(uid, 4711);
}

static void test_a_real_listener_is_found_in_the_real_table(void **state)
{
    struct node_address wanted, bound;
    int fd = -1;
    uid_t uid = 4711;
    (void)state;
    assert_int_equal(node_address_parse(slice_of("127.0.0.1:0"), &wanted), 0);
    assert_int_equal(node_listen_tcp(&wanted, &bound, &fd), 0);

    assert_int_equal(node_socket_owner_find(&bound, &uid), 0);

    assert_int_equal(uid, geteuid());
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_listener_in_the_way_is_found),
        cmocka_unit_test(test_other_ports_addresses_and_states_are_not),
        cmocka_unit_test(test_broken_lines_are_passed_over),
        cmocka_unit_test(test_a_real_listener_is_found_in_the_real_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
