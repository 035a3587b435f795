/* Unix listeners. The folder is locked while a stale socket is replaced, so that of two nodes that
 * start at once one gets the name and the other sees it live. */
#include "node/listen_unix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "node/folder.h"
#include "node/listen.h"

enum { SOCKET_MODE = 0660 };

static int make_name(const char *path, struct sockaddr_un *ret_name)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const size_t size = strlen(path);
    if (size >= sizeof name.sun_path)
        return -ENAMETOOLONG;
    memcpy(name.sun_path, path, size);
    *ret_name = name;
    return 0;
}

/* Makes the socket's folder if it is absent, opens and locks it. */
static int lock_folder(const char *path, int *ret_fd)
{
    char *folder = strdup(path);
    if (!folder)
        return -ENOMEM;
    char *slash = strrchr(folder, '/');
    slash[slash == folder] = '\0';
    int r = node_folder_make(folder);
    int fd = -1;
    if (r == 0) {
        fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        r = fd < 0 || flock(fd, LOCK_EX) < 0 ? -errno : 0;
    }
    free(folder);
    if (r == 0)
        *ret_fd = fd;
    else if (fd >= 0)
        close(fd);
    return r;
}

/* 0 when the name is free, after removal of a socket that nobody listens on. */
static int clear_name(const struct sockaddr_un *name)
{
    struct stat status;
    if (lstat(name->sun_path, &status) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(status.st_mode))
        return -EEXIST;
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    const int error = connect(fd, (const struct sockaddr *)name, sizeof *name) < 0 ? errno : 0;
    close(fd);
    /* Anything but a refusal (connected, backlog full, no permission) means that somebody is there.
     */
    if (error != ECONNREFUSED)
        return -EADDRINUSE;
    return unlink(name->sun_path) < 0 ? -errno : 0;
}

static int bind_and_listen(int fd, const struct sockaddr_un *name)
{
    if (bind(fd, (const struct sockaddr *)name, sizeof *name) < 0)
        return -errno;
    /* Nobody can connect before listen(2), so the mode is never looser than meant. */
    int r =
        chmod(name->sun_path, SOCKET_MODE) < 0 || listen(fd, NODE_LISTEN_BACKLOG) < 0 ? -errno : 0;
    if (r < 0)
        unlink(name->sun_path);
    return r;
}

int node_listen_unix_open(const char *path, int *ret_fd)
{
    CHECK(path[0] == '/');
    struct sockaddr_un name;
    int folder = -1;
    int r = make_name(path, &name);
    if (r == 0)
        r = lock_folder(path, &folder);
    if (r < 0)
        return r;
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    r = fd < 0 ? -errno : clear_name(&name);
    if (r == 0)
        r = bind_and_listen(fd, &name);
    if (r == 0)
        *ret_fd = fd;
    else if (fd >= 0)
        close(fd);
    close(folder);
    return r;
}
