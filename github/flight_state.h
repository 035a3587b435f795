/* A flight's inside, for the files that move it on: flight.c (who waits), exchange.c (what is
 * sent), landing.c (what comes of it). Private to them; on the fetcher's thread only. */
#ifndef GITHUB_FLIGHT_STATE_H
#define GITHUB_FLIGHT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "github/call.h"
#include "github/entry.h"
#include "github/headers.h"
#include "github/lookup.h"
#include "github/state.h"

struct store_item;

/*
 *              304 to a full last page            200: there is a next page
 *   MAIN ------------------------------> PROBE ----------------------------> AGAIN
 *     |  anything else                     |  anything else                    |
 *     v                                    v                                   v
 *    end                                  end                                 end
 */
enum github_flight_phase {
    PHASE_MAIN,  /* the question itself, conditional where a validator can be had */
    PHASE_PROBE, /* the page after it, against the ETag of an empty list */
    PHASE_AGAIN, /* the question once more, unconditional, for its new Link */
};

struct github_flight {
    struct github *github;
    uint8_t id[GITHUB_KEY_SIZE];
    enum github_flight_phase phase;
    struct github_call *origin; /* with whose question and token GitHub is asked; a reference */
    struct github_call_list waiting; /* the origin among them while its client is there */
    struct github_lookup lookup;     /* as it was at the start */
    struct store_item *candidate;    /* what the condition is about; a reference */
    struct github_entry candidate_entry;
    struct github_fetch *fetch;
    int64_t sent_ms; /* of phase MAIN or AGAIN */
    int status;
    struct github_headers head; /* of phase MAIN or AGAIN */
    struct github_headers probe_head;
    int probe_status;
    struct buffer body;
    bool has_landed; /* no longer in the table of flights */
};

/* Whose question is asked. */
const struct github_question *github_flight_question(const struct github_flight *self);

/* Takes the flight out of the table, so that whoever asks again starts anew. */
void github_flight_land(struct github_flight *self);

/* Ends a flight that nobody waits for, and nulls the pointer. */
void github_flight_destroy(struct github_flight **self_p);

/* The next call that waits, which no longer does; NULL when there is none. */
struct github_call *github_flight_next(struct github_flight *self);

/* The call no longer waits for anything. */
void github_flight_part(struct github_call *call);

/* Delivers the answer (which is empty afterwards) and drops the thread's reference to the call. */
void github_flight_give(struct github_call *call, struct github_answer *answer);

#endif
