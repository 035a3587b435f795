/* A folder of a test's own, gone with all that is in it. */
#ifndef TESTS_UNIT_SCRATCH_DIR_H
#define TESTS_UNIT_SCRATCH_DIR_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { SCRATCH_DIR_SIZE = 64, SCRATCH_DIR_DEPTH = 16 };

struct scratch_dir {
    char path[SCRATCH_DIR_SIZE];
};

/* 0, or -1 with errno. */
static inline int scratch_dir_init(struct scratch_dir *self)
{
    snprintf(self->path, sizeof self->path, "/tmp/runmesh-unit-XXXXXX");
    return mkdtemp(self->path) ? 0 : -1;
}

static inline int scratch_dir_remove(const char *path, const struct stat *status, int kind,
                                     struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void scratch_dir_done(struct scratch_dir *self)
{
    nftw(self->path, scratch_dir_remove, SCRATCH_DIR_DEPTH, FTW_DEPTH | FTW_PHYS);
}

#endif
