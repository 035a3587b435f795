/* The service: its parts, the request's way in, and the ticks of the fetcher's thread. */
#include "github/github.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "github/call.h"
#include "github/clock.h"
#include "github/flight.h"
#include "github/lookup.h"
#include "github/pass.h"
#include "github/question.h"
#include "github/reply.h"
#include "github/state.h"

enum { PASS_EXTENSION_MS = 1000 };

/* --- The fetcher's thread --- */

static int64_t on_tick(void *cls)
{
    struct github *self = cls;
    const int64_t now_ms = github_clock_steady_ms();
    struct github_call *call;
    while ((call = TAILQ_FIRST(&self->unanswered)) && call->deadline_ms <= now_ms) {
        if (!call->is_passed)
            github_flight_expire(call);
        else if (!github_pass_expire(call)) /* its body is still on the way in */
            github_call_set_deadline(call, now_ms + PASS_EXTENSION_MS);
    }
    return call ? call->deadline_ms : INT64_MAX;
}

static void run_shut(struct github_mail *mail)
{
    struct github *self = (struct github *)((char *)mail - offsetof(struct github, shut_mail));
    struct github_call *call;
    github_flight_end_all(self);
    while ((call = TAILQ_FIRST(&self->passing)))
        github_pass_abort(call);
}

void github_shut(struct github *self)
{
    atomic_store(&self->is_shut, true);
    github_fetcher_post(self->fetcher, &self->shut_mail);
}

/* --- Life --- */

static int copy_options(struct github *self, const struct github_options *options)
{
    self->options = *options;
    self->upstream = slice_copy(slice_of(options->upstream));
    self->user_agent = slice_copy(slice_of(options->user_agent));
    self->ca_file = slice_copy(slice_of(options->ca_file));
    if (!self->upstream || !self->user_agent || !self->ca_file)
        return -ENOMEM;
    self->options.upstream = self->upstream;
    self->options.user_agent = self->user_agent;
    self->options.ca_file = self->ca_file;
    memcpy(self->secret, options->secret, sizeof self->secret);
    self->options.secret = self->secret;
    atomic_init(&self->request_timeout_ms, options->request_timeout_ms);
    return 0;
}

static int make_tables(struct github *self)
{
    const struct github_access_options access = {
        .proof_ttl_ms = self->options.proof_ttl_ms,
        .time_scale = self->options.time_scale,
    };
    const struct lru_options flights = {
        .capacity = GITHUB_FLIGHTS_MAX,
        .key_size = GITHUB_KEY_SIZE,
        .value_size = sizeof(struct github_flight *),
    };
    const uint32_t scale = self->options.time_scale;
    int r = github_access_new(&access, &self->access);
    if (r == 0)
        r = github_alias_new(&self->alias);
    if (r == 0)
        r = github_tombstone_new(scale, &self->tombstone);
    if (r == 0)
        r = github_negative_new(scale, &self->negative);
    if (r == 0)
        r = github_budget_new(&self->budget);
    if (r == 0)
        r = github_canary_new(&self->canary);
    if (r == 0)
        r = github_table_new(GITHUB_OVERSIZE_MAX, GITHUB_KEY_SIZE, 0, &self->oversize);
    if (r == 0)
        r = lru_new(&flights, &self->flights);
    return r;
}

static int start_fetcher(struct github *self)
{
    const struct github_fetcher_options options = {
        .upstream = self->upstream,
        .user_agent = self->user_agent,
        .ca_file = self->ca_file,
        .connect_timeout_ms = self->options.connect_timeout_ms,
        .timeout_ms = self->options.timeout_ms,
        .connections_max = self->options.connections_max,
        .on_tick = on_tick,
        .cls = self,
    };
    return github_fetcher_new(&options, &self->fetcher);
}

int github_new(const struct github_options *options, struct github **ret_github)
{
    CHECK(options->time_scale > 0 && options->body_max <= GITHUB_BODY_MAX);
    struct github *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    TAILQ_INIT(&self->unanswered);
    TAILQ_INIT(&self->passing);
    self->shut_mail.run = run_shut;
    int r = copy_options(self, options);
    if (r == 0)
        r = make_tables(self);
    if (r == 0)
        r = start_fetcher(self);
    if (r == 0)
        *ret_github = self;
    else
        github_destroy(&self);
    return r;
}

void github_destroy(struct github **self_p)
{
    struct github *self = *self_p;
    if (!self)
        return;
    github_fetcher_destroy(&self->fetcher);
    lru_destroy(&self->flights);
    github_table_destroy(&self->oversize);
    github_canary_destroy(&self->canary);
    github_budget_destroy(&self->budget);
    github_negative_destroy(&self->negative);
    github_tombstone_destroy(&self->tombstone);
    github_alias_destroy(&self->alias);
    github_access_destroy(&self->access);
    free(self->upstream);
    free(self->user_agent);
    free(self->ca_file);
    free(self);
    *self_p = NULL;
}

/* --- Asking --- */

static void refuse(struct github *self, int status, const char *message, const char *detail,
                   struct github_answer *ret_answer)
{
    const struct github_trace trace = {.reason = GITHUB_REASON_BYPASS, .detail = detail};
    github_reply_fail(self, status, message, &trace, ret_answer);
}

static void serve(struct github *self, const struct github_question *question,
                  const struct github_lookup *lookup, int64_t now_ms,
                  struct github_answer *ret_answer)
{
    const bool is_stale = lookup->decision.reason == GITHUB_REASON_STALE_CLIENT;
    const struct github_reply reply = {
        .question = question,
        .item = lookup->item,
        .entry = &lookup->entry,
        .trace = {.reason = lookup->decision.reason, .left_ms = lookup->decision.left_ms},
    };
    github_counters_add(&self->counters,
                        is_stale ? GITHUB_COUNTER_stale_hits : GITHUB_COUNTER_local_hits);
    github_reply_make(self, &reply, now_ms, ret_answer);
}

/* GitHub's 404 of a moment ago, for the token that got it. */
static bool serve_negative(struct github *self, const struct github_question *question,
                           int64_t now_ms, struct github_answer *ret_answer)
{
    char body[GITHUB_NEGATIVE_BODY_MAX];
    size_t size;
    struct github_headers headers;
    if (question->control.no_cache || question->control.max_age_s == 0 ||
        !github_negative_get(self->negative, question->token_id, question->key, now_ms, body,
                             &size))
        return false;
    const struct github_trace trace = {.reason = GITHUB_REASON_NEGATIVE};
    const struct github_reply_response response = {
        .status = 404,
        .headers = &headers,
        .body = {.data = body, .size = size},
    };
    github_headers_init(&headers);
    const bool has_type = github_headers_borrow(&headers, slice_of("Content-Type"),
                                                slice_of("application/json; charset=utf-8")) == 0;
    CHECK(has_type);
    github_counters_add(&self->counters, GITHUB_COUNTER_negative_hits);
    github_reply_forward(self, question, &response, &trace, ret_answer);
    github_headers_done(&headers);
    return true;
}

/* What can be answered without waiting. */
static bool answer_now(struct github *self, const struct github_question *question,
                       struct github_answer *ret_answer)
{
    const int64_t now_ms = github_clock_ms();
    struct github_lookup lookup;
    bool is_answered = true;
    github_lookup_make(&lookup, self, question, INT64_MAX, now_ms);
    switch (lookup.decision.action) {
    case GITHUB_ACTION_SERVE:
        serve(self, question, &lookup, now_ms, ret_answer);
        break;
    case GITHUB_ACTION_REVALIDATE:
    case GITHUB_ACTION_FETCH:
        is_answered = serve_negative(self, question, now_ms, ret_answer);
        break;
    case GITHUB_ACTION_REFUSE:
    case GITHUB_ACTION_PASS:
        is_answered = false;
        break;
    }
    github_lookup_done(&lookup);
    return is_answered;
}

/* Hands the request to the fetcher's thread. */
static int enter(struct github *self, const struct github_request *request,
                 const struct github_notify *notify, struct github_answer *ret_answer,
                 struct github_call **ret_call)
{
    struct github_call *call = NULL;
    if (atomic_fetch_add(&self->calls, 1) >= GITHUB_WAITERS_MAX) {
        atomic_fetch_sub(&self->calls, 1);
        github_counters_add(&self->counters, GITHUB_COUNTER_refused);
        refuse(self, 503, "Too many requests are waiting for GitHub.", "waiters", ret_answer);
        return 0;
    }
    const int r = github_call_new(self, request, notify, &call);
    if (r < 0) {
        atomic_fetch_sub(&self->calls, 1);
        return r;
    }
    github_call_retain(call); /* the fetcher's thread */
    github_fetcher_post(self->fetcher, &call->ask);
    *ret_call = call;
    return -EINPROGRESS;
}

int github_ask(struct github *self, const struct github_request *request,
               const struct github_notify *notify, struct github_answer *ret_answer,
               struct github_call **ret_call)
{
    struct github_question question;
    github_counters_add(&self->counters, GITHUB_COUNTER_requests_total);
    int r = github_question_init(&question, self, request);
    if (r == -EBADMSG) {
        refuse(self, 400, "The request target is malformed.", "malformed", ret_answer);
        r = 0;
    } else if (r == -EMSGSIZE) {
        refuse(self, 414, "The request target is too long.", "limit", ret_answer);
        r = 0;
    } else if (r == 0 && !answer_now(self, &question, ret_answer)) {
        r = enter(self, request, notify, ret_answer, ret_call);
    }
    github_question_done(&question);
    return r;
}

int github_invalidate(struct github *self, struct slice prefix)
{
    const int r = github_tombstone_add(self->tombstone, prefix, github_clock_ms());
    if (r < 0)
        return r;
    github_counters_add(&self->counters, GITHUB_COUNTER_invalidations);
    github_negative_clear(self->negative);
    return 0;
}

void github_set_proof_ttl(struct github *self, int64_t proof_ttl_ms)
{
    github_access_set_proof_ttl(self->access, proof_ttl_ms);
}

void github_set_request_timeout(struct github *self, uint32_t request_timeout_ms)
{
    atomic_store(&self->request_timeout_ms, request_timeout_ms);
}

const struct github_counters *github_get_counters(const struct github *self)
{
    return &self->counters;
}

void github_get_access_counts(struct github *self, struct github_access_counts *ret_counts)
{
    github_access_counts(self->access, ret_counts);
}

bool github_etag_model_holds(const struct github *self)
{
    return github_canary_holds(self->canary);
}
