/* Whose connection it is, asked of the kernel over real sockets. */
#include "node/peer_uid.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/wait.h>

#include "node/listen.h"
#include "tests/unit/test_node_scratch.h"

enum { FOREIGN_UID = 65534 };

struct pair {
    int listener, client, server;
    struct node_address address;
};

static int listen_at(const char *text, struct node_address *ret_address)
{
    struct node_address wanted;
    int fd = -1;
    assert_int_equal(node_address_parse(slice_of(text), &wanted), 0);
    return node_listen_tcp(&wanted, ret_address, &fd) < 0 ? -1 : fd;
}

static int connect_to(const struct node_address *address)
{
    const int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(
        connect(fd, (const struct sockaddr *)&address->storage, node_address_size(address)), 0);
    return fd;
}

static struct pair connect_pair(const char *text)
{
    struct pair pair = {.listener = listen_at(text, &pair.address)};
    assert_true(pair.listener >= 0);
    pair.client = connect_to(&pair.address);
    pair.server = accept(pair.listener, NULL, NULL);
    assert_true(pair.server >= 0);
    return pair;
}

static void close_pair(struct pair *pair)
{
    close(pair->listener);
    close(pair->client);
    close(pair->server);
}

static void assert_own(const char *text)
{
    struct pair pair = connect_pair(text);
    uid_t uid = (uid_t)-1;
    assert_int_equal(node_peer_uid_find(pair.server, &uid), 0);
    assert_int_equal(uid, geteuid());
    uid = (uid_t)-1;
    assert_int_equal(node_peer_uid_find(pair.client, &uid), 0);
    assert_int_equal(uid, geteuid());
    close_pair(&pair);
}

static void test_a_v4_loopback_client_is_known(void **state)
{
    (void)state;
    assert_own("127.0.0.1:0");
    assert_own("127.8.7.6:0");
}

static void test_a_v6_loopback_client_is_known(void **state)
{
    struct node_address address;
    (void)state;
    const int probe = listen_at("[::1]:0", &address);
    if (probe < 0)
        skip();
    close(probe);
    assert_own("[::1]:0");
}

static void test_a_unix_client_is_known(void **state)
{
    int pair[2];
    uid_t uid = (uid_t)-1;
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);

    assert_int_equal(node_peer_uid_find(pair[0], &uid), 0);

    assert_int_equal(uid, geteuid());
    close(pair[0]);
    close(pair[1]);
}

/* A closed client's socket would be reported with uid 0, which is root. */
static void test_a_client_that_closed_or_shut_down_is_unknown(void **state)
{
    struct pair pair = connect_pair("127.0.0.1:0");
    uid_t uid = 4711;
    (void)state;

    assert_int_equal(shutdown(pair.client, SHUT_WR), 0);
    assert_int_equal(node_peer_uid_find(pair.server, &uid), -ENOENT);
    close(pair.client);
    pair.client = -1;
    assert_int_equal(node_peer_uid_find(pair.server, &uid), -ENOENT);
    assert_int_equal(uid, 4711);
    close(pair.listener);
    close(pair.server);
}

/* Not accepted yet, the listener's end of a connection has no process and uid 0. */
static void test_an_end_without_a_process_is_unknown(void **state)
{
    struct node_address address;
    uid_t uid = 4711;
    (void)state;
    const int listener = listen_at("127.0.0.1:0", &address);
    assert_true(listener >= 0);
    const int client = connect_to(&address);

    assert_int_equal(node_peer_uid_find(client, &uid), -ENOENT);

    assert_int_equal(uid, 4711);
    close(client);
    close(listener);
}

static void test_sockets_without_a_peer_are_unknown(void **state)
{
    struct node_address address;
    uid_t uid = 4711;
    (void)state;
    const int listener = listen_at("127.0.0.1:0", &address);
    assert_true(listener >= 0);

    assert_int_equal(node_peer_uid_find(listener, &uid), -ENOENT);
    assert_int_equal(node_peer_uid_find(-1, &uid), -EBADF);

    assert_int_equal(uid, 4711);
    close(listener);
}

/* Connects as another user and stays until told to go. */
static pid_t connect_as_foreigner(const struct node_address *address, int gate)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    char byte;
    const int fd = setuid(FOREIGN_UID) == 0
                       ? socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)
                       : -1;
    const int r =
        connect(fd, (const struct sockaddr *)&address->storage, node_address_size(address));
    _exit(r == 0 && read(gate, &byte, 1) >= 0 ? 0 : 1);
}

static void test_a_client_of_another_user_is_told_apart(void **state)
{
    struct node_address address;
    int gate[2], status = -1;
    uid_t uid = 0;
    (void)state;
    if (geteuid() != 0)
        skip();
    const int listener = listen_at("127.0.0.1:0", &address);
    assert_int_equal(fcntl(listener, F_SETFL, 0), 0);
    assert_int_equal(pipe(gate), 0);
    const pid_t child = connect_as_foreigner(&address, gate[0]);
    const int server = accept(listener, NULL, NULL);

    assert_int_equal(node_peer_uid_find(server, &uid), 0);

    assert_int_equal(uid, FOREIGN_UID);
    assert_int_equal(write(gate[1], "", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(gate[1]);
    close(gate[0]);
    close(server);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_v4_loopback_client_is_known),
        cmocka_unit_test(test_a_v6_loopback_client_is_known),
        cmocka_unit_test(test_a_unix_client_is_known),
        cmocka_unit_test(test_a_client_that_closed_or_shut_down_is_unknown),
        cmocka_unit_test(test_an_end_without_a_process_is_unknown),
        cmocka_unit_test(test_sockets_without_a_peer_are_unknown),
        cmocka_unit_test(test_a_client_of_another_user_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
