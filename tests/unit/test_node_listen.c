/* Listeners of a node: opened, refused with a remedy, handed over by systemd, closed. */
#include "node/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "node/listen_unix.h"
#include "tests/unit/test_node_scratch.h"

enum { HANDED_FIRST = 3 };

static struct node_address address_of(const char *text)
{
    struct node_address address;
    assert_int_equal(node_address_parse(slice_of(text), &address), 0);
    return address;
}

static int open_both(struct scratch *self, const struct node_address *address,
                     struct node_listen *ret_listen)
{
    char path[SCRATCH_PATH_SIZE];
    snprintf(path, sizeof path, "%s", scratch_path(self, "run/http.sock"));
    const struct node_listen_options options = {.address = address, .socket_path = path};
    return node_listen_open(&options, self->log, ret_listen);
}

static void test_port_zero_takes_a_free_one_and_says_which(void **state)
{
    struct scratch *self = *state;
    const struct node_address address = address_of("127.0.0.1:0");
    struct node_listen listen;
    char url[NODE_LISTEN_URL_SIZE], expected[NODE_LISTEN_URL_SIZE];

    assert_int_equal(open_both(self, &address, &listen), 0);

    const unsigned port = node_address_port(&listen.address);
    assert_true(port > 0);
    assert_true(node_listen_url(&listen, url));
    snprintf(expected, sizeof expected, "http://127.0.0.1:%u", port);
    assert_string_equal(url, expected);
    assert_true(fcntl(listen.tcp, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(listen.tcp, F_GETFD) & FD_CLOEXEC);
    assert_string_equal(listen.path, scratch_path(self, "run/http.sock"));
    assert_string_equal(scratch_logged(self), "");
    node_listen_close(&listen);
}

static void test_closing_removes_the_socket_file_and_can_be_repeated(void **state)
{
    struct scratch *self = *state;
    const struct node_address address = address_of("127.0.0.1:0");
    struct node_listen listen;
    assert_int_equal(open_both(self, &address, &listen), 0);

    node_listen_close(&listen);

    assert_int_equal(access(scratch_path(self, "run/http.sock"), F_OK), -1);
    assert_int_equal(listen.tcp, -1);
    node_listen_close(&listen);
}

static void test_closing_leaves_the_file_of_a_successor(void **state)
{
    struct scratch *self = *state;
    const struct node_address address = address_of("127.0.0.1:0");
    struct node_listen listen;
    int successor = -1;
    assert_int_equal(open_both(self, &address, &listen), 0);
    assert_int_equal(rename(listen.path, scratch_path(self, "aside")), 0);
    assert_int_equal(node_listen_unix_open(scratch_path(self, "run/http.sock"), &successor), 0);

    node_listen_close(&listen);

    assert_int_equal(access(scratch_path(self, "run/http.sock"), F_OK), 0);
    close(successor);
}

static void test_a_taken_port_is_refused_naming_its_user(void **state)
{
    struct scratch *self = *state;
    struct node_address address = address_of("127.0.0.1:0"), bound;
    struct node_listen listen;
    char words[64];
    int squatter = -1;
    assert_int_equal(node_listen_tcp(&address, &bound, &squatter), 0);

    assert_int_equal(open_both(self, &bound, &listen), -EADDRINUSE);

    snprintf(words, sizeof words, "held_by_uid=%u", (unsigned)geteuid());
    assert_non_null(strstr(scratch_logged(self), words));
    assert_non_null(strstr(self->logged, "key=http.listen"));
    assert_non_null(strstr(self->logged, "--listen"));
    close(squatter);
}

static void test_a_taken_socket_is_refused_and_the_port_given_back(void **state)
{
    struct scratch *self = *state;
    const struct node_address address = address_of("127.0.0.1:0");
    struct node_listen first, second = {.tcp = -77};
    assert_int_equal(open_both(self, &address, &first), 0);
    const int lowest_free = dup(STDERR_FILENO);
    close(lowest_free);

    assert_int_equal(open_both(self, &address, &second), -EADDRINUSE);

    assert_int_equal(dup(STDERR_FILENO), lowest_free);
    close(lowest_free);

    assert_int_equal(second.tcp, -77);
    assert_non_null(strstr(scratch_logged(self), "key=http.socket"));
    assert_int_equal(access(first.path, F_OK), 0);
    node_listen_close(&first);
}

static void test_an_address_of_another_host_is_refused(void **state)
{
    struct scratch *self = *state;
    const struct node_address address = address_of("192.0.2.1:0");
    struct node_listen listen;

    assert_int_equal(open_both(self, &address, &listen), -EADDRNOTAVAIL);

    assert_non_null(strstr(scratch_logged(self), "192.0.2.1:0"));
}

static void test_both_listeners_can_be_switched_off(void **state)
{
    struct scratch *self = *state;
    const struct node_address none = address_of("none");
    const struct node_listen_options options = {.address = &none, .socket_path = "none"};
    struct node_listen listen;
    char url[NODE_LISTEN_URL_SIZE];

    assert_int_equal(node_listen_open(&options, self->log, &listen), 0);

    assert_int_equal(listen.tcp, -1);
    assert_int_equal(listen.unix_socket, -1);
    assert_null(listen.path);
    assert_false(node_listen_url(&listen, url));
    node_listen_close(&listen);
}

static void test_a_second_node_goes_to_its_second_socket_path(void **state)
{
    struct scratch *self = *state;
    const struct node_address none = address_of("none");
    char taken[SCRATCH_PATH_SIZE], own[SCRATCH_PATH_SIZE];
    struct node_listen first, second;
    snprintf(taken, sizeof taken, "%s", scratch_path(self, "taken.sock"));
    snprintf(own, sizeof own, "%s", scratch_path(self, "own.sock"));
    const struct node_listen_options options = {
        .address = &none, .socket_path = taken, .second_path = own};

    assert_int_equal(node_listen_open(&options, self->log, &first), 0);
    assert_int_equal(node_listen_open(&options, self->log, &second), 0);

    assert_string_equal(first.path, taken);
    assert_string_equal(second.path, own);
    node_listen_close(&first);
    node_listen_close(&second);
}

static void test_a_listener_on_all_addresses_is_shown_as_loopback(void **state)
{
    struct node_listen listen = {.tcp = 1, .unix_socket = -1, .address = address_of("0.0.0.0:80")};
    char url[NODE_LISTEN_URL_SIZE];
    (void)state;

    assert_true(node_listen_url(&listen, url));
    assert_string_equal(url, "http://127.0.0.1:80");
    listen.address = address_of("[::]:80");
    assert_true(node_listen_url(&listen, url));
    assert_string_equal(url, "http://[::1]:80");
    listen.address = address_of("[::1]:80");
    assert_true(node_listen_url(&listen, url));
    assert_string_equal(url, "http://[::1]:80");
}

/* Runs in a process of its own, where descriptors 3 and 4 can be what systemd would hand over. */
static int take_handed(struct scratch *self, int tcp, int unix_socket, bool to_us)
{
    const struct node_address none = address_of("127.0.0.1:0");
    char pid[32], path[SCRATCH_PATH_SIZE];
    struct node_listen listen = {.tcp = -1, .unix_socket = -1};
    snprintf(path, sizeof path, "%s", scratch_path(self, "own.sock"));
    snprintf(pid, sizeof pid, "%ld", (long)getpid() + !to_us);
    if (dup2(fcntl(unix_socket, F_DUPFD, 10), 100) < 0 || dup2(tcp, 101) < 0 ||
        dup2(100, HANDED_FIRST) < 0 || dup2(101, HANDED_FIRST + 1) < 0)
        return 2;
    const struct node_listen_options options = {
        .address = &none, .socket_path = path, .listen_fds = "2", .listen_pid = pid};
    if (node_listen_open(&options, self->log, &listen) < 0)
        return 3;
    const bool took = listen.handed_over && listen.unix_socket == HANDED_FIRST &&
                      listen.tcp == HANDED_FIRST + 1 && node_address_port(&listen.address) > 0 &&
                      (fcntl(listen.tcp, F_GETFL) & O_NONBLOCK) &&
                      (fcntl(listen.tcp, F_GETFD) & FD_CLOEXEC);
    node_listen_close(&listen);
    return took == to_us ? 0 : 4;
}

static int run_apart(struct scratch *self, int tcp, int unix_socket, bool to_us)
{
    int status = -1;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(take_handed(self, tcp, unix_socket, to_us));
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_sockets_that_systemd_hands_over_are_taken_and_their_files_stay(void **state)
{
    struct scratch *self = *state;
    struct node_address address = address_of("127.0.0.1:0"), bound;
    int tcp = -1, unix_socket = -1;
    assert_int_equal(node_listen_tcp(&address, &bound, &tcp), 0);
    assert_int_equal(node_listen_unix_open(scratch_path(self, "http.sock"), &unix_socket), 0);

    assert_int_equal(run_apart(self, tcp, unix_socket, true), 0);
    assert_int_equal(access(scratch_path(self, "http.sock"), F_OK), 0);
    assert_int_equal(access(scratch_path(self, "own.sock"), F_OK), -1);

    assert_int_equal(run_apart(self, tcp, unix_socket, false), 0);
    close(tcp);
    close(unix_socket);
}

static void test_a_descriptor_that_is_no_listener_is_refused(void **state)
{
    struct scratch *self = *state;
    struct node_address address = address_of("127.0.0.1:0"), bound;
    int tcp = -1;
    assert_int_equal(node_listen_tcp(&address, &bound, &tcp), 0);

    assert_int_equal(run_apart(self, tcp, self->log_fd, true), 3);
    assert_int_equal(run_apart(self, tcp, tcp, true), 3);

    assert_non_null(strstr(scratch_logged(self), "activation_failed"));
    close(tcp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(test_port_zero_takes_a_free_one_and_says_which),
        SCRATCH_TEST(test_closing_removes_the_socket_file_and_can_be_repeated),
        SCRATCH_TEST(test_closing_leaves_the_file_of_a_successor),
        SCRATCH_TEST(test_a_taken_port_is_refused_naming_its_user),
        SCRATCH_TEST(test_a_taken_socket_is_refused_and_the_port_given_back),
        SCRATCH_TEST(test_an_address_of_another_host_is_refused),
        SCRATCH_TEST(test_both_listeners_can_be_switched_off),
        SCRATCH_TEST(test_a_second_node_goes_to_its_second_socket_path),
        SCRATCH_TEST(test_a_listener_on_all_addresses_is_shown_as_loopback),
        SCRATCH_TEST(test_sockets_that_systemd_hands_over_are_taken_and_their_files_stay),
        SCRATCH_TEST(test_a_descriptor_that_is_no_listener_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
