/* GitHub's ETag recipe, as public clients found it and publish test vectors for, and the comparison
 * of validators. Whether GitHub still follows it is for canary.c to say. */
#include "github/etag.h"

#include <errno.h>
#include <string.h>

#include "base/hex.h"
#include "github/digest.h"

enum {
    ETAG_DIGITS = 2 * GITHUB_ETAG_SIZE,
    ETAG_PARTS_MAX = 5, /* two fields, each with its colon, and the body */
};

static unsigned vary_element(struct slice name)
{
    static const struct {
        const char *name;
        unsigned mask;
    } known[] = {
        {"Accept", GITHUB_VARY_ACCEPT},
        {"Authorization", GITHUB_VARY_AUTHORIZATION},
        {"Cookie", GITHUB_VARY_COOKIE},
        {"*", GITHUB_VARY_ALL | GITHUB_VARY_UNKNOWN_FIELD},
        {"X-GitHub-OTP", 0},         /* requests with it are never answered from the cache */
        {"Accept-Encoding", 0},      /* bodies are kept without coding */
        {"X-Requested-With", 0},     /* GitHub's pages look at it, its API does not */
        {"X-GitHub-Api-Version", 0}, /* part of the key */
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (slice_equals_nocase(name, slice_of(known[i].name)))
            return known[i].mask;
    return GITHUB_VARY_UNKNOWN_FIELD;
}

unsigned github_etag_vary(struct slice vary)
{
    unsigned mask = 0;
    if (slice_is_empty(slice_trim(vary)))
        return GITHUB_VARY_ALL;
    while (vary.data) {
        const struct slice name = slice_trim(slice_next(&vary, ','));
        if (!slice_is_empty(name))
            mask |= vary_element(name);
    }
    return mask;
}

/* Adds "value:"; an absent field adds nothing at all, an empty one its colon. */
static size_t add_field(struct github_digest_part *parts, struct slice value)
{
    if (!value.data)
        return 0;
    parts[0].data = value.data;
    parts[0].size = value.size;
    parts[1].data = ":";
    parts[1].size = 1;
    return 2;
}

void github_etag_compute(const struct github_etag_request *request, struct slice body,
                         uint8_t ret[static GITHUB_ETAG_SIZE])
{
    struct github_digest_part parts[ETAG_PARTS_MAX];
    size_t count = 0;
    if (request->vary & GITHUB_VARY_ACCEPT)
        count += add_field(parts + count, request->accept);
    if (request->vary & GITHUB_VARY_AUTHORIZATION)
        count += add_field(parts + count, request->authorization);
    /* Requests with a Cookie bypass the cache, so its field is always absent. */
    parts[count].data = body.data;
    parts[count].size = body.size;
    github_digest_parts(parts, count + 1, ret);
}

static bool is_list_blank(char c)
{
    return c == ' ' || c == '\t' || c == ',';
}

static struct slice without_weakness(struct slice tag)
{
    return slice_starts_with(tag, slice_of("W/")) ? slice_skip(tag, 2) : tag;
}

/* Tags compare by their bytes, and GitHub's digits are lower case: no other spelling is ours. */
static bool is_lower_hex(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= 'A' && text.data[i] <= 'F')
            return false;
    return true;
}

int github_etag_parse(struct slice field, uint8_t ret[static GITHUB_ETAG_SIZE])
{
    uint8_t bytes[GITHUB_ETAG_SIZE];
    const struct slice tag = without_weakness(slice_trim(field));
    if (tag.size != ETAG_DIGITS + 2 || tag.data[0] != '"' || tag.data[tag.size - 1] != '"')
        return -EBADMSG;
    const struct slice digits = {.data = tag.data + 1, .size = ETAG_DIGITS};
    if (!is_lower_hex(digits) || hex_decode(digits, bytes, sizeof bytes) != 0)
        return -EBADMSG;
    memcpy(ret, bytes, sizeof bytes);
    return 0;
}

void github_etag_format(const uint8_t etag[static GITHUB_ETAG_SIZE],
                        char ret[static GITHUB_ETAG_TEXT_SIZE])
{
    ret[0] = '"';
    hex_encode(etag, GITHUB_ETAG_SIZE, ret + 1);
    ret[ETAG_DIGITS + 1] = '"';
    ret[ETAG_DIGITS + 2] = '\0';
}

/* Takes one entity tag, without its weakness, off the front of a list; false at its end and at
 * anything that is not a tag: what follows that can't be trusted to be one either. */
static bool next_tag(struct slice *list, struct slice *ret_tag)
{
    while (list->size > 0 && is_list_blank(list->data[0]))
        *list = slice_skip(*list, 1);
    const struct slice rest = without_weakness(*list);
    if (rest.size < 2 || rest.data[0] != '"')
        return false;
    const char *end = memchr(rest.data + 1, '"', rest.size - 1);
    if (!end)
        return false;
    ret_tag->data = rest.data;
    ret_tag->size = (size_t)(end + 1 - rest.data);
    *list = slice_skip(rest, ret_tag->size);
    return list->size == 0 || is_list_blank(list->data[0]);
}

bool github_etag_matches(struct slice if_none_match, struct slice etag)
{
    struct slice list = slice_trim(if_none_match);
    struct slice tag;
    const struct slice own = without_weakness(slice_trim(etag));
    if (slice_equals(list, slice_of("*")))
        return true;
    while (next_tag(&list, &tag))
        if (slice_equals(tag, own))
            return true;
    return false;
}
