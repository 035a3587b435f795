/* The unix listener: modes, stale and live sockets, and everything in the way. */
#include "node/listen_unix.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/test_node_scratch.h"

static int connect_unix(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof name.sun_path);
    memcpy(name.sun_path, path, strlen(path));
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    const int r = connect(fd, (const struct sockaddr *)&name, sizeof name) < 0 ? -errno : 0;
    close(fd);
    return r;
}

static void test_the_socket_is_for_the_group_its_folder_for_the_user(void **state)
{
    struct scratch *self = *state;
    int fd = -1;

    assert_int_equal(node_listen_unix_open(scratch_path(self, "run/sub/http.sock"), &fd), 0);

    assert_int_equal(scratch_mode(self->path), 0660);
    assert_int_equal(scratch_mode(scratch_path(self, "run/sub")), 0700);
    assert_int_equal(connect_unix(scratch_path(self, "run/sub/http.sock")), 0);
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    close(fd);
}

static void test_a_stale_socket_is_replaced(void **state)
{
    struct scratch *self = *state;
    int fd = -1;
    assert_int_equal(node_listen_unix_open(scratch_path(self, "s"), &fd), 0);
    close(fd);
    assert_int_equal(connect_unix(self->path), -ECONNREFUSED);

    assert_int_equal(node_listen_unix_open(self->path, &fd), 0);

    assert_int_equal(connect_unix(self->path), 0);
    close(fd);
}

static void test_a_live_socket_is_left_alone(void **state)
{
    struct scratch *self = *state;
    int fd = -1, second = -1;
    assert_int_equal(node_listen_unix_open(scratch_path(self, "s"), &fd), 0);

    assert_int_equal(node_listen_unix_open(self->path, &second), -EADDRINUSE);

    assert_int_equal(second, -1);
    assert_int_equal(connect_unix(self->path), 0);
    close(fd);
}

static int listen_for_one(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    snprintf(name.sun_path, sizeof name.sun_path, "%.100s", path);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(listen(fd, 0), 0);
    return fd;
}

static void test_a_live_socket_with_a_full_queue_is_left_alone(void **state)
{
    struct scratch *self = *state;
    int second = -1;
    const int fd = listen_for_one(scratch_path(self, "s"));
    assert_int_equal(connect_unix(self->path), 0);

    assert_int_equal(node_listen_unix_open(self->path, &second), -EADDRINUSE);

    assert_int_equal(access(self->path, F_OK), 0);
    close(fd);
}

static void test_what_is_no_socket_is_never_removed(void **state)
{
    struct scratch *self = *state;
    int fd = -1;
    scratch_write(scratch_path(self, "precious"), "x", 1, 0600);
    assert_int_equal(node_listen_unix_open(self->path, &fd), -EEXIST);
    assert_int_equal(access(self->path, F_OK), 0);

    assert_int_equal(symlink("nowhere", scratch_path(self, "link")), 0);
    assert_int_equal(node_listen_unix_open(self->path, &fd), -EEXIST);
    assert_int_equal(mkdir(scratch_path(self, "folder"), 0700), 0);
    assert_int_equal(node_listen_unix_open(self->path, &fd), -EEXIST);
    assert_int_equal(fd, -1);
}

static void test_the_longest_path_has_107_bytes(void **state)
{
    struct scratch *self = *state;
    char path[109];
    int fd = -1;
    const size_t start = (size_t)snprintf(path, sizeof path, "%s/", self->folder);
    memset(path + start, 'p', sizeof path - start);
    path[108] = '\0';

    assert_int_equal(node_listen_unix_open(path, &fd), -ENAMETOOLONG);
    path[107] = '\0';
    assert_int_equal(node_listen_unix_open(path, &fd), 0);

    close(fd);
}

static void test_a_file_in_place_of_the_folder_is_reported(void **state)
{
    struct scratch *self = *state;
    int fd = -1;
    scratch_write(scratch_path(self, "file"), "x", 1, 0600);

    assert_int_equal(node_listen_unix_open(scratch_path(self, "file/s"), &fd), -ENOTDIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(test_the_socket_is_for_the_group_its_folder_for_the_user),
        SCRATCH_TEST(test_a_stale_socket_is_replaced),
        SCRATCH_TEST(test_a_live_socket_is_left_alone),
        SCRATCH_TEST(test_a_live_socket_with_a_full_queue_is_left_alone),
        SCRATCH_TEST(test_what_is_no_socket_is_never_removed),
        SCRATCH_TEST(test_the_longest_path_has_107_bytes),
        SCRATCH_TEST(test_a_file_in_place_of_the_folder_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
