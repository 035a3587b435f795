/* Answers out of entries: validators, conditions, addresses, and the fields that are the node's. */
#include "github/reply.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "github/budget.h"
#include "github/forward.h"
#include "github/link.h"
#include "github/state.h"
#include "store/store.h"

enum {
    COMPRESS_MIN = 1024, /* bytes; below it coding a body gains nothing */
    DATE_MAX = 64,
    REWRITE_GROWTH = 2, /* a body may grow to so many times its size when addresses are moved */
};

/* Bodies name GitHub so even where the upstream is a stand-in for it. */

static struct slice find(const struct github_reply *reply, const char *name)
{
    return github_headers_find(&reply->entry->headers, name);
}

/* The ETag that GitHub would give this client: by the recipe where it holds, else the one that
 * GitHub did give this token. */
static bool client_etag(struct github *github, const struct github_reply *reply, int64_t now_ms,
                        uint8_t ret[static GITHUB_ETAG_SIZE])
{
    const struct github_question *question = reply->question;
    const uint8_t *content = store_item_content(reply->item);
    if (reply->entry->flags & GITHUB_ENTRY_PORTABLE) {
        struct slice body;
        body.data = store_item_body(reply->item, &body.size);
        const struct github_etag_request request = {
            .accept = question->accept,
            .authorization = question->authorization,
            .vary = github_entry_vary(reply->entry, question->is_anonymous),
        };
        github_access_client_etag(github->access, content, &request, body, now_ms, ret);
        return true;
    }
    struct github_access_etag own;
    if (!github_access_get_etag(github->access, question->token_id, question->key, now_ms, &own) ||
        memcmp(own.content, content, GITHUB_CONTENT_SIZE) != 0)
        return false;
    memcpy(ret, own.etag, GITHUB_ETAG_SIZE);
    return true;
}

static bool read_date(struct slice text, time_t *ret_time)
{
    char copy[DATE_MAX];
    struct tm fields = {0};
    if (text.size == 0 || text.size >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    const char *end = strptime(copy, "%a, %d %b %Y %H:%M:%S GMT", &fields);
    if (!end || *end)
        return false;
    *ret_time = timegm(&fields);
    return true;
}

/* RFC 9110, 13.2.2: If-Modified-Since counts only without If-None-Match. */
static bool is_unmodified(const struct github_reply *reply, const char *etag)
{
    const struct github_headers *headers = reply->question->request->headers;
    const struct slice if_none_match = github_headers_find(headers, "If-None-Match");
    if (reply->entry->status != 200)
        return false;
    if (if_none_match.data)
        return github_etag_matches(if_none_match, slice_of(etag));
    time_t since, modified;
    return read_date(github_headers_find(headers, "If-Modified-Since"), &since) &&
           read_date(find(reply, "Last-Modified"), &modified) && modified <= since;
}

static int add_fields(struct github *github, const struct github_reply *reply,
                      struct github_answer *answer)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < reply->entry->headers.count; i++)
        r = github_forward_field(reply->question, github->upstream, &reply->entry->headers.list[i],
                                 &answer->headers);
    if (r == 0 && reply->own)
        r = github_forward_own(reply->own, &answer->headers);
    return r;
}

static int add_age(struct github *github, const struct github_reply *reply, int64_t now_ms,
                   struct github_answer *answer)
{
    const int64_t age_ms = now_ms - reply->entry->validated_ms;
    const int64_t age_s = age_ms > 0 ? age_ms * (int64_t)github->options.time_scale / 1000 : 0;
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)age_s);
    int r = github_answer_add(answer, "Age", text);
    if (r == 0)
        r = github_answer_add(answer, "X-From-Cache", "1");
    return r;
}

static int add_budget(struct github *github, const struct github_reply *reply, int64_t now_ms,
                      struct github_answer *answer)
{
    struct github_budget_state state;
    if (!github_budget_find(github->budget, reply->question->token_id,
                            github_question_resource(reply->question), now_ms, &state))
        return 0;
    return github_budget_write(&state, &answer->headers);
}

static bool is_json(const struct github_reply *reply)
{
    return slice_contains_nocase(find(reply, "Content-Type"), slice_of("json"));
}

static bool is_rewritten(const struct github_reply *reply)
{
    const struct github_request *request = reply->question->request;
    return request->rewrites_body && request->base.data && reply->entry->status == 200 &&
           is_json(reply);
}

/* Moves the addresses in a JSON body to the client's base, the upstream's and those of the public
 * API alike, since that is what bodies of any upstream name. */
static int move_addresses(struct github *github, const struct github_request *request,
                          struct slice body, struct github_answer *answer)
{
    struct buffer half, moved;
    buffer_init(&half, REWRITE_GROWTH * GITHUB_BODY_MAX);
    buffer_init(&moved, REWRITE_GROWTH * GITHUB_BODY_MAX);
    github_link_rewrite_body(body, slice_of(github->upstream), request->base, &half);
    github_link_rewrite_body(buffer_slice(&half), slice_of(GITHUB_LINK_PUBLIC), request->base,
                             &moved);
    const int r = half.error ? half.error : buffer_take(&moved, &answer->text, &answer->text_size);
    if (r < 0)
        buffer_done(&moved);
    buffer_done(&half);
    return r;
}

static int add_body(struct github *github, const struct github_reply *reply,
                    struct github_answer *answer)
{
    struct slice body;
    body.data = store_item_body(reply->item, &body.size);
    if (is_rewritten(reply))
        return move_addresses(github, reply->question->request, body, answer);
    answer->item = store_item_retain(reply->item);
    answer->may_compress = body.size >= COMPRESS_MIN;
    return 0;
}

static int fill(struct github *github, const struct github_reply *reply, int64_t now_ms,
                struct github_answer *answer)
{
    uint8_t etag[GITHUB_ETAG_SIZE];
    char etag_text[GITHUB_ETAG_TEXT_SIZE + 2] = "W/";
    char *strong = etag_text + strlen("W/");
    const bool has_etag = client_etag(github, reply, now_ms, etag);
    if (has_etag)
        github_etag_format(etag, strong);

    int r = add_fields(github, reply, answer);
    if (r == 0 && has_etag && reply->entry->status == 200)
        r = github_answer_add(answer, "ETag", is_rewritten(reply) ? etag_text : strong);
    if (r == 0 && !github_policy_fwd(reply->trace.reason))
        r = add_age(github, reply, now_ms, answer);
    if (r == 0)
        r = add_budget(github, reply, now_ms, answer);
    if (r == 0)
        r = github_answer_trace(answer, &reply->trace, github->options.time_scale);
    answer->status = reply->entry->status;
    if (r == 0 && is_unmodified(reply, has_etag ? strong : "")) {
        answer->status = 304;
        github_counters_add(&github->counters, GITHUB_COUNTER_client_not_modified);
    } else if (r == 0) {
        r = add_body(github, reply, answer);
    }
    return r;
}

static void fail_short_of_memory(struct github *github, const struct github_trace *trace,
                                 struct github_answer *answer)
{
    github_answer_done(answer);
    github_reply_fail(github, 503, "The node is short of memory.", trace, answer);
}

void github_reply_make(struct github *github, const struct github_reply *reply, int64_t now_ms,
                       struct github_answer *ret_answer)
{
    github_answer_init(ret_answer);
    if (fill(github, reply, now_ms, ret_answer) < 0)
        fail_short_of_memory(github, &reply->trace, ret_answer);
}

void github_reply_fail(struct github *github, int status, const char *message,
                       const struct github_trace *trace, struct github_answer *ret_answer)
{
    github_counters_add(&github->counters, GITHUB_COUNTER_errors);
    github_answer_fail(ret_answer, status, message, trace);
}

static int forward_body(struct github *github, const struct github_request *request,
                        const struct github_reply_response *response, struct github_answer *answer)
{
    const struct slice type = github_headers_find(response->headers, "Content-Type");
    if (request->rewrites_body && request->base.data &&
        slice_contains_nocase(type, slice_of("json")))
        return move_addresses(github, request, response->body, answer);
    answer->text = slice_copy(response->body);
    answer->text_size = response->body.size;
    return answer->text ? 0 : -ENOMEM;
}

void github_reply_forward(struct github *github, const struct github_question *question,
                          const struct github_reply_response *response,
                          const struct github_trace *trace, struct github_answer *ret_answer)
{
    github_answer_init(ret_answer);
    ret_answer->status = response->status;
    int r = github_forward_response(question, github->upstream, response->headers,
                                    &ret_answer->headers);
    /* The body was decoded on its way in. */
    github_headers_remove(&ret_answer->headers, "Content-Encoding");
    if (r == 0)
        r = github_answer_trace(ret_answer, trace, github->options.time_scale);
    if (r == 0)
        r = forward_body(github, question->request, response, ret_answer);
    if (r < 0)
        fail_short_of_memory(github, trace, ret_answer);
}
