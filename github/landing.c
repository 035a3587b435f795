/* What became of a flight, and what each of those who wait is given. */
#include "github/landing.h"

#include <errno.h>
#include <string.h>

#include "github/clock.h"
#include "github/digest.h"
#include "github/exchange.h"
#include "github/flight.h"
#include "github/flight_state.h"
#include "github/keep.h"
#include "github/pass.h"
#include "github/reply.h"
#include "github/upstream.h"
#include "store/store.h"

static struct github_trace trace_of(const struct github_call *call, int fwd_status, bool is_stored)
{
    const struct github_trace trace = {
        .reason = call->reason,
        .fwd_status = fwd_status,
        .is_stored = is_stored,
        .is_collapsed = call->is_collapsed,
    };
    return trace;
}

/* A stale entry where route, token and age allow one. */
static bool give_stale(struct github_call *call)
{
    struct github *github = call->github;
    const int64_t now_ms = github_clock_ms();
    struct github_lookup lookup;
    struct github_decision decision;
    struct github_answer answer;
    github_lookup_make(&lookup, github, &call->question, INT64_MAX, now_ms);
    const bool is_allowed =
        lookup.item && github_policy_allows_stale(&lookup.input, now_ms, &decision);
    if (is_allowed) {
        const struct github_reply reply = {
            .question = &call->question,
            .item = lookup.item,
            .entry = &lookup.entry,
            .trace = {.reason = decision.reason, .left_ms = decision.left_ms},
        };
        github_counters_add(&github->counters, GITHUB_COUNTER_stale_hits);
        github_reply_make(github, &reply, now_ms, &answer);
        github_flight_give(call, &answer);
    }
    github_lookup_done(&lookup);
    return is_allowed;
}

void github_landing_fail(struct github_call *call, int result)
{
    struct github_answer answer;
    if (give_stale(call))
        return;
    const struct github_trace trace = trace_of(call, 0, false);
    github_upstream_fail(call->github, result, &trace, &answer);
    github_flight_give(call, &answer);
}

static void give_kept(struct github_flight *flight, struct github_call *call,
                      const struct github_kept *kept, bool is_new)
{
    struct github_answer answer;
    const struct github_reply reply = {
        .question = &call->question,
        .item = kept->item,
        .entry = &kept->entry,
        .own = &flight->head,
        .trace = trace_of(call, flight->status, is_new),
    };
    github_reply_make(flight->github, &reply, github_clock_ms(), &answer);
    github_flight_give(call, &answer);
}

static void give_response(struct github_flight *flight, struct github_call *call)
{
    struct github_answer answer;
    const struct github_trace trace = trace_of(call, flight->status, false);
    const struct github_reply_response response = {
        .status = flight->status,
        .headers = &flight->head,
        .body = buffer_slice(&flight->body),
    };
    github_reply_forward(flight->github, &call->question, &response, &trace, &answer);
    github_flight_give(call, &answer);
}

/* Everybody else asks again: most find the new entry, the others prove their own access. */
static void ask_again(struct github_flight *flight)
{
    struct github_call *call;
    while ((call = github_flight_next(flight)))
        github_flight_ask(call);
}

static void end_with_kept(struct github_flight *flight, const struct github_kept *kept, bool is_new)
{
    github_flight_land(flight);
    if (flight->origin->flight == flight) {
        github_flight_part(flight->origin);
        give_kept(flight, flight->origin, kept, is_new);
    }
    ask_again(flight);
    github_flight_destroy(&flight);
}

/* A waiter never gets another token's refusal. */
static bool is_same_token(const struct github_flight *flight, const struct github_call *call)
{
    const struct slice mine = flight->origin->question.authorization;
    return slice_equals(mine, call->question.authorization);
}

static void end_with_response(struct github_flight *flight)
{
    struct github_call *call;
    const bool may_be_stale =
        flight->status >= 500 ||
        github_budget_is_limit(flight->status, &flight->head, buffer_slice(&flight->body));
    github_flight_land(flight);
    struct github_call_list others;
    TAILQ_INIT(&others);
    while ((call = github_flight_next(flight))) {
        if (!is_same_token(flight, call))
            TAILQ_INSERT_TAIL(&others, call, waiting);
        else if (!may_be_stale || !give_stale(call))
            give_response(flight, call);
    }
    while ((call = TAILQ_FIRST(&others))) {
        TAILQ_REMOVE(&others, call, waiting);
        github_flight_ask(call);
    }
    github_flight_destroy(&flight);
}

void github_landing_fail_all(struct github_flight *flight, int result)
{
    struct github_call *call;
    github_flight_land(flight);
    while ((call = github_flight_next(flight)))
        github_landing_fail(call, result);
    github_flight_destroy(&flight);
}

/* The body is over the limit for keeping: everybody gets it handed through. */
static void end_oversize(struct github_flight *flight)
{
    struct github *github = flight->github;
    const int64_t life_ms = (int64_t)GITHUB_UNSHAREABLE_S * 1000 / github->options.time_scale;
    github_counters_add(&github->counters, GITHUB_COUNTER_oversize);
    const int64_t now_ms = github_clock_ms();
    github_table_put(github->oversize, github_flight_question(flight)->key, NULL, now_ms,
                     now_ms + life_ms);
    github_flight_land(flight);
    struct github_call *call;
    while ((call = github_flight_next(flight)))
        github_pass_begin(call, GITHUB_REASON_BYPASS);
    github_flight_destroy(&flight);
}

/* --- What came back --- */

/* Another body than one that is fresh for another token: not just one that could not be asked for
 * conditionally. */
static bool is_contrary(const struct github_flight *flight)
{
    const struct github_lookup *lookup = &flight->lookup;
    uint8_t content[GITHUB_CONTENT_SIZE];
    if (!lookup->item || lookup->decision.reason != GITHUB_REASON_UNPROVED || flight->status != 200)
        return false;
    github_digest_content(flight->body.data, flight->body.size, content);
    return memcmp(content, store_item_content(lookup->item), sizeof content) != 0;
}

static struct github_keep_answer answer_of(const struct github_flight *flight, bool is_framed)
{
    const struct github_lookup *lookup = &flight->lookup;
    const struct github_keep_answer answer = {
        .status = flight->status,
        .headers = &flight->head,
        .body = buffer_slice(&flight->body),
        .sent_ms = flight->sent_ms,
        .is_framed = is_framed,
        .is_contrary = is_contrary(flight),
        .is_agreeing = lookup->decision.reason == GITHUB_REASON_UNPROVED && flight->status == 304,
        .contradictions = lookup->contradictions,
        .share = lookup->input.share,
    };
    return answer;
}

static void finish_unchanged(struct github_flight *flight)
{
    struct github_kept kept;
    const struct github_keep_answer answer = answer_of(flight, true);
    const struct github_kept before = {.item = flight->candidate, .entry = flight->candidate_entry};
    const int r = github_keep_renewed(flight->github, github_flight_question(flight), &answer,
                                      &before, github_clock_ms(), &kept);
    if (r < 0) {
        github_landing_fail_all(flight, r);
        return;
    }
    end_with_kept(flight, &kept, false);
    github_keep_done(&kept);
}

static void finish_changed(struct github_flight *flight, bool is_framed)
{
    struct github_kept kept;
    const struct github_keep_answer answer = answer_of(flight, is_framed);
    const int r = github_keep_new(flight->github, github_flight_question(flight), &answer,
                                  github_clock_ms(), &kept);
    if (r == -ENOTSUP) {
        end_with_response(flight);
    } else if (r < 0) {
        github_landing_fail_all(flight, r);
    } else {
        end_with_kept(flight, &kept, true);
        github_keep_done(&kept);
    }
}

/* A full last page keeps its body and ETag when a next page appears. */
static bool needs_probe(const struct github_flight *flight)
{
    return flight->phase == PHASE_MAIN &&
           (flight->candidate_entry.flags & GITHUB_ENTRY_FULL_PAGE) &&
           !github_headers_find(&flight->head, "Link").data;
}

static void finish_304(struct github_flight *flight)
{
    if (!flight->candidate) {
        github_landing_fail_all(flight, -EPROTO); /* nobody asked conditionally */
        return;
    }
    if (!needs_probe(flight)) {
        finish_unchanged(flight);
        return;
    }
    const bool can_probe = (flight->candidate_entry.flags & GITHUB_ENTRY_PORTABLE) &&
                           github_canary_holds(flight->github->canary);
    flight->phase = PHASE_AGAIN;
    const int r = can_probe ? github_exchange_probe(flight) : github_exchange_send(flight);
    if (r < 0)
        github_landing_fail_all(flight, r);
}

/* The probe's body is the next page, kept under the name that it was asked by. A client that
 * follows a Link with the repository's number instead fetches it once more. */
static void keep_next_page(struct github_flight *flight, bool is_framed)
{
    const struct github_question *question = github_flight_question(flight);
    struct github_request request = *question->request;
    struct github_question next;
    struct github_kept kept;
    struct buffer target;
    buffer_init(&target, GITHUB_TARGET_MAX);
    github_exchange_next_page(question, &target);
    request.target = buffer_slice(&target);
    int r = target.error;
    if (r == 0) {
        r = github_question_init(&next, flight->github, &request);
        struct github_keep_answer answer = answer_of(flight, is_framed);
        answer.status = flight->probe_status;
        answer.headers = &flight->probe_head;
        answer.is_contrary = false;
        answer.is_agreeing = false;
        answer.contradictions = 0;
        if (r == 0)
            r = github_keep_new(flight->github, &next, &answer, github_clock_ms(), &kept);
        if (r == 0)
            github_keep_done(&kept);
        github_question_done(&next);
    }
    if (r < 0)
        github_counters_add(&flight->github->counters, GITHUB_COUNTER_unstored);
    buffer_done(&target);
}

static void finish_probe(struct github_flight *flight, int result, bool is_framed)
{
    if (result < 0 || flight->probe_status != 200) {
        finish_unchanged(flight);
        return;
    }
    keep_next_page(flight, is_framed);
    flight->phase = PHASE_AGAIN;
    const int r = github_exchange_send(flight);
    if (r < 0)
        github_landing_fail_all(flight, r);
}

void github_landing_finish(struct github_flight *flight, int result, bool is_framed)
{
    if (flight->phase == PHASE_PROBE) {
        finish_probe(flight, result, is_framed);
    } else if (result == -EMSGSIZE) {
        end_oversize(flight);
    } else if (result < 0 || flight->status == 0) {
        github_landing_fail_all(flight, result < 0 ? result : -ENOMEM);
    } else if (flight->status == 304) {
        finish_304(flight);
    } else if (flight->status == 200 || flight->status == 301 || flight->status == 308) {
        finish_changed(flight, is_framed);
    } else {
        const struct github_keep_answer answer = answer_of(flight, is_framed);
        github_keep_refused(flight->github, github_flight_question(flight), &answer,
                            github_clock_ms());
        end_with_response(flight);
    }
}
