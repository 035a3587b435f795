/* What representation a request asks for: Accept and X-GitHub-Api-Version. */
#ifndef MOCK_MEDIA_H
#define MOCK_MEDIA_H

#include <stdbool.h>

#include "request.h"

/* MEDIA(name, parameter, X-GitHub-Media-Type, Content-Type) */
#define MOCK_MEDIA_TABLE                                                                           \
    MEDIA(JSON, "", "github.v3; format=json", "application/json; charset=utf-8")                   \
    MEDIA(RAW, "raw", "github.v3; param=raw; format=json",                                         \
          "application/vnd.github.raw+json; charset=utf-8")                                        \
    MEDIA(HTML, "html", "github.v3; param=html; format=json",                                      \
          "application/vnd.github.html+json; charset=utf-8")                                       \
    MEDIA(TEXT, "text", "github.v3; param=text; format=json", "application/json; charset=utf-8")   \
    MEDIA(FULL, "full", "github.v3; param=full; format=json", "application/json; charset=utf-8")   \
    MEDIA(OBJECT, "object", "github.v3; param=object; format=json",                                \
          "application/json; charset=utf-8")                                                       \
    MEDIA(SHA, "sha", "github.v3; param=sha", "application/vnd.github.sha; charset=utf-8")         \
    MEDIA(DIFF, "diff", "github.v3; param=diff", "application/vnd.github.diff; charset=utf-8")     \
    MEDIA(PATCH, "patch", "github.v3; param=patch", "application/vnd.github.patch; charset=utf-8")

enum mock_media {
#define MEDIA(name, ...) MOCK_MEDIA_##name,
    MOCK_MEDIA_TABLE
#undef MEDIA
        MOCK_MEDIA_UNKNOWN /* nothing that the API can give: 415 */
};

/* The first type of Accept that means something. */
enum mock_media mock_media_read(const char *accept);

const char *mock_media_name(enum mock_media media);         /* X-GitHub-Media-Type */
const char *mock_media_content_type(enum mock_media media); /* Content-Type */

/* The API version that is used: the default when none is asked for, NULL for an unknown one. */
const char *mock_media_version(const struct mock_request *request);
bool mock_media_is_2026(const struct mock_request *request);

#endif
