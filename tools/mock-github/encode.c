/* Codings of bodies. */
#include "encode.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

enum {
    GZIP_WINDOW = 15 + 16, /* zlib: 16 asks for a gzip header */
    GZIP_LEVEL = 1,
    GZIP_MEMORY = 8,
    CHUNK_SIZE = 64 * 1024
};

bool mock_encode_wants_pretty(const char *user_agent)
{
    static const char *const people[] = {"curl", "Wget", "Safari", "Firefox"};
    for (size_t i = 0; user_agent && i < sizeof people / sizeof *people; i++)
        if (strstr(user_agent, people[i]))
            return true;
    return false;
}

static void put_line(struct buffer *out, size_t depth)
{
    buffer_put_char(out, '\n');
    for (size_t i = 0; i < depth; i++)
        buffer_put_text(out, "  ");
}

/* Length of the string that begins at text, quotes included. */
static size_t string_size(struct slice text)
{
    size_t at = 1;
    while (at < text.size && text.data[at] != '"')
        at += text.data[at] == '\\' ? 2 : 1;
    return at + 1 < text.size ? at + 1 : text.size;
}

void mock_encode_pretty(struct slice json, struct buffer *out)
{
    size_t depth = 0;
    while (json.size) {
        const char c = json.data[0];
        const bool is_open = c == '{' || c == '[', is_close = c == '}' || c == ']';
        const bool is_empty =
            is_open && json.size > 1 && (json.data[1] == '}' || json.data[1] == ']');
        size_t size = 1;
        if (is_close)
            put_line(out, depth ? --depth : 0);
        if (c == '"')
            size = string_size(json);
        else if (is_empty)
            size = 2;
        buffer_put(out, json.data, size);
        if (c == ':')
            buffer_put_char(out, ' ');
        else if (c == ',')
            put_line(out, depth);
        else if (is_open && !is_empty)
            put_line(out, ++depth);
        json = slice_skip(json, size);
    }
    buffer_put_char(out, '\n');
}

bool mock_encode_wants_gzip(const char *accept_encoding)
{
    struct slice rest = slice_of(accept_encoding);
    while (rest.data) {
        struct slice quality = slice_trim(slice_next(&rest, ','));
        const struct slice coding = slice_trim(slice_next(&quality, ';'));
        if (!slice_equals_nocase(coding, slice_of("gzip")) && !slice_equals(coding, slice_of("*")))
            continue;
        quality = slice_trim(quality);
        return !slice_equals(quality, slice_of("q=0")) && !slice_equals(quality, slice_of("q=0.0"));
    }
    return false;
}

int mock_encode_gzip(struct slice data, struct buffer *out)
{
    unsigned char chunk[CHUNK_SIZE];
    z_stream stream = {.next_in = (z_const Bytef *)data.data, .avail_in = (uInt)data.size};
    int r =
        deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY);
    if (r != Z_OK)
        return -ENOMEM;
    do {
        stream.next_out = chunk;
        stream.avail_out = sizeof chunk;
        r = deflate(&stream, Z_FINISH);
        buffer_put(out, chunk, sizeof chunk - stream.avail_out);
    } while (r == Z_OK || (r == Z_BUF_ERROR && stream.avail_out == 0));
    deflateEnd(&stream);
    return r == Z_STREAM_END ? out->error : -ENOMEM;
}
