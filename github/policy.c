/* RFC 9111 with this cache's own rules on top: who may read, what was written since, how stale is
 * too stale. Pure: everything it knows is in its arguments. */
#include "github/policy.h"

#include <string.h>

#include "base/check.h"
#include "github/etag.h"

enum {
    POLICY_SKEW_MS = 60 * 1000,      /* a validation further ahead of our clock counts as none */
    POLICY_IMMUTABLE_S = 31536000,   /* a year, the longest that RFC 9111 4.2.1 lets one mean */
    POLICY_POLL_INTERVAL_MAX_S = 600 /* of GitHub's X-Poll-Interval; it says 60 */
};

static int64_t scaled_ms(int64_t seconds, uint32_t time_scale)
{
    const int64_t bounded = seconds < INT32_MAX ? seconds : INT32_MAX;
    return bounded * 1000 / time_scale;
}

/* How old the entry is and how much of its lifetime is left. */
static struct github_decision measure(const struct github_policy_input *input, int64_t now_ms)
{
    const int64_t age_ms = now_ms - input->entry->validated_ms;
    const int64_t lifetime_ms = scaled_ms(input->entry->ttl_s, input->time_scale);
    struct github_decision decision = {.age_ms = age_ms > 0 ? age_ms : 0};
    decision.left_ms = lifetime_ms - decision.age_ms;
    if (age_ms < -POLICY_SKEW_MS)
        decision.left_ms = age_ms;
    return decision;
}

/* False for an entry from so far in the future that its age means nothing. */
static bool is_timely(const struct github_policy_input *input, int64_t now_ms)
{
    return input->entry->validated_ms - now_ms <= POLICY_SKEW_MS;
}

static bool is_dirty(const struct github_policy_input *input)
{
    return input->entry->validated_ms <= input->dirty_ms;
}

static bool is_readable(const struct github_policy_input *input)
{
    switch (input->share) {
    case GITHUB_SHARE_PUBLIC:
        return true;
    case GITHUB_SHARE_SCOPE:
        return input->is_public || (input->is_proved && !input->is_anonymous);
    case GITHUB_SHARE_TOKEN:
        return input->is_proved; /* the key is the token's own: whoever finds it was given it */
    case GITHUB_SHARE_NEVER:
        return false;
    }
    return false;
}

static bool is_unset(int64_t directive_s)
{
    return directive_s == GITHUB_CACHE_CONTROL_UNSET;
}

static bool is_new_enough(const struct github_policy_input *input,
                          const struct github_decision *decision)
{
    const struct github_cache_control *client = &input->client;
    if (!is_unset(client->max_age_s) &&
        decision->age_ms >= scaled_ms(client->max_age_s, input->time_scale))
        return false;
    return is_unset(client->min_fresh_s) ||
           decision->left_ms >= scaled_ms(client->min_fresh_s, input->time_scale);
}

/* Whether the route lets an entry be served so long past its lifetime. */
static bool is_below_ceiling(const struct github_policy_input *input,
                             const struct github_decision *decision)
{
    const int64_t route_s = input->route->stale_max_s;
    const int64_t ceiling_s = route_s < GITHUB_STALE_MAX_S ? route_s : GITHUB_STALE_MAX_S;
    return route_s > 0 && -decision->left_ms <= scaled_ms(ceiling_s, input->time_scale);
}

/* max-stale counts from where the client's own max-age or the lifetime ended; it never goes beyond
 * what the route allows, and a wish for freshness beats it. */
static bool accepts_stale(const struct github_policy_input *input,
                          const struct github_decision *decision)
{
    const struct github_cache_control *client = &input->client;
    int64_t left_ms = decision->left_ms;
    if (!client->max_stale_any && is_unset(client->max_stale_s))
        return false;
    if (!is_unset(client->min_fresh_s))
        return false;
    if (!is_unset(client->max_age_s)) {
        const int64_t limit_ms = scaled_ms(client->max_age_s, input->time_scale);
        left_ms = limit_ms - decision->age_ms < left_ms ? limit_ms - decision->age_ms : left_ms;
    }
    if (!client->max_stale_any && -left_ms > scaled_ms(client->max_stale_s, input->time_scale))
        return false;
    return decision->left_ms > 0 || is_below_ceiling(input, decision);
}

/* Why the entry can be served, or why not. */
static enum github_reason judge(const struct github_policy_input *input,
                                const struct github_decision *decision, int64_t now_ms)
{
    const bool is_fresh = decision->left_ms > 0;
    if (input->client.no_cache)
        return GITHUB_REASON_CLIENT;
    if (is_dirty(input))
        return GITHUB_REASON_DIRTY;
    if (!is_timely(input, now_ms))
        return GITHUB_REASON_STALE;
    if (!(is_fresh && is_new_enough(input, decision)) && !accepts_stale(input, decision))
        return is_fresh ? GITHUB_REASON_CLIENT : GITHUB_REASON_STALE;
    if (!is_readable(input))
        return GITHUB_REASON_UNPROVED;
    return is_fresh ? GITHUB_REASON_HIT : GITHUB_REASON_STALE_CLIENT;
}

/* A redirect has no body that an ETag could be computed of. */
static enum github_action action_for(const struct github_entry *entry, enum github_reason reason)
{
    if (reason == GITHUB_REASON_HIT || reason == GITHUB_REASON_STALE_CLIENT)
        return GITHUB_ACTION_SERVE;
    return entry->status == 200 ? GITHUB_ACTION_REVALIDATE : GITHUB_ACTION_FETCH;
}

static bool is_never_cached(const struct github_policy_input *input)
{
    return input->is_bypassed || input->share == GITHUB_SHARE_NEVER ||
           input->route->share == GITHUB_SHARE_NEVER;
}

/* What to do, whatever only-if-cached says. */
static struct github_decision decide(const struct github_policy_input *input, int64_t now_ms)
{
    struct github_decision decision = {.action = GITHUB_ACTION_PASS};
    if (is_never_cached(input)) {
        decision.reason = GITHUB_REASON_BYPASS;
    } else if (input->client.no_store) {
        decision.reason = GITHUB_REASON_CLIENT;
    } else if (!input->entry) {
        decision.action = GITHUB_ACTION_FETCH;
        decision.reason = GITHUB_REASON_MISS;
    } else {
        decision = measure(input, now_ms);
        decision.reason = judge(input, &decision, now_ms);
        decision.action = action_for(input->entry, decision.reason);
    }
    return decision;
}

struct github_decision github_policy_decide(const struct github_policy_input *input, int64_t now_ms)
{
    CHECK(input->time_scale >= 1);
    if (!input->is_get) {
        const struct github_decision pass = {.action = GITHUB_ACTION_PASS,
                                             .reason = GITHUB_REASON_METHOD};
        return pass;
    }
    struct github_decision decision = decide(input, now_ms);
    if (input->client.only_if_cached && decision.action != GITHUB_ACTION_SERVE) {
        decision.action = GITHUB_ACTION_REFUSE;
        decision.reason = GITHUB_REASON_ONLY_IF_CACHED;
    }
    return decision;
}

bool github_policy_allows_stale(const struct github_policy_input *input, int64_t now_ms,
                                struct github_decision *ret_decision)
{
    CHECK(input->time_scale >= 1);
    if (!input->is_get || is_never_cached(input) || !input->entry)
        return false;
    if (input->client.no_cache || input->client.no_store)
        return false;
    if (is_dirty(input) || !is_timely(input, now_ms) || !is_readable(input))
        return false;
    struct github_decision decision = measure(input, now_ms);
    if (!is_below_ceiling(input, &decision))
        return false;
    decision.action = GITHUB_ACTION_SERVE;
    decision.reason = GITHUB_REASON_STALE_ERROR;
    *ret_decision = decision;
    return true;
}

/* Rows about one attempt of a run or one job: once completed, hardly anything of them changes. */
static bool has_end(const struct github_route *route)
{
    const struct slice name = slice_of(route->name);
    return slice_equals(name, slice_of("run_attempt")) || slice_equals(name, slice_of("job"));
}

static bool is_immutable(const struct github_route_match *match)
{
    return match->route->immutable && (match->full_sha || !strstr(match->route->pattern, "{sha}"));
}

uint32_t github_policy_ttl_s(const struct github_route_match *match, unsigned entry_flags,
                             uint64_t poll_interval_s)
{
    uint32_t ttl_s = match->route->ttl_s;
    if (is_immutable(match))
        return POLICY_IMMUTABLE_S;
    if ((entry_flags & GITHUB_ENTRY_COMPLETED) && has_end(match->route) &&
        ttl_s < GITHUB_POLICY_COMPLETED_S)
        ttl_s = GITHUB_POLICY_COMPLETED_S;
    if (poll_interval_s > POLICY_POLL_INTERVAL_MAX_S)
        poll_interval_s = POLICY_POLL_INTERVAL_MAX_S;
    return ttl_s < poll_interval_s ? (uint32_t)poll_interval_s : ttl_s;
}

bool github_policy_may_store(const struct github_route *route, int status, unsigned vary,
                             bool has_set_cookie)
{
    if (route->share == GITHUB_SHARE_NEVER || has_set_cookie)
        return false;
    return !(vary & GITHUB_VARY_UNKNOWN_FIELD) && (status == 200 || status == 301 || status == 308);
}

const char *github_policy_fwd(enum github_reason reason)
{
    static const char *const texts[] = {
#define GITHUB_REASON(name, fwd, detail, text) fwd,
#include "github/reasons.def"
#undef GITHUB_REASON
    };
    return texts[reason];
}

const char *github_policy_detail(enum github_reason reason)
{
    static const char *const texts[] = {
#define GITHUB_REASON(name, fwd, detail, text) detail,
#include "github/reasons.def"
#undef GITHUB_REASON
    };
    return texts[reason];
}
