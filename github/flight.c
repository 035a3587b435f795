/* The table of flights: who starts one, who joins it, who leaves. */
#include "github/flight.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "github/clock.h"
#include "github/exchange.h"
#include "github/flight_state.h"
#include "github/landing.h"
#include "github/pass.h"
#include "github/reply.h"
#include "github/stream.h"
#include "store/store.h"

const struct github_question *github_flight_question(const struct github_flight *self)
{
    return &self->origin->question;
}

/* --- Life --- */

/* Takes the flight out of the table, so that whoever asks again starts anew. */
void github_flight_land(struct github_flight *flight)
{
    if (!flight->has_landed)
        lru_remove(flight->github->flights, flight->id);
    flight->has_landed = true;
}

void github_flight_destroy(struct github_flight **flight_p)
{
    struct github_flight *flight = *flight_p;
    if (!flight)
        return;
    github_flight_land(flight);
    github_call_drop(&flight->origin);
    github_lookup_done(&flight->lookup);
    store_item_release(&flight->candidate);
    github_headers_done(&flight->head);
    github_headers_done(&flight->probe_head);
    buffer_done(&flight->body);
    free(flight);
    *flight_p = NULL;
}

static void join(struct github_flight *flight, struct github_call *call)
{
    call->flight = flight;
    TAILQ_INSERT_TAIL(&flight->waiting, call, waiting);
}

/* Ends the call's wait and the thread's interest in it. */
void github_flight_give(struct github_call *call, struct github_answer *answer)
{
    struct github_call *reference = call;
    if (call->upload) /* nobody will read it */
        github_stream_end(call->upload, 0);
    github_call_deliver(call, answer);
    github_call_drop(&reference);
}

void github_flight_part(struct github_call *call)
{
    if (call->flight)
        TAILQ_REMOVE(&call->flight->waiting, call, waiting);
    call->flight = NULL;
}

static void end_if_deserted(struct github_flight *flight)
{
    if (!flight || !TAILQ_EMPTY(&flight->waiting))
        return;
    github_fetcher_cancel(flight->github->fetcher, flight->fetch);
    github_flight_destroy(&flight);
}

void github_flight_leave(struct github_call *call)
{
    struct github_flight *flight = call->flight;
    struct github_answer nothing;
    if (!flight)
        return;
    github_flight_part(call);
    github_answer_init(&nothing);
    github_flight_give(call, &nothing);
    end_if_deserted(flight);
}

struct github_call *github_flight_next(struct github_flight *flight)
{
    struct github_call *call = TAILQ_FIRST(&flight->waiting);
    if (call)
        github_flight_part(call);
    return call;
}

/* --- Asking --- */

/* What a condition can be about: the entry itself, else another token's. */
static void choose_candidate(struct github_flight *flight)
{
    struct github_lookup *lookup = &flight->lookup;
    struct store_item *item = lookup->item ? lookup->item : lookup->other;
    size_t size;
    if (!item)
        return;
    const void *meta = store_item_meta(item, &size);
    if (github_entry_decode(meta, size, &flight->candidate_entry) == 0)
        flight->candidate = store_item_retain(item);
}

static int start(struct github_call *call, const uint8_t *id, struct github_lookup *lookup)
{
    struct github *github = call->github;
    if (lru_count(github->flights) == GITHUB_FLIGHTS_MAX)
        return -EBUSY;
    struct github_flight *flight = calloc(1, sizeof *flight);
    if (!flight)
        return -ENOMEM;
    flight->github = github;
    memcpy(flight->id, id, sizeof flight->id);
    flight->phase = PHASE_MAIN;
    flight->origin = github_call_retain(call);
    TAILQ_INIT(&flight->waiting);
    github_headers_init(&flight->head);
    github_headers_init(&flight->probe_head);
    buffer_init(&flight->body, github->options.body_max);
    github_lookup_move(&flight->lookup, lookup);
    choose_candidate(flight);
    *(struct github_flight **)lru_put(github->flights, id, NULL) = flight;
    const int r = github_exchange_send(flight);
    if (r < 0)
        github_flight_destroy(&flight);
    else
        join(flight, call);
    return r;
}

static void refuse(struct github_call *call, int status, const char *message, const char *detail)
{
    struct github_answer answer;
    const struct github_trace trace = {.reason = call->reason, .detail = detail};
    github_reply_fail(call->github, status, message, &trace, &answer);
    github_flight_give(call, &answer);
}

static void depart(struct github_call *call, struct github_lookup *lookup)
{
    struct github *github = call->github;
    const struct github_question *question = &call->question;
    /* Tokens that only have to prove themselves need not wait for each other. */
    const bool is_own = lookup->input.share == GITHUB_SHARE_TOKEN ||
                        lookup->decision.reason == GITHUB_REASON_UNPROVED;
    const uint8_t *id = is_own ? question->bound : question->key;
    struct github_flight **flight_p = lru_get(github->flights, id);
    if (!call->is_collapsed)
        call->reason = lookup->decision.reason;
    if (flight_p) {
        call->is_collapsed = true;
        join(*flight_p, call);
        return;
    }
    call->is_collapsed = false;
    call->reason = lookup->decision.reason;
    github_counters_add(&github->counters, GITHUB_COUNTER_misses);
    const int r = start(call, id, lookup);
    if (r == -EBUSY) {
        github_counters_add(&github->counters, GITHUB_COUNTER_refused);
        refuse(call, 503, "Too many different requests are under way.", "flights");
    } else if (r < 0) {
        github_landing_fail(call, r);
    }
}

static void serve(struct github_call *call, const struct github_lookup *lookup, int64_t now_ms)
{
    struct github *github = call->github;
    struct github_answer answer;
    const struct github_reply reply = {
        .question = &call->question,
        .item = lookup->item,
        .entry = &lookup->entry,
        .trace = {.reason = call->is_collapsed ? call->reason : lookup->decision.reason,
                  .is_collapsed = call->is_collapsed,
                  .left_ms = lookup->decision.left_ms},
    };
    github_counters_add(&github->counters,
                        call->is_collapsed ? GITHUB_COUNTER_collapsed : GITHUB_COUNTER_local_hits);
    github_reply_make(github, &reply, now_ms, &answer);
    github_flight_give(call, &answer);
}

void github_flight_ask(struct github_call *call)
{
    const int64_t now_ms = github_clock_ms();
    struct github_lookup lookup;
    if (atomic_load(&call->github->is_shut)) {
        github_landing_fail(call, -ECANCELED);
        return;
    }
    github_lookup_make(&lookup, call->github, &call->question, call->arrived_ms, now_ms);
    switch (lookup.decision.action) {
    case GITHUB_ACTION_SERVE:
        serve(call, &lookup, now_ms);
        break;
    case GITHUB_ACTION_REFUSE:
        call->reason = lookup.decision.reason;
        refuse(call, 504, "Nothing usable is stored, and the request forbids asking.", NULL);
        break;
    case GITHUB_ACTION_PASS:
        github_pass_begin(call, lookup.decision.reason);
        break;
    case GITHUB_ACTION_REVALIDATE:
    case GITHUB_ACTION_FETCH:
        depart(call, &lookup);
        break;
    }
    github_lookup_done(&lookup);
}

void github_flight_expire(struct github_call *call)
{
    struct github_flight *flight = call->flight;
    github_flight_part(call);
    github_counters_add(&call->github->counters, GITHUB_COUNTER_timeouts);
    github_landing_fail(call, -ETIMEDOUT);
    end_if_deserted(flight);
}

static bool collect(void *cls, const void *key, void *value)
{
    struct github_flight **list = cls;
    struct github_flight *flight = *(struct github_flight **)value;
    (void)key;
    *list = flight;
    return false;
}

void github_flight_end_all(struct github *github)
{
    while (lru_count(github->flights) > 0) {
        struct github_flight *flight = NULL;
        lru_sweep(github->flights, collect, &flight);
        github_fetcher_cancel(github->fetcher, flight->fetch);
        github_landing_fail_all(flight, -ECANCELED);
    }
}
