/* Parameters of addresses: what is decoded has no zero byte, is no longer than what was sent, and
 * is the same however it is escaped. */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#include "base/check.h"
#include "node/query.h"

enum { VALUE_MAX = 64 * 1024 };

/* Writes the value with every byte escaped, and reads it again. */
static void check_again(struct slice value)
{
    struct buffer query, again;
    buffer_init(&query, 4 * VALUE_MAX);
    buffer_init(&again, VALUE_MAX);
    buffer_put_text(&query, "y=1&x=");
    for (size_t i = 0; i < value.size; i++)
        buffer_put_format(&query, "%%%02X", (unsigned)(uint8_t)value.data[i]);
    CHECK(!query.error);
    const int r = node_query_find(buffer_slice(&query), "x", &again);
    CHECK(r == 0);
    CHECK(slice_equals(buffer_slice(&again), value));
    buffer_done(&query);
    buffer_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice query = {.data = (const char *)data, .size = size};
    struct buffer value;
    buffer_init(&value, VALUE_MAX);
    const int r = node_query_find(query, "x", &value);
    CHECK(r == 0 || r == -ENOENT || r == -EBADMSG);
    CHECK(value.size <= size);
    CHECK(r != -ENOENT || value.size == 0);
    CHECK(value.size == 0 || !memchr(value.data, '\0', value.size));
    if (r == 0 && !value.error)
        check_again(buffer_slice(&value));
    buffer_done(&value);
    return 0;
}
