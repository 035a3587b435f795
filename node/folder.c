/* Making and judging folders. What is in them belongs to others. */
#include "node/folder.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 0700 };

static int make_one(const char *path)
{
    struct stat status;
    if (mkdir(path, FOLDER_MODE) == 0)
        return 0;
    const int error = errno;
    /* A parent may be there and yet refuse mkdir (EROFS, EACCES): only absence is a failure. */
    if (stat(path, &status) < 0)
        return -error;
    return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

int node_folder_make(const char *path)
{
    CHECK(path[0] == '/');
    char *part = strdup(path);
    int r = part ? 0 : -ENOMEM;
    for (size_t i = 1; r == 0 && path[i]; i++) {
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

int node_folder_check_private(const char *path)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return -errno;
    if (!S_ISDIR(status.st_mode))
        return -ENOTDIR;
    const bool ours = status.st_uid == geteuid() || status.st_uid == 0;
    const bool writable = (status.st_mode & (S_IWGRP | S_IWOTH)) && !(status.st_mode & S_ISVTX);
    return ours && !writable ? 0 : -EPERM;
}
