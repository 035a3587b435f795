/* application/x-www-form-urlencoded, reading side. */
#include "node/query.h"

#include <errno.h>

#include "base/hex.h"

static int decode(struct slice value, struct buffer *out)
{
    for (size_t i = 0; i < value.size; i++) {
        uint8_t byte = (uint8_t)value.data[i];
        if (byte == '+') {
            byte = ' ';
        } else if (byte == '%') {
            const struct slice digits = {.data = value.data + i + 1, .size = 2};
            if (value.size - i < 3 || hex_decode(digits, &byte, 1) < 0)
                return -EBADMSG;
            i += 2;
        }
        if (byte == 0)
            return -EBADMSG;
        buffer_put_char(out, (char)byte);
    }
    return 0;
}

int node_query_find(struct slice query, const char *name, struct buffer *out)
{
    while (query.data) {
        struct slice parameter = slice_next(&query, '&');
        const struct slice found = slice_next(&parameter, '=');
        if (slice_equals(found, slice_of(name)))
            return decode(parameter, out);
    }
    return -ENOENT;
}
