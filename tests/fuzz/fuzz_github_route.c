/* Routes: every path has a row, names are part of the path, and nothing that stands below a place
 * of secrets is ever kept. */
#include "fuzz.h"

#include "base/buffer.h"
#include "base/check.h"
#include "github/route.h"

enum { PATH_MAX_SIZE = 64 * 1024 };

static void check_inside(struct slice part, struct slice path)
{
    if (!part.data)
        return;
    CHECK(part.size > 0 && part.size <= GITHUB_NAME_MAX);
    CHECK(part.data > path.data && part.data + part.size <= path.data + path.size);
}

static enum github_share share_below(const char *place, struct slice text)
{
    struct buffer path;
    buffer_init(&path, PATH_MAX_SIZE);
    buffer_put_text(&path, place);
    buffer_put_slice(&path, text);
    const enum github_share share = github_route_find(buffer_slice(&path)).route->share;
    buffer_done(&path);
    return share;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice path = {.data = (const char *)data, .size = size};
    const uint8_t key[GITHUB_KEY_SIZE] = {0};
    uint8_t scope[GITHUB_SCOPE_ID_SIZE];
    const struct github_route_match match = github_route_find(path);

    CHECK(match.route);
    check_inside(match.owner, path);
    check_inside(match.repository, path);
    CHECK(match.repository_id == 0 || !match.repository.data);
    CHECK(match.route->topic != GITHUB_TOPIC_REPOSITORY || match.repository.data ||
          match.repository_id != 0);
    CHECK(match.full_sha || !match.route->immutable);
    github_route_scope(&match, key, scope);

    CHECK(share_below("/repos/o/r/actions/secrets/", path) == GITHUB_SHARE_NEVER);
    CHECK(share_below("/orgs/o/actions/secrets/", path) == GITHUB_SHARE_NEVER);
    CHECK(share_below("/repos/o/r/unknown/", path) == GITHUB_SHARE_TOKEN);
    return 0;
}
