/* The check of a data file before LMDB may open it, in a child process: reading a truncated or
 * failing file through its mapping can end a process, and must not end ours. */
#ifndef STORE_PROBE_H
#define STORE_PROBE_H

#include <stddef.h>

#include "base/check.h"

/* 0 when the file is sound, -EUCLEAN when it is not or the child died over it, -ENOENT when there
 * is none, else -errno for want of a process or a pipe. With -EUCLEAN, ret_problem gets a text. */
int store_probe_file(const char *path, char *ret_problem, size_t problem_size) MUST_CHECK;

#endif
