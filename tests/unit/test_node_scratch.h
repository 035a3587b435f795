/* What tests of node/ with files share: a scratch folder that goes with all that is in it, and a
 * log whose lines can be read. */
#ifndef TESTS_UNIT_TEST_NODE_SCRATCH_H
#define TESTS_UNIT_TEST_NODE_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/log.h"

enum {
    SCRATCH_PATH_SIZE = 256,
    SCRATCH_LOG_SIZE = 16 * 1024,
    SCRATCH_DEPTH = 16,
    SCRATCH_LOG_FD = 50
};

struct scratch {
    char folder[64];
    char path[SCRATCH_PATH_SIZE];
    struct node_log *log;
    int log_fd;
    char logged[SCRATCH_LOG_SIZE];
};

static inline int scratch_setup(void **state)
{
    struct scratch *self = test_calloc(1, sizeof *self);
    snprintf(self->folder, sizeof self->folder, "/tmp/runmesh-unit-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    const int fd = open("/tmp", O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    /* Out of the way of tests that need certain low descriptors. */
    self->log_fd = fcntl(fd, F_DUPFD_CLOEXEC, SCRATCH_LOG_FD);
    assert_true(self->log_fd >= 0);
    close(fd);
    const struct node_log_options options = {.fd = self->log_fd, .level = NODE_LOG_DEBUG};
    assert_int_equal(node_log_new(&options, &self->log), 0);
    *state = self;
    return 0;
}

static inline int scratch_remove(const char *path, const struct stat *status, int kind,
                                 struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline int scratch_teardown(void **state)
{
    struct scratch *self = *state;
    nftw(self->folder, scratch_remove, SCRATCH_DEPTH, FTW_DEPTH | FTW_PHYS);
    node_log_destroy(&self->log);
    close(self->log_fd);
    test_free(self);
    return 0;
}

/* "<folder>/<name>", until the next call. */
static inline const char *scratch_path(struct scratch *self, const char *name)
{
    snprintf(self->path, sizeof self->path, "%s/%s", self->folder, name);
    return self->path;
}

static inline const char *scratch_logged(struct scratch *self)
{
    const ssize_t size = pread(self->log_fd, self->logged, sizeof self->logged - 1, 0);
    assert_true(size >= 0);
    self->logged[size] = '\0';
    return self->logged;
}

static inline mode_t scratch_mode(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static inline void scratch_write(const char *path, const void *data, size_t size, mode_t mode)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, size), size);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

#define SCRATCH_TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)

#endif
