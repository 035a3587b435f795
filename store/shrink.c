/* Opens the file under a limit that fits it, removes until the rest fits the new limit well, and
 * has LMDB write a compact copy, which takes the file's place in one step. */
#include "store/shrink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/table.h"

enum {
    FILE_MODE = 0600,
    ROOM_FACTOR = 2,     /* of the old file, for the removals themselves */
    TARGET_PERCENT = 80, /* of the new limit */
    PERCENT = 100,
    REMOVALS_AT_ONCE = 64 /* in one transaction */
};

/* Removes records until the pages in use are few enough. */
static int remove_some(struct store_table *table, uint64_t pages_max, bool *ret_is_done)
{
    bool found = true;
    int r = store_table_begin(table);
    if (r < 0)
        return r;
    for (unsigned i = 0; r == 0 && found && i < REMOVALS_AT_ONCE; i++) {
        found = store_disk_pages_used(table->disk, table->txn) > pages_max;
        if (found)
            r = store_table_evict(table, &found);
    }
    if (r < 0) {
        store_table_abort(table);
        return r;
    }
    *ret_is_done = !found;
    return store_table_commit(table);
}

static int copy(const struct store_disk *disk, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (fd < 0)
        return -errno;
    int r = store_disk_error(mdb_env_copyfd2(disk->env, fd, MDB_CP_COMPACT));
    if (r == 0 && fsync(fd) != 0)
        r = -errno;
    close(fd);
    return r;
}

static int rewrite(struct store_disk *disk, uint64_t bytes_max, uint64_t *evictions)
{
    char path[STORE_PATH_MAX];
    struct store_table table = {.disk = disk};
    const uint64_t pages_max = bytes_max / disk->page_size * TARGET_PERCENT / PERCENT;
    bool is_done = false;
    int r = 0;
    while (r == 0 && !is_done) {
        r = remove_some(&table, pages_max, &is_done);
        *evictions += table.tally.evictions;
    }
    if (r == 0 && snprintf(path, sizeof path, "%s.new", disk->path) >= (int)sizeof path)
        r = -ENAMETOOLONG;
    if (r == 0)
        r = copy(disk, path);
    if (r == 0 && rename(path, disk->path) != 0)
        r = -errno;
    return r;
}

static int file_size(const char *dir, uint64_t *ret_size)
{
    char path[STORE_PATH_MAX];
    struct stat status;
    if (snprintf(path, sizeof path, "%s/data.mdb", dir) >= (int)sizeof path)
        return -ENAMETOOLONG;
    if (stat(path, &status) != 0)
        return -errno;
    *ret_size = (uint64_t)status.st_size;
    return 0;
}

int store_shrink_file(const struct store_options *options, uint64_t *evictions,
                      uint64_t *quarantines)
{
    struct store_disk disk;
    uint64_t size = 0;
    int r = file_size(options->dir, &size);
    if (r < 0 || size <= options->bytes_max)
        return 0; /* what is wrong with the file will show when it is opened */
    r = store_disk_open(&disk, options->dir, size * ROOM_FACTOR);
    if (r < 0)
        return r;
    *quarantines += disk.quarantines;
    r = rewrite(&disk, options->bytes_max, evictions);
    store_disk_close(&disk);
    return r;
}
