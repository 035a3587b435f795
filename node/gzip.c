/* zlib in one call. */
#include "node/gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum {
    LEVEL = 6,
    WINDOW_BITS_GZIP = 15 + 16, /* 16 asks zlib for the gzip wrapper */
    MEMORY_LEVEL = 8,
};

static int deflate_all(const void *data, size_t size, void *out, size_t room, size_t *ret_size)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_BITS_GZIP, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return Z_MEM_ERROR;
    stream.next_in = (z_const Bytef *)(Bytef *)(size_t)data;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    const int result = deflate(&stream, Z_FINISH);
    *ret_size = stream.total_out;
    deflateEnd(&stream);
    return result;
}

void *node_gzip_make(const void *data, size_t size, size_t *ret_size)
{
    if (size > UINT_MAX || size == 0)
        return NULL;
    void *out = malloc(size);
    if (!out)
        return NULL;
    if (deflate_all(data, size, out, size, ret_size) != Z_STREAM_END) {
        free(out);
        return NULL;
    }
    return out;
}
