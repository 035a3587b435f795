/* Slices over any bytes: parts put together again are the whole, numbers agree with libc, and hex
 * reads back what it writes. */
#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/hex.h"
#include "base/slice.h"

enum { DIGITS_MAX = 40, HEX_MAX = 64 };

/* The first byte is the separator. */
static void split(struct slice text)
{
    const char separator = text.size ? text.data[0] : ',';
    struct slice rest = text;
    size_t size = 0, parts = 0;

    while (rest.data) {
        const struct slice part = slice_next(&rest, separator);
        CHECK(part.size == 0 || !memchr(part.data, separator, part.size));
        size += part.size;
        parts++;
    }
    CHECK(parts == 0 || size + parts - 1 == text.size);
}

static void read_number(struct slice text)
{
    uint64_t value = 0;
    if (text.size > DIGITS_MAX || !slice_to_u64(text, UINT64_MAX, &value))
        return;
    char *copy = slice_copy(text);
    CHECK(copy);
    errno = 0;
    CHECK(strtoumax(copy, NULL, 10) == value && errno == 0);
    free(copy);
}

static void read_hex(struct slice text)
{
    uint8_t data[HEX_MAX], again[HEX_MAX];
    char back[2 * HEX_MAX + 1];
    const size_t size = text.size / 2;
    if (size > HEX_MAX || hex_decode(text, data, size) != 0)
        return;
    hex_encode(data, size, back);
    CHECK(slice_equals_nocase(slice_of(back), text));
    CHECK(hex_decode(slice_of(back), again, size) == 0);
    CHECK(memcmp(data, again, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice text = {.data = (const char *)data, .size = size};
    const struct slice trimmed = slice_trim(text), half = slice_skip(text, size / 2);

    split(text);
    read_number(text);
    read_hex(text);
    CHECK(slice_equals(slice_trim(trimmed), trimmed));
    CHECK(slice_contains_nocase(text, trimmed) && slice_contains_nocase(text, half));
    CHECK(slice_ends_with(text, half));
    return 0;
}
