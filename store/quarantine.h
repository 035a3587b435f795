/* Damaged data files: moved aside as data.mdb.bad-N, the newest few kept for whoever wants to look
 * at them. */
#ifndef STORE_QUARANTINE_H
#define STORE_QUARANTINE_H

#include "base/check.h"

/* Renames <dir>/<name> to <dir>/<name>.bad-N, N above all there are, and removes the oldest beyond
 * STORE_QUARANTINES_MAX. -errno of the file system. */
int store_quarantine_file(const char *dir, const char *name) MUST_CHECK;

#endif
