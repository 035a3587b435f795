/* A body coded for clients that ask for gzip. */
#ifndef NODE_GZIP_H
#define NODE_GZIP_H

#include <stddef.h>

/* A malloc'ed gzip file (RFC 1952) of the bytes, for the caller to free; NULL when memory is short
 * or the result would not be smaller. */
void *node_gzip_make(const void *data, size_t size, size_t *ret_size);

#endif
