/* Pass-through: one fetch per call, nothing stored, what a write may have changed marked. */
#include "github/pass.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "github/clock.h"
#include "github/forward.h"
#include "github/keep.h"
#include "github/link.h"
#include "github/reply.h"
#include "github/state.h"
#include "github/stream.h"
#include "github/upstream.h"

static struct github_trace trace_of(const struct github_call *call, int status)
{
    const struct github_trace trace = {.reason = call->reason, .fwd_status = status};
    return trace;
}

static void mark(void *cls, struct slice prefix)
{
    struct github *github = cls;
    if (github_invalidate(github, prefix) < 0)
        github_counters_add(&github->counters, GITHUB_COUNTER_errors);
}

/* After a write, and before its answer reaches the client, older entries of what it may
 * have touched are not believed any more. */
static void spoil(struct github_call *call)
{
    struct github *github = call->github;
    const struct github_question *question = &call->question;
    /* A coded body hides its words. */
    const bool is_coded =
        github_headers_find(question->request->headers, "Content-Encoding").data != NULL;
    const bool is_query = question->is_graphql && !is_coded && !atomic_load(&call->is_suspect);
    if (!question->is_unsafe || is_query)
        return;
    github_access_soil(github->access, question->token_id, github_clock_ms());
    if (!question->is_graphql)
        github_tombstone_prefixes(question->named_path, mark, github);
    github_negative_clear(github->negative);
}

/* Whoever still sends or waits for bytes is told. */
static void end(struct github_call *call)
{
    call->fetch = NULL;
    call->is_passed = false;
    TAILQ_REMOVE(&call->github->passing, call, passing);
    if (call->upload)
        github_stream_end(call->upload, 0);
    github_call_wake(call);
    struct github_call *reference = call;
    github_call_drop(&reference);
}

static void fail(struct github_call *call, int result)
{
    struct github_answer answer;
    const struct github_trace trace = trace_of(call, 0);
    github_upstream_fail(call->github, result, &trace, &answer);
    github_call_deliver(call, &answer);
}

static int fill_head(struct github_call *call, int status, const struct github_headers *headers,
                     struct github_answer *answer)
{
    const struct github_trace trace = trace_of(call, status);
    uint64_t size;
    answer->status = status;
    answer->is_streamed = true;
    if (!call->is_decoded &&
        slice_to_u64(github_headers_find(headers, "Content-Length"), INT64_MAX, &size))
        answer->stream_size = (int64_t)size;
    int r =
        github_forward_response(&call->question, call->github->upstream, headers, &answer->headers);
    if (call->is_decoded)
        github_headers_remove(&answer->headers, "Content-Encoding");
    if (r == 0)
        r = github_answer_trace(answer, &trace, call->github->options.time_scale);
    return r;
}

/* An answer whose addresses must be moved can't be handed on piece by piece. One that is known to
 * be too large for that goes on as it is. */
static bool should_collect(struct github_call *call)
{
    return call->request.rewrites_body && call->request.base.data &&
           !github_table_get(call->github->oversize, call->question.key, github_clock_ms(), NULL);
}

static bool is_json(const struct github_headers *headers)
{
    return slice_contains_nocase(github_headers_find(headers, "Content-Type"), slice_of("json"));
}

static void collect_head(struct github_call *call, int status, const struct github_headers *headers)
{
    call->page = calloc(1, sizeof *call->page);
    if (!call->page)
        return; /* the first byte of the body ends it */
    github_headers_init(&call->page->headers);
    buffer_init(&call->page->body, call->github->options.body_max);
    if (github_headers_copy(&call->page->headers, headers) == 0)
        call->page->status = status;
}

static enum github_fetch_take collect_body(struct github_call *call, const void *data, size_t size)
{
    if (!call->page)
        return GITHUB_FETCH_ABORT;
    buffer_put(&call->page->body, data, size);
    return call->page->body.error ? GITHUB_FETCH_ABORT : GITHUB_FETCH_TAKEN;
}

static void give_collected(struct github_call *call, int result)
{
    struct github_answer answer;
    const struct github_page *page = call->page;
    if (result < 0 || !page || page->status == 0) {
        fail(call, result < 0 ? result : -ENOMEM);
        return;
    }
    const struct github_trace trace = trace_of(call, page->status);
    const struct github_reply_response response = {
        .status = page->status,
        .headers = &page->headers,
        .body = buffer_slice(&page->body),
    };
    github_reply_forward(call->github, &call->question, &response, &trace, &answer);
    github_call_deliver(call, &answer);
}

static void on_head(void *cls, int status, const struct github_headers *headers)
{
    struct github_call *call = cls;
    struct github_answer answer;
    github_upstream_count(call->github, &call->question, status, headers);
    spoil(call);
    if (status == 401 || status == 403 || status == 404)
        github_keep_withdraw(call->github, &call->question);
    call->has_head = true;
    call->is_collected = call->is_collected && is_json(headers);
    if (call->is_collected) {
        collect_head(call, status, headers);
        return;
    }
    github_answer_init(&answer);
    if (fill_head(call, status, headers, &answer) < 0) {
        github_answer_done(&answer);
        fail(call, -EPROTO);
        return;
    }
    github_call_deliver(call, &answer);
}

static enum github_fetch_take on_body(void *cls, const void *data, size_t size)
{
    struct github_call *call = cls;
    if (call->is_collected)
        return collect_body(call, data, size);
    if (github_call_was_abandoned(call))
        return GITHUB_FETCH_ABORT;
    if (!github_stream_write_all(call->download, data, size))
        return GITHUB_FETCH_PAUSE;
    github_call_wake(call);
    return GITHUB_FETCH_TAKEN;
}

static ptrdiff_t read_body(void *cls, void *ret, size_t size)
{
    struct github_call *call = cls;
    const ssize_t given = github_stream_read(call->upload, ret, size);
    if (given > 0 && github_stream_was_full(call->upload))
        github_call_wake(call);
    return given;
}

static void start_if_ready(struct github_call *call);

/* Larger than what can be collected: once more, as it is. */
static void start_over(struct github_call *call)
{
    call->is_collected = call->is_decoded = false;
    call->has_head = false;
    call->fetch = NULL;
    github_counters_add(&call->github->counters, GITHUB_COUNTER_oversize);
    start_if_ready(call);
}

static void on_done(void *cls, int result, bool is_framed)
{
    struct github_call *call = cls;
    (void)is_framed;
    spoil(call);
    if (call->is_collected && result == -EMSGSIZE && call->question.is_get) {
        start_over(call);
        return;
    }
    if (!call->has_head) {
        github_upstream_count(call->github, &call->question, 0, NULL);
        fail(call, result < 0 ? result : -EPROTO);
    }
    if (call->has_head && call->is_collected)
        give_collected(call, result);
    github_stream_end(call->download, result);
    end(call);
}

/* Bytes of the body to announce upstream: of a chunked one that is complete already, its length,
 * so that GitHub gets one Content-Length; -1 when it has to go on chunked. */
static int64_t upload_size(const struct github_call *call)
{
    if (call->request.body_size >= 0)
        return call->request.body_size;
    return github_stream_has_ended(call->upload) ? (int64_t)github_stream_used(call->upload) : -1;
}

static int start(struct github_call *call)
{
    struct github_headers headers;
    struct buffer target;
    github_headers_init(&headers);
    buffer_init(&target, GITHUB_TARGET_MAX);
    github_question_target(&call->question, &target);
    int r = target.error;
    if (r == 0)
        r = github_forward_request(&call->question, &headers);
    if (call->is_decoded)
        github_headers_remove(&headers, "Accept-Encoding"); /* the fetcher asks and decodes */
    /* RFC 9110, 8.6; GitHub asks for it where a write has no body. */
    if (r == 0 && !call->upload && call->question.is_unsafe)
        r = github_headers_borrow(&headers, slice_of("Content-Length"), slice_of("0"));
    if (r == 0) {
        const struct github_fetch_order order = {
            .method = call->method,
            .target = buffer_slice(&target),
            .headers = &headers,
            .is_streamed = !call->is_decoded,
            .has_body = call->upload != NULL,
            .body_size = call->upload ? upload_size(call) : 0,
            .cls = call,
            .on_head = on_head,
            .on_body = on_body,
            .read_body = read_body,
            .on_done = on_done,
        };
        github_counters_add(&call->github->counters, GITHUB_COUNTER_upstream_requests);
        r = github_fetcher_start(call->github->fetcher, &order, &call->fetch);
    }
    buffer_done(&target);
    github_headers_done(&headers);
    return r;
}

/* A chunked body is awaited up to the size of the pipe before GitHub is asked. */
static bool is_ready(const struct github_call *call)
{
    return !call->upload || call->request.body_size > 0 || github_stream_has_ended(call->upload) ||
           github_stream_is_full(call->upload);
}

static void start_if_ready(struct github_call *call)
{
    if (!is_ready(call))
        return;
    const int r = start(call);
    if (r < 0) {
        fail(call, r);
        end(call);
    }
}

void github_pass_begin(struct github_call *call, enum github_reason reason)
{
    call->is_passed = true;
    call->is_collected = call->is_decoded = should_collect(call);
    call->reason = reason;
    TAILQ_INSERT_TAIL(&call->github->passing, call, passing);
    github_counters_add(&call->github->counters, GITHUB_COUNTER_passed);
    const int r = github_stream_new(GITHUB_STREAM_MAX, &call->download);
    if (r < 0) {
        fail(call, r);
        end(call);
        return;
    }
    start_if_ready(call);
}

static void leave(struct github_call *call)
{
    struct github_answer nothing;
    if (call->fetch) {
        spoil(call);
        github_fetcher_cancel(call->github->fetcher, call->fetch);
    }
    github_answer_init(&nothing);
    github_call_deliver(call, &nothing);
    end(call);
}

void github_pass_poke(struct github_call *call)
{
    if (github_call_was_abandoned(call))
        leave(call);
    else if (!call->fetch)
        start_if_ready(call);
    else
        github_fetcher_resume(call->github->fetcher, call->fetch);
}

static void break_off(struct github_call *call, int result)
{
    fail(call, result);
    if (call->fetch) {
        spoil(call);
        github_fetcher_cancel(call->github->fetcher, call->fetch);
    }
    github_stream_end(call->download, result);
    end(call);
}

bool github_pass_expire(struct github_call *call)
{
    if (call->upload && !github_stream_has_ended(call->upload))
        return false;
    github_counters_add(&call->github->counters, GITHUB_COUNTER_timeouts);
    break_off(call, -ETIMEDOUT);
    return true;
}

void github_pass_abort(struct github_call *call)
{
    break_off(call, -ECANCELED);
}
