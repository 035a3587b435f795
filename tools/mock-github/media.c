/* Folds the many spellings of Accept into the few that GitHub tells apart. */
#include "media.h"

#include <string.h>

#include "base/slice.h"

static const struct {
    const char *parameter, *name, *content_type;
} medias[] = {
#define MEDIA(name, parameter, media_type, content_type) {parameter, media_type, content_type},
    MOCK_MEDIA_TABLE
#undef MEDIA
};

enum { MEDIA_COUNT = sizeof medias / sizeof *medias };

static const char *const versions[] = {"2022-11-28", "2026-03-10"};

const char *mock_media_name(enum mock_media media)
{
    return (size_t)media < MEDIA_COUNT ? medias[media].name : "unknown";
}

const char *mock_media_content_type(enum mock_media media)
{
    return medias[(size_t)media < MEDIA_COUNT ? media : MOCK_MEDIA_JSON].content_type;
}

/* Of "vnd.github.v3.raw+json" the "raw"; empty when there is no parameter, as in "vnd.github+json"
 * or a preview. */
static enum mock_media read_github(struct slice subtype)
{
    struct slice rest = subtype;
    subtype = slice_next(&rest, '+');
    while (subtype.data) {
        const struct slice part = slice_next(&subtype, '.');
        for (size_t i = 1; i < MEDIA_COUNT; i++)
            if (slice_equals_nocase(part, slice_of(medias[i].parameter)))
                return (enum mock_media)i;
    }
    return MOCK_MEDIA_JSON;
}

static enum mock_media read_type(struct slice type)
{
    static const char *const json[] = {"",          "*/*",      "application/*", "application/json",
                                       "text/json", "text/html"};
    const struct slice github = slice_of("application/vnd.github");
    type = slice_trim(slice_next(&type, ';'));
    if (slice_starts_with(type, github))
        return read_github(slice_skip(type, github.size));
    for (size_t i = 0; i < sizeof json / sizeof *json; i++)
        if (slice_equals_nocase(type, slice_of(json[i])))
            return MOCK_MEDIA_JSON;
    return slice_starts_with(type, slice_of("application/")) ? MOCK_MEDIA_JSON : MOCK_MEDIA_UNKNOWN;
}

enum mock_media mock_media_read(const char *accept)
{
    struct slice rest = slice_of(accept);
    enum mock_media media = accept ? MOCK_MEDIA_UNKNOWN : MOCK_MEDIA_JSON;
    while (rest.data && (media == MOCK_MEDIA_UNKNOWN || media == MOCK_MEDIA_JSON)) {
        const enum mock_media next = read_type(slice_next(&rest, ','));
        if (next != MOCK_MEDIA_UNKNOWN)
            media = next;
    }
    return media;
}

const char *mock_media_version(const struct mock_request *request)
{
    const char *asked = mock_request_header(request, "X-GitHub-Api-Version");
    if (!asked)
        return versions[0];
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (strcmp(versions[i], asked) == 0)
            return versions[i];
    return NULL;
}

bool mock_media_is_2026(const struct mock_request *request)
{
    return mock_media_version(request) == versions[1];
}
