/* One file with 32 secret random bytes that only its user may read. */
#ifndef NODE_KEY_FILE_H
#define NODE_KEY_FILE_H

#include <stdint.h>

#include "base/check.h"

enum { NODE_KEY_FILE_SIZE = 32 }; /* bytes */

/* Reads the key at path, or makes it if it is absent: of several that make it at once, in whatever
 * process, one wins and all read its key. Its folder must exist. -EPERM: belongs to another user,
 * or group or others have any permission, or no regular file; -EBADMSG: not of the right size; else
 * the errno of the call that failed. */
int node_key_file_load(const char *path, uint8_t ret_key[static NODE_KEY_FILE_SIZE]) MUST_CHECK;

#endif
