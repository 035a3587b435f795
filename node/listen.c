/* Opening of listeners, and taking those of systemd (sd_listen_fds(3)). Unix sockets are
 * listen_unix.c's. */
#include "node/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "node/config_path.h"
#include "node/listen_unix.h"
#include "node/socket_owner.h"

enum { HANDED_FIRST = 3 }; /* SD_LISTEN_FDS_START */

static int set_flag(int fd, int level, int name)
{
    const int on = 1;
    return setsockopt(fd, level, name, &on, sizeof on) < 0 ? -errno : 0;
}

static int bind_tcp(int fd, const struct node_address *address)
{
    int r = set_flag(fd, SOL_SOCKET, SO_REUSEADDR);
    /* "::" is v6 only: a listener means what it says. */
    if (r == 0 && address->storage.ss_family == AF_INET6)
        r = set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    const struct sockaddr *name = (const struct sockaddr *)&address->storage;
    if (r == 0 && bind(fd, name, node_address_size(address)) < 0)
        r = -errno;
    if (r == 0 && listen(fd, NODE_LISTEN_BACKLOG) < 0)
        r = -errno;
    return r;
}

int node_listen_tcp(const struct node_address *address, struct node_address *ret_address,
                    int *ret_fd)
{
    CHECK(!node_address_is_none(address));
    struct node_address bound;
    const int fd =
        socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int r = bind_tcp(fd, address);
    if (r == 0)
        r = node_address_of_socket(fd, &bound);
    if (r < 0) {
        close(fd);
        return r;
    }
    *ret_address = bound;
    *ret_fd = fd;
    return 0;
}

static void report_tcp(struct node_log *log, const struct node_address *address, int error)
{
    char text[NODE_ADDRESS_TEXT_SIZE];
    uid_t uid;
    node_address_format(address, text);
    const struct node_log_field key = node_log_text("key", "http.listen");
    const struct node_log_field value = node_log_text("value", text);
    const bool taken = error == -EADDRINUSE;
    const struct node_log_field remedy =
        node_log_text("remedy", taken ? "end that program, or give another --listen ADDR:PORT"
                                      : "give a --listen ADDR:PORT of this host");
    if (taken && node_socket_owner_find(address, &uid) == 0)
        NODE_LOG(log, NODE_LOG_ERROR, "listen_failed", key, value, node_log_errno(error),
                 node_log_number("held_by_uid", uid), remedy);
    else
        NODE_LOG(log, NODE_LOG_ERROR, "listen_failed", key, value, node_log_errno(error), remedy);
}

static const char *unix_remedy(int error)
{
    if (error == -EADDRINUSE)
        return "another node serves there: stop it, or give another --socket PATH";
    if (error == -EEXIST)
        return "something that is no socket has that name: remove it, or give another --socket "
               "PATH";
    if (error == -ENAMETOOLONG)
        return "give a --socket PATH of at most 107 bytes, such as /tmp/runmesh/http.sock";
    return "give a --socket PATH in a folder that this user may write in";
}

static void report_unix(struct node_log *log, const char *path, int error)
{
    NODE_LOG(log, NODE_LOG_ERROR, "listen_failed", node_log_text("key", "http.socket"),
             node_log_text("value", path), node_log_errno(error),
             node_log_text("remedy", unix_remedy(error)));
}

static int open_tcp(struct node_listen *self, const struct node_address *address,
                    struct node_log *log)
{
    if (node_address_is_none(address))
        return 0;
    const int r = node_listen_tcp(address, &self->address, &self->tcp);
    if (r < 0)
        report_tcp(log, address, r);
    return r;
}

static int open_unix(struct node_listen *self, const struct node_listen_options *options,
                     struct node_log *log)
{
    struct stat status = {0};
    const char *path = options->socket_path;
    if (strcmp(path, NODE_CONFIG_PATH_NONE) == 0)
        return 0;
    int r = node_listen_unix_open(path, &self->unix_socket);
    if (r == -EADDRINUSE && options->second_path) {
        path = options->second_path;
        r = node_listen_unix_open(path, &self->unix_socket);
    }
    if (r == 0 && lstat(path, &status) < 0)
        r = -errno;
    if (r < 0) {
        report_unix(log, path, r);
        return r;
    }
    self->inode = status.st_ino;
    self->device = status.st_dev;
    self->path = strdup(path);
    return self->path ? 0 : -ENOMEM;
}

/* Takes one descriptor that systemd handed over; only listening stream sockets count. */
static int take_handed(struct node_listen *self, int fd)
{
    struct sockaddr_un name = {0};
    int listening = 0;
    socklen_t size = sizeof listening, name_size = sizeof name - 1;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) < 0 || !listening)
        return -EINVAL;
    if (getsockname(fd, (struct sockaddr *)&name, &name_size) < 0)
        return -errno;
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
        return -errno;
    if (name.sun_family == AF_UNIX && self->unix_socket < 0) {
        self->path = strdup(name.sun_path);
        self->unix_socket = fd;
        return self->path ? 0 : -ENOMEM;
    }
    if ((name.sun_family == AF_INET || name.sun_family == AF_INET6) && self->tcp < 0) {
        self->tcp = fd;
        return node_address_of_socket(fd, &self->address);
    }
    return -EEXIST;
}

/* How many descriptors were handed over to this very process. */
static int count_handed(const struct node_listen_options *options)
{
    uint64_t pid, count;
    if (!slice_to_u64(slice_of(options->listen_pid), UINT32_MAX, &pid) ||
        pid != (uint64_t)getpid() ||
        !slice_to_u64(slice_of(options->listen_fds), NODE_LISTEN_HANDED_MAX, &count))
        return 0;
    return (int)count;
}

static int take_all_handed(struct node_listen *self, int count, struct node_log *log)
{
    self->handed_over = true;
    for (int i = 0; i < count; i++) {
        const int r = take_handed(self, HANDED_FIRST + i);
        if (r < 0) {
            NODE_LOG(
                log, NODE_LOG_ERROR, "activation_failed", node_log_errno(r),
                node_log_number("fd", HANDED_FIRST + i),
                node_log_text("remedy", "hand over one TCP and one unix stream listener at most"));
            return r;
        }
    }
    return 0;
}

int node_listen_open(const struct node_listen_options *options, struct node_log *log,
                     struct node_listen *ret_listen)
{
    struct node_listen self = {.tcp = -1, .unix_socket = -1};
    const int handed = count_handed(options);
    int r = 0;
    if (handed > 0) {
        r = take_all_handed(&self, handed, log);
    } else {
        r = open_tcp(&self, options->address, log);
        if (r == 0)
            r = open_unix(&self, options, log);
    }
    if (r < 0)
        node_listen_close(&self);
    else
        *ret_listen = self;
    return r;
}

static void remove_own_file(const struct node_listen *self)
{
    struct stat status;
    if (self->path && !self->handed_over && lstat(self->path, &status) == 0 &&
        status.st_ino == self->inode && status.st_dev == self->device)
        unlink(self->path);
}

void node_listen_close(struct node_listen *self)
{
    remove_own_file(self);
    if (self->tcp >= 0)
        close(self->tcp);
    if (self->unix_socket >= 0)
        close(self->unix_socket);
    free(self->path);
    *self = (struct node_listen){.tcp = -1, .unix_socket = -1};
}

bool node_listen_url(const struct node_listen *self, char ret[static NODE_LISTEN_URL_SIZE])
{
    struct node_address shown = self->address;
    char text[NODE_ADDRESS_TEXT_SIZE];
    if (self->tcp < 0)
        return false;
    struct sockaddr_in *v4 = (struct sockaddr_in *)&shown.storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&shown.storage;
    if (v4->sin_family == AF_INET && v4->sin_addr.s_addr == htonl(INADDR_ANY))
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else if (v6->sin6_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr))
        v6->sin6_addr = in6addr_loopback;
    node_address_format(&shown, text);
    snprintf(ret, NODE_LISTEN_URL_SIZE, "http://%s", text);
    return true;
}
