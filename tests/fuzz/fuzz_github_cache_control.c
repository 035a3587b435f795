/* Cache-Control: every number is in range, and one directive more never loosens a demand. */
#include "fuzz.h"

#include "base/buffer.h"
#include "base/check.h"
#include "github/cache_control.h"

enum { OUT_MAX = 64 * 1024 };

static void check_range(int64_t seconds)
{
    CHECK(seconds >= GITHUB_CACHE_CONTROL_UNSET && seconds <= INT64_C(1) << 31);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice text = {.data = (const char *)data, .size = size};
    const struct slice none = {.data = NULL, .size = 0};
    const struct github_cache_control control = github_cache_control_parse(text, none);
    check_range(control.max_age_s);
    check_range(control.min_fresh_s);
    check_range(control.max_stale_s);
    CHECK(!control.max_stale_any || control.max_stale_s == GITHUB_CACHE_CONTROL_UNSET);

    struct buffer more;
    buffer_init(&more, OUT_MAX);
    buffer_put_text(&more, "no-store, max-age=5, max-stale=5,");
    buffer_put_slice(&more, text);
    const struct github_cache_control stricter =
        github_cache_control_parse(buffer_slice(&more), none);
    CHECK(stricter.no_store && stricter.max_age_s <= 5 && stricter.max_stale_s <= 5);
    CHECK(!stricter.max_stale_any && stricter.no_cache == control.no_cache);
    CHECK(stricter.min_fresh_s == control.min_fresh_s);
    buffer_done(&more);

    const struct github_cache_control old = github_cache_control_parse(none, text);
    CHECK(!old.no_store && old.max_age_s == GITHUB_CACHE_CONTROL_UNSET);
    return 0;
}
