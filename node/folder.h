/* Private folders: made with their parents, 0700, and refused when a stranger could change what is
 * inside. */
#ifndef NODE_FOLDER_H
#define NODE_FOLDER_H

#include "base/check.h"

/* Makes the folder and its missing parents, each 0700; one that is there is left as it is. The path
 * is absolute. Negative errno: -ENOTDIR when something else has that name, and mkdir(2)'s. */
int node_folder_make(const char *path) MUST_CHECK;

/* -EPERM when the folder belongs to neither this user nor root, or when group or others may write
 * in it without the sticky bit; -ENOTDIR and stat(2)'s errors otherwise. */
int node_folder_check_private(const char *path) MUST_CHECK;

#endif
