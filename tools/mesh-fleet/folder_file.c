/* Files get their name once they are complete and on disk. */
#include "tools/mesh-fleet/folder_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 0700, FILE_MODE = 0600, NAME_SIZE = 128 };

static int make_one(const char *path)
{
    struct stat status;
    if (mkdir(path, FOLDER_MODE) == 0)
        return 0;
    const int error = errno;
    if (stat(path, &status) < 0)
        return -error;
    return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

int folder_file_make_folder(const char *path)
{
    char *part = strdup(path);
    int r = part ? 0 : -ENOMEM;
    for (size_t i = 1; r == 0 && path[0] && path[i]; i++) {
        if (path[i] != '/' || path[i - 1] == '/')
            continue;
        part[i] = '\0';
        r = make_one(part);
        part[i] = '/';
    }
    if (r == 0)
        r = make_one(path);
    free(part);
    return r;
}

static int check_folder(int folder)
{
    struct stat status;
    if (fstat(folder, &status) < 0)
        return -errno;
    return status.st_uid == geteuid() && !(status.st_mode & (S_IWGRP | S_IWOTH)) ? 0 : -EPERM;
}

int folder_file_open_folder(const char *path, int *ret_folder)
{
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -errno;
    int r = check_folder(folder);
    if (r == 0 && flock(folder, LOCK_EX) < 0)
        r = -errno;
    if (r == 0)
        *ret_folder = folder;
    else
        close(folder);
    return r;
}

static int check_file(int fd)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return -errno;
    const bool is_private = !(status.st_mode & (S_IRWXG | S_IRWXO));
    return S_ISREG(status.st_mode) && status.st_uid == geteuid() && is_private ? 0 : -EPERM;
}

/* Reads to the end of the file; one byte of room beyond max shows that there is more. */
static int read_all(int fd, uint8_t *ret, size_t max, size_t *ret_size)
{
    size_t size = 0;
    uint8_t more;
    while (size < max) {
        const ssize_t got = read(fd, ret + size, max - size);
        if (got < 0)
            return -errno;
        if (got == 0)
            break;
        size += (size_t)got;
    }
    if (size == max && read(fd, &more, 1) != 0)
        return -EFBIG;
    *ret_size = size;
    return 0;
}

int folder_file_read(int folder, const char *name, void *ret, size_t max, size_t *ret_size)
{
    /* Not through a link, and never waiting for a pipe's writer. */
    const int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ELOOP ? -EPERM : -errno;
    int r = check_file(fd);
    if (r == 0)
        r = read_all(fd, ret, max, ret_size);
    close(fd);
    return r;
}

static int write_draft(int folder, const char *draft, const void *data, size_t size)
{
    if (unlinkat(folder, draft, 0) < 0 && errno != ENOENT)
        return -errno;
    const int fd = openat(folder, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return -errno;
    int r = fchmod(fd, FILE_MODE) < 0 ? -errno : 0;
    const ssize_t wrote = r == 0 ? write(fd, data, size) : 0;
    if (r == 0 && wrote < 0)
        r = -errno;
    else if (r == 0 && (size_t)wrote != size)
        r = -ENOSPC;
    if (r == 0 && fsync(fd) < 0)
        r = -errno;
    close(fd);
    return r;
}

static int name_draft(int folder, const char *draft, const char *name, bool is_new)
{
    if (is_new)
        return linkat(folder, draft, folder, name, 0) < 0 ? -errno : 0;
    return renameat(folder, draft, folder, name) < 0 ? -errno : 0;
}

int folder_file_write(int folder, const char *name, const void *data, size_t size, bool is_new)
{
    char draft[NAME_SIZE];
    const int length = snprintf(draft, sizeof draft, "%s.draft", name);
    CHECK(length > 0 && (size_t)length < sizeof draft);
    int r = write_draft(folder, draft, data, size);
    if (r == 0)
        r = name_draft(folder, draft, name, is_new);
    if (r < 0 || is_new)
        unlinkat(folder, draft, 0);
    /* EINVAL: this file system does not know how to sync a folder. */
    if (r == 0 && fsync(folder) < 0 && errno != EINVAL)
        r = -errno;
    return r;
}
