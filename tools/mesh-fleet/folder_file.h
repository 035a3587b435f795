/* Private files in the fleet's folder: written whole or not at all, read only when no other user
 * could have had a hand in them. */
#ifndef FLEET_FOLDER_FILE_H
#define FLEET_FOLDER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

/* Makes the folder and its missing parents, each 0700. Negative errno of mkdir(2). */
int folder_file_make_folder(const char *path) MUST_CHECK;

/* Opens the folder and waits until no other mesh-fleet works in it; closing lets go. -EPERM when
 * others could change what is inside; else the errno of the call that failed. */
int folder_file_open_folder(const char *path, int *ret_folder) MUST_CHECK;

/* Reads at most max bytes. -EPERM: of another user, open to others, or no regular file; -EFBIG
 * beyond max; else the errno of the call that failed. */
int folder_file_read(int folder, const char *name, void *ret, size_t max,
                     size_t *ret_size) MUST_CHECK;

/* Puts a file of mode 0600 in place, on disk when it returns. The folder is locked by the caller.
 * If it must be new, one that is there stays: -EEXIST. */
int folder_file_write(int folder, const char *name, const void *data, size_t size,
                      bool is_new) MUST_CHECK;

#endif
