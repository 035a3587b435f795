/* Finds and moves addresses. Works on bytes: nothing is parsed that is not rewritten, and what is
 * not rewritten comes out as it went in. */
#include "github/link.h"

#include <string.h>

/* One link-value of RFC 8288, 3: "<target>; parameters". */
struct link_value {
    struct slice target, parameters;
};

static size_t index_of(struct slice text, char c)
{
    const char *at = text.size ? memchr(text.data, c, text.size) : NULL;
    return at ? (size_t)(at - text.data) : text.size;
}

/* Bytes up to c, or to the end, that are outside of quoted strings. */
static size_t size_before(struct slice text, char c)
{
    bool is_quoted = false;
    size_t at = 0;
    for (; at < text.size && (is_quoted || text.data[at] != c); at++) {
        if (text.data[at] == '"')
            is_quoted = !is_quoted;
        else if (is_quoted && text.data[at] == '\\' && at + 1 < text.size)
            at++;
    }
    return at;
}

/* Takes the next link-value with the comma behind it; false where none is left or the text is none.
 * The bytes between *rest and the target are left to the caller. */
static bool next_value(struct slice *rest, struct link_value *ret_value)
{
    struct slice at = *rest;
    while (at.size > 0 && (at.data[0] == ',' || at.data[0] == ' ' || at.data[0] == '\t'))
        at = slice_skip(at, 1);
    if (at.size == 0 || at.data[0] != '<')
        return false;
    struct slice target = slice_skip(at, 1);
    const size_t size = index_of(target, '>');
    if (size == target.size)
        return false;
    struct slice parameters = slice_skip(target, size + 1);
    target.size = size;
    parameters.size = size_before(parameters, ',');
    *rest = slice_skip(*rest, (size_t)(parameters.data + parameters.size - rest->data) + 1);
    ret_value->target = target;
    ret_value->parameters = parameters;
    return true;
}

static struct slice unquote(struct slice value)
{
    if (value.size < 2 || value.data[0] != '"' || value.data[value.size - 1] != '"')
        return value;
    value = slice_skip(value, 1);
    value.size--;
    return value;
}

/* RFC 8288, 3.3: one "rel" counts, the first; it may name several relations. */
static bool has_relation(struct slice parameters, struct slice relation)
{
    while (parameters.size > 0) {
        struct slice value = parameters;
        value.size = size_before(parameters, ';');
        parameters = slice_skip(parameters, value.size + 1);
        const struct slice name = slice_trim(slice_next(&value, '='));
        if (!slice_equals_nocase(name, slice_of("rel")))
            continue;
        for (struct slice names = unquote(slice_trim(value)); names.data;)
            if (slice_equals_nocase(slice_next(&names, ' '), relation))
                return true;
        return false;
    }
    return false;
}

struct slice github_link_find(struct slice link, struct slice relation)
{
    struct link_value value;
    while (next_value(&link, &value))
        if (has_relation(value.parameters, relation))
            return value.target;
    const struct slice none = {.data = NULL, .size = 0};
    return none;
}

static bool is_below(struct slice url, struct slice upstream)
{
    return slice_starts_with(url, upstream) &&
           (url.size == upstream.size || url.data[upstream.size] == '/' ||
            url.data[upstream.size] == '?');
}

void github_link_rewrite_url(struct slice url, struct slice upstream, struct slice base,
                             struct buffer *out)
{
    if (is_below(url, upstream)) {
        buffer_put_slice(out, base);
        url = slice_skip(url, upstream.size);
    }
    buffer_put_slice(out, url);
}

void github_link_rewrite(struct slice link, struct slice upstream, struct slice base,
                         struct buffer *out)
{
    struct link_value value;
    struct slice rest = link;
    while (next_value(&rest, &value)) {
        const struct slice before = {.data = link.data,
                                     .size = (size_t)(value.target.data - link.data)};
        buffer_put_slice(out, before);
        github_link_rewrite_url(value.target, upstream, base, out);
        link = slice_skip(link, before.size + value.target.size);
    }
    buffer_put_slice(out, link);
}

/* Whether the quote at `at` opens a string that is an address below upstream. In JSON a quote after
 * a backslash opens nothing: it is part of a string, or ends one. */
static bool opens_address(struct slice body, size_t at, struct slice upstream)
{
    const struct slice text = slice_skip(body, at + 1);
    if ((at > 0 && body.data[at - 1] == '\\') || !slice_starts_with(text, upstream) ||
        text.size == upstream.size)
        return false;
    const char next = text.data[upstream.size];
    return next == '/' || next == '?' || next == '{' || next == '"';
}

void github_link_rewrite_body(struct slice body, struct slice upstream, struct slice base,
                              struct buffer *out)
{
    size_t done = 0;
    const char *found = upstream.size ? body.data : NULL;
    for (; found; found++) {
        const struct slice rest = slice_skip(body, (size_t)(found - body.data));
        found = rest.size ? memmem(rest.data, rest.size, upstream.data, upstream.size) : NULL;
        if (!found)
            break;
        const size_t at = (size_t)(found - body.data);
        if (at == 0 || body.data[at - 1] != '"' || !opens_address(body, at - 1, upstream))
            continue;
        const struct slice before = {.data = body.data + done, .size = at - done};
        buffer_put_slice(out, before);
        buffer_put_slice(out, base);
        done = at + upstream.size;
    }
    buffer_put_slice(out, slice_skip(body, done));
}

uint64_t github_link_parameter(struct slice query, const char *name, uint64_t fallback)
{
    uint64_t found = fallback;
    while (query.data) {
        struct slice value = slice_next(&query, '&');
        const struct slice parameter = slice_next(&value, '=');
        if (!slice_equals(parameter, slice_of(name)))
            continue;
        found = fallback; /* of several, GitHub takes the last */
        if (value.data)
            (void)slice_to_u64(value, UINT64_MAX, &found);
    }
    return found;
}

void github_link_set_page(struct slice path, struct slice query, uint64_t page, struct buffer *out)
{
    char separator = '?';
    bool is_set = false;
    buffer_put_slice(out, path);
    while (query.size > 0) {
        const struct slice parameter = slice_next(&query, '&');
        struct slice value = parameter;
        const bool is_page = slice_equals(slice_next(&value, '='), slice_of("page"));
        buffer_put_char(out, separator);
        if (is_page)
            buffer_put_format(out, "page=%llu", (unsigned long long)page);
        else
            buffer_put_slice(out, parameter);
        is_set = is_set || is_page;
        separator = '&';
    }
    if (!is_set)
        buffer_put_format(out, "%cpage=%llu", separator, (unsigned long long)page);
}

/* The path of an address without its query; a path is one already. */
static struct slice path_of(struct slice url)
{
    const struct slice schemes[] = {slice_of("http://"), slice_of("https://")};
    const struct slice bare = slice_next(&url, '?');
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (!slice_starts_with(bare, schemes[i]))
            continue;
        const struct slice host = slice_skip(bare, schemes[i].size);
        return slice_skip(host, index_of(host, '/'));
    }
    return bare;
}

uint64_t github_link_repository_id(struct slice url_or_path)
{
    const struct slice prefix = slice_of("/repositories/");
    const struct slice path = path_of(url_or_path);
    uint64_t id = 0;
    if (!slice_starts_with(path, prefix))
        return 0;
    struct slice rest = slice_skip(path, prefix.size);
    return slice_to_u64(slice_next(&rest, '/'), UINT64_MAX, &id) ? id : 0;
}
