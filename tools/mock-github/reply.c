/* The order of questions is GitHub's as far as it is known. */
#include "reply.h"

#include <string.h>

#include "broken.h"
#include "control.h"
#include "encode.h"
#include "etag.h"
#include "fixture.h"
#include "headers.h"
#include "root.h"
#include "route.h"

enum { USER_ID = 583231 };

static const char no_user_agent[] =
    "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent "
    "header "
    "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required)."
    " Check https://developer.github.com for other possible causes.\r\n";

static enum mock_resource resource_of(const struct mock_request *request)
{
    const char *first = request->segments[0] ? request->segments[0] : "";
    if (strcmp(first, "search") == 0)
        return MOCK_RESOURCE_SEARCH;
    const bool is_graphql =
        strcmp(first, "graphql") == 0 || (strcmp(first, "api") == 0 && request->segments[1] &&
                                          strcmp(request->segments[1], "graphql") == 0);
    return is_graphql ? MOCK_RESOURCE_GRAPHQL : MOCK_RESOURCE_CORE;
}

static bool is_rate_limit(const struct mock_request *request)
{
    return request->segment_count == 1 && strcmp(request->segments[0], "rate_limit") == 0;
}

static bool fail(struct mock_call *call, unsigned status, const char *message)
{
    mock_answer_fail(call->answer, status, message);
    return false;
}

static bool refuse_over_limit(struct mock_call *call)
{
    if (call->answer->resource == MOCK_RESOURCE_GRAPHQL && call->token) {
        buffer_put_format(&call->answer->body,
                          "{\"errors\":[{\"type\":\"RATE_LIMITED\",\"message\":\"API rate limit "
                          "exceeded for user ID %d.\"}]}",
                          USER_ID);
        return false;
    }
    if (!call->token)
        return fail(call, 403,
                    "API rate limit exceeded for 127.0.0.1. (But here's the good news: "
                    "Authenticated requests get a higher rate limit. Check out the documentation "
                    "for more details.)");
    return fail(call, 403, "API rate limit exceeded for user ID 583231.");
}

/* False when the request is refused; the answer says why. *ret_limited: for want of quota. */
static bool admit(struct mock_call *call, bool is_anonymous, bool *ret_limited)
{
    const struct mock_quota *quota =
        mock_root_quota(call->mock, call->token, call->answer->resource);
    const char *user_agent = mock_request_header(call->request, "User-Agent");
    if (!user_agent || !*user_agent) {
        buffer_put_text(&call->answer->body, no_user_agent);
        call->answer->content_type = "text/html";
        call->answer->status = 403;
        return false;
    }
    if (!call->token && !is_anonymous)
        return fail(call, 401, "Bad credentials");
    if (!mock_media_version(call->request))
        return fail(call, 400, "The API version given is not supported.");
    if (call->media == MOCK_MEDIA_UNKNOWN)
        return fail(call, 415, "Unsupported 'Accept' header. Must accept 'application/json'.");
    *ret_limited = mock_limit_remaining(quota) == 0 && !is_rate_limit(call->request);
    if (*ret_limited)
        return refuse_over_limit(call);
    return true;
}

static void serve(struct mock_call *call)
{
    const bool is_read = mock_request_is_read(call->request);
    const char *method = is_read ? "GET" : call->request->method;
    if (mock_request_is(call->request, "OPTIONS")) {
        call->answer->status = 204;
        return;
    }
    if (is_read && mock_fixture_serve(call))
        return;
    if (mock_route_find(call, method))
        call->route->handler(call);
    if (call->answer->body.error)
        mock_answer_fail(call->answer, 500, "Server Error");
}

static bool is_not_modified(const struct mock_call *call, const char *etag)
{
    const struct mock_request *request = call->request;
    const char *none_match = mock_request_header(request, "If-None-Match");
    const char *since = mock_request_header(request, "If-Modified-Since");
    if (none_match) {
        bool matches = false;
        for (size_t i = 0; i < request->header_count; i++)
            if (slice_equals_nocase(slice_of(request->headers[i].name), slice_of("If-None-Match")))
                matches |= mock_etag_matches(slice_of(request->headers[i].value), etag);
        return matches;
    }
    const int64_t since_ms = since ? mock_clock_parse(since) : -1;
    return since_ms >= 0 && call->answer->modified_ms > 0 && call->answer->modified_ms <= since_ms;
}

/* Gives a 200 its validators and turns it into a 304 where the client has it. */
static void validate(struct mock_call *call, const struct mock_fault *fault)
{
    struct mock_answer *answer = call->answer;
    char etag[MOCK_ETAG_SIZE];
    if (answer->status != 200 || !mock_request_is_read(call->request) || answer->is_free)
        return;
    mock_etag_make(call->request, buffer_slice(&answer->body), etag);
    mock_broken_etag(fault, buffer_slice(&answer->body), etag);
    if (is_not_modified(call, etag) || mock_fault_is(fault, MOCK_FAULT_UNASKED_304)) {
        answer->status = 304;
        if (!mock_fault_is(fault, MOCK_FAULT_LINK_ON_304))
            mock_answer_drop(answer, "Link");
        buffer_clear(&answer->body);
    }
    if (!mock_fault_is(fault, MOCK_FAULT_NO_ETAG))
        mock_answer_put(answer, "ETag", "%s", etag);
}

/* Calls that this answer takes from the quota. */
static unsigned cost(const struct mock_call *call, bool is_limited)
{
    const struct mock_answer *answer = call->answer;
    const bool is_refused = is_limited || mock_answer_field(answer, "Retry-After");
    if (answer->is_free || is_refused)
        return 0;
    return answer->status == 304 && call->token ? 0 : 1;
}

static void encode(struct mock_call *call)
{
    struct mock_answer *answer = call->answer;
    struct buffer out;
    const bool is_json = strstr(answer->content_type, "json") != NULL;
    buffer_init(&out, MOCK_BODY_MAX);
    if (is_json && answer->body.size &&
        mock_encode_wants_pretty(mock_request_header(call->request, "User-Agent"))) {
        mock_encode_pretty(buffer_slice(&answer->body), &out);
        buffer_done(&answer->body);
        answer->body = out;
        buffer_init(&out, MOCK_BODY_MAX);
    }
    if (!answer->is_gzip && answer->body.size &&
        mock_encode_wants_gzip(mock_request_header(call->request, "Accept-Encoding")) &&
        mock_encode_gzip(buffer_slice(&answer->body), &out) == 0) {
        buffer_done(&answer->body);
        answer->body = out;
        answer->is_gzip = true;
        buffer_init(&out, MOCK_BODY_MAX);
    }
    buffer_done(&out);
    if (answer->is_gzip)
        mock_answer_put(answer, "Content-Encoding", "gzip");
    const char *etag = mock_answer_field(answer, "ETag");
    if (answer->is_gzip && etag) {
        char weak[MOCK_ETAG_SIZE + sizeof "W/"];
        snprintf(weak, sizeof weak, "W/%s", etag);
        mock_answer_drop(answer, "ETag");
        mock_answer_put(answer, "ETag", "%s", weak);
    }
}

static void note(struct mock_call *call, const struct mock_fault *fault, unsigned charged,
                 int64_t now_ms)
{
    struct mock *mock = call->mock;
    const struct mock_answer *answer = call->answer;
    const bool is_anonymous = !mock_request_header(call->request, "Authorization");
    const char *token = call->token ? call->token->name : is_anonymous ? "anonymous" : "invalid";
    const bool is_body = answer->status == 200 || answer->status == 304;
    enum mock_history_seen seen = MOCK_HISTORY_UNKNOWN;
    if (is_body && mock_request_is_read(call->request))
        seen = mock_history_see(&mock->history, call->request->target, answer->state);
    const struct mock_stats_event event = {
        .method = call->request->method,
        .target = call->request->target,
        .token = token,
        .status = answer->status,
        .charged = charged,
        .is_first = seen == MOCK_HISTORY_FIRST,
        .is_change = seen == MOCK_HISTORY_CHANGED,
    };
    const struct mock_log_entry entry = {
        .request = call->request,
        .token = token,
        .fault = fault ? mock_fault_name(fault) : NULL,
        .ms = now_ms,
        .status = answer->status,
        .charged = charged,
        .version = answer->state ? answer->state->version : 0,
    };
    mock_stats_note(&mock->stats, &event);
    mock->stats.faults += fault != NULL;
    mock_log_add(&mock->log, &entry);
}

static int64_t delay_of(struct mock *mock, const struct mock_fault *fault)
{
    const int64_t jitter = (int64_t)mock_model_draw(&mock->model, "jitter", mock->log.next,
                                                    (uint64_t)mock->options.jitter_ms + 1);
    const int64_t more =
        mock_fault_is(fault, MOCK_FAULT_LATENCY) ? mock_fault_number(fault, "ms", 1000) : 0;
    const int64_t delay = mock->options.latency_ms + jitter + more;
    return delay < MOCK_DELAY_MAX_MS ? delay : MOCK_DELAY_MAX_MS;
}

void mock_reply_make(struct mock *mock, const struct mock_request *request,
                     struct mock_answer *answer, struct mock_fault **ret_fault,
                     int64_t *ret_delay_ms)
{
    const int64_t now_ms = mock_clock_now_ms(&mock->clock);
    struct mock_call call;
    bool is_anonymous = false, is_limited = false;
    *ret_fault = NULL;
    *ret_delay_ms = 0;
    mock_route_init(&call, mock, request, answer);
    if (mock_control_serve(&call))
        return;
    answer->resource = resource_of(request);
    call.token = mock_token_identify(&mock->tokens, mock_request_header(request, "Authorization"),
                                     &is_anonymous);
    struct mock_fault *fault =
        mock_fault_take(&mock->faults, request, call.token ? call.token->name : "anonymous");
    struct mock_quota *quota = mock_root_quota(mock, call.token, answer->resource);
    if (!mock_broken_answer(fault, &call, quota, &is_limited) &&
        admit(&call, is_anonymous, &is_limited))
        serve(&call);
    validate(&call, fault);
    const unsigned charged = cost(&call, is_limited);
    quota->used += charged;
    mock_broken_fields(fault, answer);
    mock_headers_put(&call, quota, mock->log.next);
    note(&call, fault, charged, now_ms);
    mock_broken_body(fault, answer);
    encode(&call);
    *ret_fault = fault;
    *ret_delay_ms = delay_of(mock, fault);
}

void mock_reply_refuse(struct mock *mock, const struct mock_request *request,
                       struct mock_answer *answer, unsigned status, const char *message)
{
    struct mock_call call;
    mock_route_init(&call, mock, request, answer);
    mock_answer_fail(answer, status, message);
    mock_headers_put(&call, NULL, mock->log.next);
    note(&call, NULL, 0, mock_clock_now_ms(&mock->clock));
}

bool mock_reply_render(void *cls, const char *target, struct buffer *ret_body,
                       struct mock_state **ret_state)
{
    static const struct mock_token reader = {
        .name = "", .login = "octocat", .owner = "", .is_valid = true, .limit = -1};
    struct mock_request request;
    struct mock_answer answer;
    struct mock_call call;
    mock_answer_init(&answer);
    bool is_found = mock_request_init(&request, "GET", target) == 0;
    if (is_found) {
        mock_route_init(&call, cls, &request, &answer);
        call.token = &reader;
        is_found = mock_route_find(&call, "GET");
    }
    if (is_found) {
        call.route->handler(&call);
        is_found = answer.status == 200;
    }
    if (is_found) {
        buffer_put_slice(ret_body, buffer_slice(&answer.body));
        *ret_state = answer.state;
    }
    mock_answer_done(&answer);
    mock_request_done(&request);
    return is_found;
}
