/* About two dozen fields, in GitHub's order as far as it matters. */
#include "headers.h"

#include <inttypes.h>

static const struct {
    const char *name, *value;
} fixed[] = {
    {"Access-Control-Allow-Origin", "*"},
    {"Access-Control-Expose-Headers",
     "ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, "
     "X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, "
     "X-Accepted-OAuth-Scopes, X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, "
     "X-GitHub-Request-Id, Deprecation, Sunset"},
    {"Strict-Transport-Security", "max-age=31536000; includeSubdomains; preload"},
    {"X-Frame-Options", "deny"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-XSS-Protection", "0"},
    {"Referrer-Policy", "origin-when-cross-origin, strict-origin-when-cross-origin"},
    {"Content-Security-Policy", "default-src 'none'"},
    {"Server", "github.com"},
};

static void put_once(struct mock_answer *answer, const char *name, const char *value)
{
    if (!mock_answer_field(answer, name))
        mock_answer_put(answer, name, "%s", value);
}

static void put_caching(const struct mock_call *call)
{
    struct mock_answer *answer = call->answer;
    const bool is_anonymous = !mock_request_header(call->request, "Authorization");
    if (answer->status >= 400) {
        put_once(answer, "Vary", "Accept-Encoding, Accept, X-Requested-With");
        return;
    }
    put_once(answer, "Cache-Control",
             is_anonymous ? "public, max-age=60, s-maxage=60" : "private, max-age=60, s-maxage=60");
    put_once(answer, "Vary",
             is_anonymous ? "Accept,Accept-Encoding, Accept, X-Requested-With"
                          : "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, "
                            "X-Requested-With");
    if (answer->modified_ms > 0) {
        char modified[MOCK_CLOCK_TEXT_SIZE];
        mock_clock_format_http(answer->modified_ms, modified);
        put_once(answer, "Last-Modified", modified);
    }
}

static void put_quota(struct mock_answer *answer, const struct mock_quota *quota)
{
    enum { MS_PER_SECOND = 1000 };
    mock_answer_put(answer, "X-RateLimit-Limit", "%" PRId64, quota->limit);
    mock_answer_put(answer, "X-RateLimit-Remaining", "%" PRId64, mock_limit_remaining(quota));
    mock_answer_put(answer, "X-RateLimit-Used", "%" PRId64, quota->used);
    mock_answer_put(answer, "X-RateLimit-Reset", "%" PRId64,
                    (quota->reset_ms + MS_PER_SECOND - 1) / MS_PER_SECOND);
    mock_answer_put(answer, "X-RateLimit-Resource", "%s", mock_limit_name(answer->resource));
}

void mock_headers_put(const struct mock_call *call, const struct mock_quota *quota, uint64_t serial)
{
    struct mock_answer *answer = call->answer;
    const char *version = mock_media_version(call->request);
    if (answer->status != 204 && answer->status != 205 && answer->status != 304)
        put_once(answer, "Content-Type", answer->content_type);
    put_caching(call);
    put_once(answer, "X-GitHub-Media-Type", answer->media_type);
    if (version)
        mock_answer_put(answer, "x-github-api-version-selected", "%s", version);
    if (quota)
        put_quota(answer, quota);
    if (call->token) {
        mock_answer_put(answer, "X-OAuth-Scopes", "gist, read:org, repo, workflow");
        mock_answer_put(answer, "X-Accepted-OAuth-Scopes", "repo");
    }
    mock_answer_put(answer, "X-GitHub-Request-Id", "C0DE:%04" PRIX64 ":%08" PRIX64,
                    serial >> 32 & 0xffff, serial & 0xffffffff);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        put_once(answer, fixed[i].name, fixed[i].value);
}
