/* Targets: what passes is part of the input, clean, and means the same when parsed again. */
#include "fuzz.h"

#include <string.h>

#include "base/check.h"
#include "github/limits.h"
#include "github/target.h"

static void check_clean(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.data[i];
        CHECK(c > ' ' && c < 0x7f && c != '\\' && c != '#');
    }
}

static bool has_text(struct slice path, const char *text)
{
    return slice_contains_nocase(path, slice_of(text));
}

static void check_path(struct slice path)
{
    CHECK(path.size > 0 && path.data[0] == '/');
    CHECK(!has_text(path, "%00") && !has_text(path, "%0d") && !has_text(path, "%0a"));
    CHECK(!has_text(path, "%5c") && !has_text(path, "/../") && !has_text(path, "/./"));
    CHECK(!has_text(path, "/%2e/") && !has_text(path, "/%2e%2e/") && !has_text(path, "/.%2e/"));
    CHECK(!slice_ends_with(path, slice_of("/..")) && !slice_ends_with(path, slice_of("/.")));
}

/* A path that passed passes again, alone. Only a prefix may go a second time. */
static void check_stable(struct slice path)
{
    struct github_target again;
    struct slice host;
    CHECK(github_target_parse(path, &again, &host) == 0);
    CHECK(host.size == 0 && !again.query.data);
    CHECK(slice_ends_with(path, again.path) || again.api_v3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice raw = {.data = (const char *)data, .size = size};
    struct github_target target;
    struct slice host;
    if (github_target_parse(raw, &target, &host) < 0)
        return 0;

    CHECK(size <= GITHUB_TARGET_MAX);
    check_clean(target.path);
    check_clean(target.query);
    check_clean(host);
    check_path(target.path);
    check_stable(target.path);
    CHECK(!memchr(target.path.data, '?', target.path.size));
    CHECK(!target.query.data || slice_ends_with(raw, target.query));
    return 0;
}
