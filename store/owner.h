/* The folder and the right to it: one process at a time, for as long as it lives. */
#ifndef STORE_OWNER_H
#define STORE_OWNER_H

#include <stdbool.h>

#include "base/check.h"

/* Makes the folder with mode 0700 when it is absent. -errno of the file system. */
int store_owner_make_dir(const char *dir) MUST_CHECK;

/* Locks the file "lock" in the folder, made with mode 0600 when absent. -EBUSY when another owner
 * has it; -errno of the file system. The lock goes with the descriptor or the process. */
int store_owner_take(const char *dir, int *ret_fd) MUST_CHECK;

/* Whether the folder still holds the file that was locked. */
bool store_owner_is_ours(const char *dir, int fd);

/* Unlocks; -1 is fine. */
void store_owner_leave(int *fd_p);

#endif
