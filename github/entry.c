/* The meta block: a fixed head, the key text, then the kept fields, each named by its row in
 * kept_headers.def. Integers are big-endian. What encode would not write, decode refuses. */
#include "github/entry.h"

#include <errno.h>

#include "base/bytes.h"

enum {
    ENTRY_VERSION = 1,
    ENTRY_FLAGS = GITHUB_ENTRY_PORTABLE | GITHUB_ENTRY_FULL_PAGE | GITHUB_ENTRY_COMPLETED |
                  GITHUB_ENTRY_ANONYMOUS,
    ENTRY_VARY = GITHUB_VARY_ALL,
};

static const char *const kept[] = {
#define GITHUB_KEPT_HEADER(name) name,
#include "github/kept_headers.def"
#undef GITHUB_KEPT_HEADER
};

enum { KEPT_COUNT = sizeof kept / sizeof kept[0] };

_Static_assert(KEPT_COUNT <= UINT8_MAX, "a row's number is one byte");
_Static_assert(GITHUB_HEADERS_MAX <= UINT8_MAX, "so is the number of fields");
_Static_assert(GITHUB_HEADER_VALUE_MAX <= UINT16_MAX, "a value's length is two bytes");
_Static_assert(GITHUB_KEY_TEXT_MAX <= UINT16_MAX, "so is the text's");

/* The row of a field name, KEPT_COUNT for none. */
static size_t row_of(struct slice name)
{
    size_t row = 0;
    while (row < KEPT_COUNT && !slice_equals_nocase(name, slice_of(kept[row])))
        row++;
    return row;
}

const char *github_entry_keeps(struct slice name)
{
    const size_t row = row_of(name);
    return row < KEPT_COUNT ? kept[row] : NULL;
}

/* A value that could break out of its line is not a field's value (RFC 9110, 5.5). */
static bool is_field_value(struct slice value)
{
    for (size_t i = 0; i < value.size; i++) {
        const unsigned char c = (unsigned char)value.data[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool is_kept(const struct github_header *header)
{
    return row_of(header->name) < KEPT_COUNT && is_field_value(header->value);
}

static bool is_status(unsigned status)
{
    return status == 200 || status == 301 || status == 308;
}

/* Far from the ends of the type, so that ages are differences that can't overflow. */
static bool is_time(int64_t ms)
{
    return ms >= 0 && ms <= GITHUB_ENTRY_TIME_MAX_MS;
}

static bool is_sound(const struct github_entry *entry)
{
    return is_status(entry->status) && (entry->flags & ~ENTRY_FLAGS) == 0 &&
           (entry->vary & ~ENTRY_VARY) == 0 && is_time(entry->validated_ms) &&
           is_time(entry->fetched_ms) && entry->text.size <= GITHUB_KEY_TEXT_MAX;
}

unsigned github_entry_vary(const struct github_entry *entry, bool is_anonymous)
{
    const bool is_foreign = (entry->flags & GITHUB_ENTRY_ANONYMOUS) && !is_anonymous;
    return is_foreign ? entry->vary | GITHUB_VARY_AUTHORIZATION : entry->vary;
}

static void put(struct buffer *out, uint64_t value, size_t size)
{
    for (size_t i = size; i > 0; i--)
        buffer_put_char(out, (char)(value >> (8 * (i - 1))));
}

static void put_text(struct buffer *out, struct slice text)
{
    put(out, text.size, 2);
    buffer_put_slice(out, text);
}

static size_t count_kept(const struct github_headers *headers)
{
    size_t count = 0;
    for (size_t i = 0; i < headers->count; i++)
        count += is_kept(&headers->list[i]);
    return count;
}

int github_entry_encode(const struct github_entry *entry, struct buffer *out)
{
    CHECK(is_sound(entry));
    put(out, ENTRY_VERSION, 1);
    put(out, entry->status, 2);
    put(out, entry->flags, 2);
    put(out, entry->vary, 1);
    put(out, entry->contradictions, 1);
    put(out, entry->ttl_s, 4);
    put(out, (uint64_t)entry->validated_ms, 8);
    put(out, (uint64_t)entry->fetched_ms, 8);
    put_text(out, entry->text);
    put(out, count_kept(&entry->headers), 1);
    for (size_t i = 0; i < entry->headers.count; i++) {
        const struct github_header *header = &entry->headers.list[i];
        if (!is_kept(header))
            continue;
        put(out, row_of(header->name), 1);
        put_text(out, header->value);
    }
    return out->error;
}

static struct slice read_text(struct bytes_in *in)
{
    const size_t size = bytes_read_u16(in);
    const struct slice text = {.data = (const char *)bytes_read(in, size), .size = size};
    const struct slice none = {.data = NULL, .size = 0};
    return text.data ? text : none;
}

static int read_header(struct bytes_in *in, struct github_headers *headers)
{
    const size_t row = bytes_read_u8(in);
    const struct slice value = read_text(in);
    if (in->failed || row >= KEPT_COUNT || !is_field_value(value))
        return -EBADMSG;
    return github_headers_borrow(headers, slice_of(kept[row]), value) == 0 ? 0 : -EBADMSG;
}

static int read_headers(struct bytes_in *in, struct github_headers *headers)
{
    int r = 0;
    github_headers_init(headers);
    for (size_t count = bytes_read_u8(in); count > 0 && r == 0; count--)
        r = read_header(in, headers);
    return r;
}

int github_entry_decode(const void *data, size_t size, struct github_entry *ret_entry)
{
    struct bytes_in in = bytes_in_over(data, size);
    if (bytes_read_u8(&in) != ENTRY_VERSION)
        return -EBADMSG;
    ret_entry->status = bytes_read_u16(&in);
    ret_entry->flags = bytes_read_u16(&in);
    ret_entry->vary = bytes_read_u8(&in);
    ret_entry->contradictions = bytes_read_u8(&in);
    ret_entry->ttl_s = bytes_read_u32(&in);
    ret_entry->validated_ms = (int64_t)bytes_read_u64(&in);
    ret_entry->fetched_ms = (int64_t)bytes_read_u64(&in);
    ret_entry->text = read_text(&in);
    if (in.failed || !is_sound(ret_entry))
        return -EBADMSG;
    const int r = read_headers(&in, &ret_entry->headers);
    return r == 0 && !in.failed && in.at == in.end ? 0 : -EBADMSG;
}
