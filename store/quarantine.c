/* Numbers rise, so the oldest of the set-aside files is the one with the lowest. */
#include "store/quarantine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/slice.h"
#include "store/limits.h"

struct census {
    uint64_t count, lowest, highest;
};

/* Whether the file is a set-aside one, and its number. */
static bool number_of(const char *file, const char *name, uint64_t *ret_number)
{
    const struct slice marker = slice_of(".bad-");
    struct slice rest = slice_of(file);
    if (!slice_starts_with(rest, slice_of(name)))
        return false;
    rest = slice_skip(rest, strlen(name));
    return slice_starts_with(rest, marker) &&
           slice_to_u64(slice_skip(rest, marker.size), UINT32_MAX, ret_number);
}

static int count(const char *dir, const char *name, struct census *ret_census)
{
    struct census census = {0};
    DIR *entries = opendir(dir);
    if (!entries)
        return -errno;
    const struct dirent *entry;
    while ((entry = readdir(entries))) {
        uint64_t number;
        if (!number_of(entry->d_name, name, &number))
            continue;
        if (census.count++ == 0 || number < census.lowest)
            census.lowest = number;
        if (number > census.highest)
            census.highest = number;
    }
    closedir(entries);
    *ret_census = census;
    return 0;
}

static int path_of(const char *dir, const char *name, uint64_t number, char *ret, size_t ret_size)
{
    int n = snprintf(ret, ret_size, "%s/%s.bad-%" PRIu64, dir, name, number);
    return n >= 0 && (size_t)n < ret_size ? 0 : -ENAMETOOLONG;
}

static int remove_oldest(const char *dir, const char *name, uint64_t number)
{
    char path[STORE_PATH_MAX];
    int r = path_of(dir, name, number, path, sizeof path);
    if (r == 0 && unlink(path) != 0)
        r = -errno;
    return r;
}

int store_quarantine_file(const char *dir, const char *name)
{
    char from[STORE_PATH_MAX], to[STORE_PATH_MAX];
    struct census census = {0};
    int r = count(dir, name, &census);
    while (r == 0 && census.count >= STORE_QUARANTINES_MAX) {
        r = remove_oldest(dir, name, census.lowest);
        if (r == 0)
            r = count(dir, name, &census);
    }
    if (r == 0)
        r = path_of(dir, name, census.highest + 1, to, sizeof to);
    if (r == 0 && snprintf(from, sizeof from, "%s/%s", dir, name) >= (int)sizeof from)
        r = -ENAMETOOLONG;
    if (r == 0 && rename(from, to) != 0)
        r = -errno;
    return r;
}
