/* flock(2), not fcntl(2): LMDB opens and closes files here, and a closed descriptor of a file drops
 * all fcntl locks that the process has on it. */
#include "store/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/limits.h"

enum {
    DIR_MODE = 0700,
    FILE_MODE = 0600,
};

int store_owner_make_dir(const char *dir)
{
    if (mkdir(dir, DIR_MODE) == 0)
        return chmod(dir, DIR_MODE) == 0 ? 0 : -errno; /* whatever the umask took away */
    if (errno != EEXIST)
        return -errno;
    struct stat status;
    if (stat(dir, &status) != 0)
        return -errno;
    return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

static int lock_path(const char *dir, char *ret, size_t ret_size)
{
    int n = snprintf(ret, ret_size, "%s/lock", dir);
    return n >= 0 && (size_t)n < ret_size ? 0 : -ENAMETOOLONG;
}

/* The lock of a killed process stays for a moment when it was just checking the data file: the
 * kernel ends the child, which shares the lock, a little later. */
static int lock(int fd)
{
    const struct timespec pause = {.tv_nsec = STORE_OWNER_POLL_MS * 1000000L};
    for (int waited_ms = 0;; waited_ms += STORE_OWNER_POLL_MS) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK)
            return -errno;
        if (waited_ms >= STORE_OWNER_WAIT_MS)
            return -EBUSY;
        nanosleep(&pause, NULL);
    }
}

int store_owner_take(const char *dir, int *ret_fd)
{
    char path[STORE_PATH_MAX];
    int r = lock_path(dir, path, sizeof path);
    if (r < 0)
        return r;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (fd < 0)
        return -errno;
    r = fchmod(fd, FILE_MODE) != 0 ? -errno : lock(fd);
    if (r == 0)
        *ret_fd = fd;
    else
        close(fd);
    return r;
}

bool store_owner_is_ours(const char *dir, int fd)
{
    char path[STORE_PATH_MAX];
    struct stat ours, there;
    return lock_path(dir, path, sizeof path) == 0 && fstat(fd, &ours) == 0 &&
           stat(path, &there) == 0 && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

void store_owner_leave(int *fd_p)
{
    if (*fd_p >= 0)
        close(*fd_p);
    *fd_p = -1;
}
