/* The datagrams that systemd gets, over real sockets. */
#include "node/notify.h"

#include <errno.h>

#include "tests/unit/test_node_scratch.h"

/* A bound datagram socket; the name's first byte may be '@' for the abstract namespace. */
static int bind_receiver(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t size = strlen(name);
    assert_true(size < sizeof address.sun_path);
    memcpy(address.sun_path, name, size);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size)),
                     0);
    return fd;
}

static void assert_received(int fd, const char *expected)
{
    char text[NODE_NOTIFY_TEXT_MAX + 1];
    const ssize_t size = recv(fd, text, sizeof text - 1, 0);
    assert_true(size >= 0);
    text[size] = '\0';
    assert_string_equal(text, expected);
}

static void assert_every_message_arrives(const char *name)
{
    struct node_notify notify;
    char text[64];
    const int fd = bind_receiver(name);
    node_notify_init(&notify, name, NULL, NULL);

    assert_int_equal(node_notify_ready(&notify, "serving"), 0);
    assert_received(fd, "READY=1\nSTATUS=serving");
    assert_int_equal(node_notify_status(&notify, "busy"), 0);
    assert_received(fd, "STATUS=busy");
    assert_int_equal(node_notify_alive(&notify), 0);
    assert_received(fd, "WATCHDOG=1");
    assert_int_equal(node_notify_stopping(&notify), 0);
    assert_received(fd, "STOPPING=1");
    assert_int_equal(node_notify_reloading(&notify), 0);
    const ssize_t size = recv(fd, text, sizeof text - 1, 0);
    assert_true(size > 0);
    text[size] = '\0';
    assert_memory_equal(text, "RELOADING=1\nMONOTONIC_USEC=", 27);
    close(fd);
}

static void test_messages_arrive_at_a_path(void **state)
{
    assert_every_message_arrives(scratch_path(*state, "notify"));
}

static void test_messages_arrive_in_the_abstract_namespace(void **state)
{
    char name[SCRATCH_PATH_SIZE + 1];
    snprintf(name, sizeof name, "@%s", scratch_path(*state, "abstract"));
    assert_every_message_arrives(name);
}

static void test_without_a_socket_nothing_happens(void **state)
{
    static const char *const names[] = {NULL, "", "@", "/", "relative", "vsock:2:1"};
    struct node_notify notify;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        node_notify_init(&notify, names[i], "1000000", NULL);
        assert_int_equal(node_notify_ready(&notify, "serving"), 0);
        assert_int_equal(notify.watchdog_ms, 0);
    }
}

static void test_a_path_at_the_limit_is_used_and_a_longer_one_is_not(void **state)
{
    char name[sizeof(struct sockaddr_un)];
    struct node_notify notify;
    (void)state;
    memset(name, 'x', sizeof name);
    name[0] = '/';
    name[107] = '\0';
    node_notify_init(&notify, name, NULL, NULL);
    assert_true(notify.name_size > 0);
    name[107] = 'x';
    name[108] = '\0';
    node_notify_init(&notify, name, NULL, NULL);
    assert_int_equal(notify.name_size, 0);
}

static void test_a_receiver_that_is_gone_is_an_error_only(void **state)
{
    struct node_notify notify;
    node_notify_init(&notify, scratch_path(*state, "gone"), NULL, NULL);

    assert_int_equal(node_notify_alive(&notify), -ENOENT);
}

static void test_the_watchdog_is_fed_twice_in_its_period(void **state)
{
    struct node_notify notify;
    char pid[32];
    const char *name = scratch_path(*state, "notify");

    node_notify_init(&notify, name, "30000000", NULL);
    assert_int_equal(notify.watchdog_ms, 15000);
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    node_notify_init(&notify, name, "30000000", pid);
    assert_int_equal(notify.watchdog_ms, 15000);
    node_notify_init(&notify, name, "30000000", "1");
    assert_int_equal(notify.watchdog_ms, 0);
    node_notify_init(&notify, name, "soon", NULL);
    assert_int_equal(notify.watchdog_ms, 0);
    node_notify_init(&notify, name, NULL, NULL);
    assert_int_equal(notify.watchdog_ms, 0);
}

static void test_a_status_that_is_too_long_is_cut(void **state)
{
    struct node_notify notify;
    char status[2 * NODE_NOTIFY_TEXT_MAX], text[2 * NODE_NOTIFY_TEXT_MAX];
    const char *name = scratch_path(*state, "notify");
    const int fd = bind_receiver(name);
    memset(status, 's', sizeof status - 1);
    status[sizeof status - 1] = '\0';
    node_notify_init(&notify, name, NULL, NULL);

    assert_int_equal(node_notify_status(&notify, status), 0);

    assert_int_equal(recv(fd, text, sizeof text, 0), NODE_NOTIFY_TEXT_MAX - 1);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(test_messages_arrive_at_a_path),
        SCRATCH_TEST(test_messages_arrive_in_the_abstract_namespace),
        SCRATCH_TEST(test_without_a_socket_nothing_happens),
        SCRATCH_TEST(test_a_path_at_the_limit_is_used_and_a_longer_one_is_not),
        SCRATCH_TEST(test_a_receiver_that_is_gone_is_an_error_only),
        SCRATCH_TEST(test_the_watchdog_is_fed_twice_in_its_period),
        SCRATCH_TEST(test_a_status_that_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
