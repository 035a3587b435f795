/* Key files. A new one is complete before it gets its name, so nobody ever reads half a key. */
#include "node/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "base/seal.h"

enum { KEY_MODE = 0600 };

static int check_status(int fd)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return -errno;
    if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
        (status.st_mode & (S_IRWXG | S_IRWXO)))
        return -EPERM;
    return status.st_size == NODE_KEY_FILE_SIZE ? 0 : -EBADMSG;
}

static int read_key(const char *path, uint8_t ret_key[static NODE_KEY_FILE_SIZE])
{
    /* Not through a link, and never waiting for a pipe's writer. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ELOOP ? -EPERM : -errno;
    uint8_t key[NODE_KEY_FILE_SIZE];
    int r = check_status(fd);
    if (r == 0 && read(fd, key, sizeof key) != (ssize_t)sizeof key)
        r = -EBADMSG;
    if (r == 0)
        memcpy(ret_key, key, sizeof key);
    seal_forget(key, sizeof key);
    close(fd);
    return r;
}

static int write_key(int fd)
{
    uint8_t key[NODE_KEY_FILE_SIZE];
    random_bytes(key, sizeof key);
    const ssize_t wrote = write(fd, key, sizeof key);
    seal_forget(key, sizeof key);
    if (wrote < 0)
        return -errno;
    if (wrote != (ssize_t)sizeof key)
        return -ENOSPC;
    return fsync(fd) < 0 ? -errno : 0;
}

/* The name lasts once the folder is on disk too; EINVAL: this file system does not know how. */
static int sync_folder(const char *path)
{
    char *folder = strdup(path);
    if (!folder)
        return -ENOMEM;
    *strrchr(folder, '/') = '\0';
    const int fd = open(folder[0] ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int r = fd < 0 ? -errno : 0;
    if (r == 0 && fsync(fd) < 0 && errno != EINVAL)
        r = -errno;
    if (fd >= 0)
        close(fd);
    free(folder);
    return r;
}

/* Makes the key under a name of its own, then gives it the right one unless somebody was faster. */
static int make_key(const char *path)
{
    char *draft = NULL;
    if (asprintf(&draft, "%s.XXXXXX", path) < 0)
        return -ENOMEM;
    const int fd = mkostemp(draft, O_CLOEXEC);
    int r = fd < 0 ? -errno : 0;
    if (r == 0) {
        r = fchmod(fd, KEY_MODE) < 0 ? -errno : write_key(fd);
        if (r == 0 && link(draft, path) < 0 && errno != EEXIST)
            r = -errno;
        if (r == 0)
            r = sync_folder(path);
        unlink(draft);
        close(fd);
    }
    free(draft);
    return r;
}

int node_key_file_load(const char *path, uint8_t ret_key[static NODE_KEY_FILE_SIZE])
{
    CHECK(path[0] == '/');
    int r = read_key(path, ret_key);
    if (r != -ENOENT)
        return r;
    r = make_key(path);
    return r < 0 ? r : read_key(path, ret_key);
}
