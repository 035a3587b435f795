/* A data file that is larger than it may be, because the limit was lowered: the least recently used
 * records go, and the rest is rewritten without the unused pages. */
#ifndef STORE_SHRINK_H
#define STORE_SHRINK_H

#include <stdint.h>

#include "base/check.h"
#include "store/store.h"

/* Before the store is opened with these options; nothing happens when there is no need. *evictions
 * and *quarantines grow by what it took. Errors as store_open; the file is then still the old one.
 */
int store_shrink_file(const struct store_options *options, uint64_t *evictions,
                      uint64_t *quarantines) MUST_CHECK;

#endif
