/* Names a request. Two requests share an entry exactly when the texts made here are equal. */
#include "github/key.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"

struct parameters {
    struct slice list[GITHUB_QUERY_PARAMETERS_MAX];
    size_t count;
};

static struct slice name_of(struct slice parameter)
{
    return slice_next(&parameter, '=');
}

/* Bytewise, a shorter name first. */
static bool is_before(struct slice left, struct slice right)
{
    const struct slice a = name_of(left), b = name_of(right);
    const size_t shared = a.size < b.size ? a.size : b.size;
    const int order = shared ? memcmp(a.data, b.data, shared) : 0;
    return order < 0 || (order == 0 && a.size < b.size);
}

/* Keeps the list sorted and parameters of one name in the order in which they came. */
static void insert(struct parameters *self, struct slice parameter)
{
    size_t at = self->count++;
    for (; at > 0 && is_before(parameter, self->list[at - 1]); at--)
        self->list[at] = self->list[at - 1];
    self->list[at] = parameter;
}

static int sort(struct slice query, struct parameters *ret)
{
    ret->count = 0;
    for (struct slice rest = query; rest.data;) {
        if (ret->count == GITHUB_QUERY_PARAMETERS_MAX)
            return -EMSGSIZE;
        insert(ret, slice_next(&rest, '&'));
    }
    return 0;
}

int github_key_write(const struct github_key_parts *parts, struct buffer *text)
{
    struct parameters parameters;
    const int r = sort(parts->query, &parameters);
    if (r < 0)
        return r;
    buffer_put_slice(text, parts->upstream);
    buffer_put_slice(text, parts->path);
    for (size_t i = 0; i < parameters.count; i++) {
        buffer_put_char(text, i == 0 ? '?' : '&');
        buffer_put_slice(text, parameters.list[i]);
    }
    buffer_put_char(text, '\n');
    buffer_put_slice(text, parts->representation);
    buffer_put_char(text, '\n');
    buffer_put_slice(text, parts->api_version);
    return 0;
}

void github_key_hash(struct slice text, const uint8_t *secret, uint8_t ret[static GITHUB_KEY_SIZE])
{
    hash_of(secret, text.data, text.size, ret, GITHUB_KEY_SIZE);
}

void github_key_bind(const uint8_t key[static GITHUB_KEY_SIZE],
                     const uint8_t token_id[static GITHUB_TOKEN_ID_SIZE],
                     uint8_t ret[static GITHUB_KEY_SIZE])
{
    struct hash hash;
    hash_start(&hash, key, GITHUB_KEY_SIZE);
    hash_add_text(&hash, slice_of("token"));
    hash_add(&hash, token_id, GITHUB_TOKEN_ID_SIZE);
    hash_finish(&hash, ret, GITHUB_KEY_SIZE);
}

struct slice github_key_target(struct slice text, struct slice upstream)
{
    struct slice rest = {.data = NULL, .size = 0};
    if (slice_starts_with(text, upstream))
        rest = slice_skip(text, upstream.size);
    return slice_next(&rest, '\n');
}
