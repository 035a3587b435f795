/* Escaping of log values. The output is ASCII and well-formed UTF-8 only, without control
 * characters. */
#include "node/log_escape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    REPLACEMENT = 0xfffd, /* Unicode's mark for what can't be read */
    ESCAPE_SIZE = 16,
};

struct character {
    uint32_t code;
    size_t size; /* bytes read */
};

static bool is_continuation(struct slice text, size_t at)
{
    return at < text.size && ((unsigned char)text.data[at] & 0xc0) == 0x80;
}

/* Reads one character (RFC 3629); one bad byte gives REPLACEMENT. */
static struct character read_character(struct slice text)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const struct character bad = {.code = REPLACEMENT, .size = 1};
    const unsigned char first = (unsigned char)text.data[0];
    if (first < 0x80)
        return (struct character){.code = first, .size = 1};
    const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4)
        return bad;
    uint32_t code = first & (0xffU >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if (!is_continuation(text, i))
            return bad;
        code = code << 6 | ((unsigned char)text.data[i] & 0x3fU);
    }
    if (code < smallest[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return bad;
    return (struct character){.code = code, .size = size};
}

/* Characters that move, hide or reorder text. */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xfeff;
}

static bool is_bare(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\' || c == '#')
            return false;
    }
    return text.size > 0;
}

static void put_escaped(struct slice text, struct character character, struct bytes_out *out)
{
    char escape[ESCAPE_SIZE];
    const bool command = slice_starts_with(text, slice_of("##["));
    if (is_control(character.code) || character.code == REPLACEMENT || command) {
        snprintf(escape, sizeof escape, "\\u%04x", (unsigned)character.code);
        bytes_put(out, escape, strlen(escape));
        return;
    }
    if (character.code == '"' || character.code == '\\')
        bytes_put(out, "\\", 1);
    bytes_put(out, text.data, character.size);
}

void node_log_escape_put(struct slice text, bool json, struct bytes_out *out)
{
    if (!json && is_bare(text)) {
        bytes_put(out, text.data, text.size);
        return;
    }
    bytes_put(out, "\"", 1);
    while (text.size > 0) {
        const struct character character = read_character(text);
        put_escaped(text, character, out);
        text = slice_skip(text, character.size);
    }
    bytes_put(out, "\"", 1);
}
