/* The validator, the fields, and the bytes that come back, until libcurl says that it is done. */
#include "github/exchange.h"

#include <errno.h>
#include <string.h>

#include "github/clock.h"
#include "github/fetcher.h"
#include "github/flight_state.h"
#include "github/forward.h"
#include "github/landing.h"
#include "github/link.h"
#include "github/upstream.h"
#include "store/store.h"

/* The validator that GitHub would accept from this token for the candidate. */
static bool find_validator(struct github_flight *flight, uint8_t ret[static GITHUB_ETAG_SIZE])
{
    struct github *github = flight->github;
    const struct github_question *question = github_flight_question(flight);
    struct github_access_etag own;
    struct slice body;
    if (!flight->candidate || flight->candidate_entry.status != 200)
        return false;
    if ((flight->candidate_entry.flags & GITHUB_ENTRY_PORTABLE) &&
        github_canary_holds(github->canary)) {
        const struct github_etag_request request = {
            .accept = slice_of(question->representation),
            .authorization = question->authorization,
            .vary = github_entry_vary(&flight->candidate_entry, question->is_anonymous),
        };
        body.data = store_item_body(flight->candidate, &body.size);
        github_etag_compute(&request, body, ret);
        return true;
    }
    if (!github_access_get_etag(github->access, question->token_id, question->key,
                                github_clock_ms(), &own) ||
        memcmp(own.content, store_item_content(flight->candidate), sizeof own.content) != 0)
        return false;
    memcpy(ret, own.etag, GITHUB_ETAG_SIZE);
    return true;
}

static void on_head(void *cls, int status, const struct github_headers *headers)
{
    struct github_flight *flight = cls;
    const bool is_probe = flight->phase == PHASE_PROBE;
    struct github_headers *head = is_probe ? &flight->probe_head : &flight->head;
    github_upstream_count(flight->github, github_flight_question(flight), status, headers);
    github_headers_done(head);
    github_headers_init(head);
    /* Short of memory the body's verdict will be -ENOMEM, too: no status, no answer. */
    const int kept_status = github_headers_copy(head, headers) == 0 ? status : 0;
    if (is_probe)
        flight->probe_status = kept_status;
    else
        flight->status = kept_status;
}

static enum github_fetch_take on_body(void *cls, const void *data, size_t size)
{
    struct github_flight *flight = cls;
    buffer_put(&flight->body, data, size);
    return flight->body.error ? GITHUB_FETCH_ABORT : GITHUB_FETCH_TAKEN;
}

static void on_done(void *cls, int result, bool is_framed)
{
    struct github_flight *flight = cls;
    flight->fetch = NULL;
    if (result < 0)
        github_upstream_count(flight->github, github_flight_question(flight), 0, NULL);
    github_landing_finish(flight, flight->body.error == -ENOMEM ? -ENOMEM : result, is_framed);
}

static int send_order(struct github_flight *flight, struct slice target, const uint8_t *etag)
{
    const struct github_question *question = github_flight_question(flight);
    struct github_headers headers;
    char etag_text[GITHUB_ETAG_TEXT_SIZE];
    github_headers_init(&headers);
    buffer_clear(&flight->body);
    int r = github_forward_canonical(question, &headers);
    if (r == 0 && etag) {
        github_etag_format(etag, etag_text);
        r = github_headers_borrow(&headers, slice_of("If-None-Match"), slice_of(etag_text));
    }
    const struct github_fetch_order order = {
        .method = "GET",
        .target = target,
        .headers = &headers,
        .cls = flight,
        .on_head = on_head,
        .on_body = on_body,
        .on_done = on_done,
    };
    if (r == 0) {
        github_counters_add(&flight->github->counters, GITHUB_COUNTER_upstream_requests);
        r = github_fetcher_start(flight->github->fetcher, &order, &flight->fetch);
    }
    github_headers_done(&headers);
    return r;
}

int github_exchange_send(struct github_flight *flight)
{
    struct buffer target;
    uint8_t etag[GITHUB_ETAG_SIZE];
    buffer_init(&target, GITHUB_TARGET_MAX);
    github_question_target(github_flight_question(flight), &target);
    const bool is_conditional = flight->phase == PHASE_MAIN && find_validator(flight, etag);
    if (!is_conditional)
        store_item_release(&flight->candidate);
    flight->sent_ms = github_clock_ms();
    const int r = target.error
                      ? target.error
                      : send_order(flight, buffer_slice(&target), is_conditional ? etag : NULL);
    buffer_done(&target);
    return r;
}

void github_exchange_next_page(const struct github_question *question, struct buffer *out)
{
    const uint64_t page = github_link_parameter(question->target.query, "page", 1);
    github_link_set_page(question->target.path, question->target.query, page + 1, out);
}

int github_exchange_probe(struct github_flight *flight)
{
    const struct github_question *question = github_flight_question(flight);
    const struct github_etag_request request = {
        .accept = slice_of(question->representation),
        .authorization = question->authorization,
        .vary = github_entry_vary(&flight->candidate_entry, question->is_anonymous),
    };
    struct buffer target;
    uint8_t etag[GITHUB_ETAG_SIZE];
    github_etag_compute(&request, slice_of("[]"), etag);
    buffer_init(&target, GITHUB_TARGET_MAX);
    github_exchange_next_page(question, &target);
    github_counters_add(&flight->github->counters, GITHUB_COUNTER_page_probes);
    flight->phase = PHASE_PROBE;
    const int r = target.error ? target.error : send_order(flight, buffer_slice(&target), etag);
    buffer_done(&target);
    return r;
}
