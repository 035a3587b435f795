/* The meta block of the store: whatever decodes is exactly what encode would write. */
#include "fuzz.h"

#include <string.h>

#include "base/check.h"
#include "github/entry.h"

enum { BLOCK_MAX = 1024 * 1024 };

static void check_header(const struct github_header *header)
{
    const char *name = github_entry_keeps(header->name);
    CHECK(name && slice_equals(header->name, slice_of(name)));
    for (size_t i = 0; i < header->value.size; i++)
        CHECK(header->value.data[i] != '\n' && header->value.data[i] != '\r');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct github_entry entry;
    struct buffer block;
    if (github_entry_decode(data, size, &entry) != 0)
        return 0;
    CHECK(entry.status == 200 || entry.status == 301 || entry.status == 308);
    CHECK(entry.headers.count <= GITHUB_HEADERS_MAX);
    for (size_t i = 0; i < entry.headers.count; i++)
        check_header(&entry.headers.list[i]);
    buffer_init(&block, BLOCK_MAX);
    CHECK(github_entry_encode(&entry, &block) == 0);
    CHECK(block.size == size && memcmp(block.data, data, size) == 0);
    buffer_done(&block);
    return 0;
}
