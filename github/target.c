/* Refuses what two readers could understand differently, and cuts the rest at its borders. Decodes
 * nothing and moves no byte: what goes upstream is what the client sent. */
#include "github/target.h"

#include <errno.h>

#include "base/hex.h"
#include "github/limits.h"

enum {
    ESCAPE_SIZE = 3, /* "%2e" */
    BYTE_DELETE = 0x7f,
};

static const char api_v3[] = "/api/v3";
static const char api_graphql[] = "/api/graphql";

/* The byte at the front of text, its escape decoded; *ret_size is what it takes there. -1 for a
 * malformed escape. */
static int first_byte(struct slice text, size_t *ret_size)
{
    *ret_size = 1;
    if (text.data[0] != '%')
        return (unsigned char)text.data[0];
    uint8_t byte;
    const struct slice digits = {.data = text.data + 1, .size = ESCAPE_SIZE - 1};
    if (text.size < ESCAPE_SIZE || hex_decode(digits, &byte, sizeof byte) < 0)
        return -1;
    *ret_size = ESCAPE_SIZE;
    return byte;
}

static bool is_control(int byte)
{
    return byte < ' ' || byte == BYTE_DELETE;
}

/* RFC 9112, 3.2: only visible ASCII, no fragment. */
static bool is_clean(struct slice raw)
{
    size_t size;
    for (struct slice rest = raw; rest.size > 0; rest = slice_skip(rest, size)) {
        const unsigned char c = (unsigned char)rest.data[0];
        if (c <= ' ' || c >= BYTE_DELETE || c == '\\' || c == '#' || first_byte(rest, &size) < 0)
            return false;
    }
    return true;
}

/* Whether text, its escapes decoded, is "." or "..". */
static bool is_dots(struct slice text)
{
    size_t dots = 0, size;
    for (struct slice rest = text; rest.size > 0; rest = slice_skip(rest, size), dots++)
        if (first_byte(rest, &size) != '.')
            return false;
    return dots == 1 || dots == 2;
}

/* An escaped slash stays what it is, but it hides no "..": whoever decodes it later sees one. */
static bool is_clean_path(struct slice path)
{
    struct slice segment = {.data = path.data, .size = 0};
    size_t size;
    for (struct slice rest = path; rest.size > 0; rest = slice_skip(rest, size)) {
        const int byte = first_byte(rest, &size);
        if (is_control(byte) || byte == '\\')
            return false;
        if (byte != '/') {
            segment.size += size;
            continue;
        }
        if (is_dots(segment))
            return false;
        segment.data = rest.data + size;
        segment.size = 0;
    }
    return !is_dots(segment);
}

/* Takes "http://host" or "https://host" off the front of *raw. */
static int take_authority(struct slice *raw, struct slice *ret_host)
{
    const struct slice schemes[] = {slice_of("http://"), slice_of("https://")};
    ret_host->data = NULL;
    ret_host->size = 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        const struct slice front = {.data = raw->data, .size = schemes[i].size};
        if (raw->size < front.size || !slice_equals_nocase(front, schemes[i]))
            continue;
        struct slice host = slice_skip(*raw, front.size);
        size_t size = 0;
        while (size < host.size && host.data[size] != '/' && host.data[size] != '?') {
            /* RFC 9110, 4.2.4: credentials in an address are an attempt to mislead. */
            if (host.data[size++] == '@')
                return -EBADMSG;
        }
        *raw = slice_skip(host, size);
        host.size = size;
        *ret_host = host;
        return size > 0 ? 0 : -EBADMSG;
    }
    return 0;
}

static void strip_api(struct github_target *target)
{
    const struct slice prefix = slice_of(api_v3);
    if (slice_equals(target->path, slice_of(api_graphql))) {
        target->path = slice_of("/graphql");
    } else if (slice_equals(target->path, prefix)) {
        target->path.size = 1; /* its own first slash */
        target->api_v3 = true;
    } else if (slice_starts_with(target->path, prefix) && target->path.data[prefix.size] == '/') {
        target->path = slice_skip(target->path, prefix.size);
        target->api_v3 = true;
    }
}

int github_target_parse(struct slice raw, struct github_target *ret_target, struct slice *ret_host)
{
    struct github_target target = {.api_v3 = false};
    struct slice host, rest = raw;
    if (raw.size > GITHUB_TARGET_MAX)
        return -EMSGSIZE;
    if (!is_clean(raw))
        return -EBADMSG;
    const int r = take_authority(&rest, &host);
    if (r < 0)
        return r;

    target.query = rest;
    target.path = slice_next(&target.query, '?');
    if (host.size > 0 && target.path.size == 0)
        target.path = slice_of("/"); /* RFC 9110, 4.2.3 */
    if (!slice_starts_with(target.path, slice_of("/")) || !is_clean_path(target.path))
        return -EBADMSG;
    strip_api(&target);
    *ret_target = target;
    *ret_host = host;
    return 0;
}
