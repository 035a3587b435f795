/* What to do with a request, as a pure function of the stored entry, the request and the time. */
#ifndef GITHUB_POLICY_H
#define GITHUB_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "github/cache_control.h"
#include "github/entry.h"
#include "github/route.h"

enum github_action {
    GITHUB_ACTION_SERVE,      /* from the stored entry */
    GITHUB_ACTION_REVALIDATE, /* ask GitHub, conditionally if a validator can be had */
    GITHUB_ACTION_FETCH,      /* ask GitHub without a condition */
    GITHUB_ACTION_PASS,       /* hand through, store nothing */
    GITHUB_ACTION_REFUSE,     /* 504: only-if-cached */
};

enum github_reason {
#define GITHUB_REASON(name, fwd, detail, text) GITHUB_REASON_##name,
#include "github/reasons.def"
#undef GITHUB_REASON
};

/* How long an answer about an ended attempt or job counts as fresh, at least. */
enum { GITHUB_POLICY_COMPLETED_S = 600 };

struct github_policy_input {
    const struct github_route *route;
    enum github_share share;          /* the route's, or TOKEN for a key with contradictions */
    const struct github_entry *entry; /* NULL when nothing is stored for this key and token */
    struct github_cache_control client;
    bool is_get;         /* GET or HEAD */
    bool is_bypassed;    /* Range, Cookie, X-GitHub-OTP, unfoldable Accept, known oversize */
    bool is_anonymous;   /* no credential */
    bool is_proved;      /* this token proved this scope and permission lately */
    bool is_public;      /* the repository was seen public lately */
    int64_t dirty_ms;    /* latest of soiled and tombstone time; INT64_MIN for none */
    uint32_t time_scale; /* divides ttls; at least 1 */
};

struct github_decision {
    enum github_action action;
    enum github_reason reason;
    int64_t age_ms;  /* of the entry; 0 without one */
    int64_t left_ms; /* of the entry's own freshness lifetime, whatever the client asks; not above
                        0 when stale */
};

struct github_decision github_policy_decide(const struct github_policy_input *input,
                                            int64_t now_ms);

/* Whether the entry may be served although GitHub could not be asked (unreachable, 5xx, limited):
 * the route allows it, this token may read it, it is not older than the ceiling, nothing was
 * written since. The decision's reason is STALE_ERROR when so. */
bool github_policy_allows_stale(const struct github_policy_input *input, int64_t now_ms,
                                struct github_decision *ret_decision);

/* The freshness lifetime of an answer in seconds: the route's, for one that says completed at least
 * GITHUB_POLICY_COMPLETED_S where the route is per attempt or job, never less than X-Poll-Interval,
 * a year for immutable ones. */
uint32_t github_policy_ttl_s(const struct github_route_match *match, unsigned entry_flags,
                             uint64_t poll_interval_s);

/* What may be stored: 200 on a GET, 301 and 308; not with Set-Cookie, not with an unknown
 * Vary field, not for routes that are never kept. */
bool github_policy_may_store(const struct github_route *route, int status, unsigned vary,
                             bool has_set_cookie);

/* The parameters of Cache-Status (RFC 9211) for a reason. */
const char *github_policy_fwd(enum github_reason reason);    /* "uri-miss"; NULL for hits */
const char *github_policy_detail(enum github_reason reason); /* NULL for none */

#endif
