/* One fetch in flight per key and scope, and who waits for it. On the fetcher's thread only. */
#ifndef GITHUB_FLIGHT_H
#define GITHUB_FLIGHT_H

#include <stdint.h>

#include "github/call.h"

/* Answers the call from the store, has it wait for a flight that is under way, or starts one. Takes
 * over the fetcher thread's reference to the call. */
void github_flight_ask(struct github_call *call);

/* The call's front has gone: it no longer waits. A flight that nobody waits for ends. */
void github_flight_leave(struct github_call *call);

/* The call's deadline has come: it gets a stale entry where the route allows, else 504. */
void github_flight_expire(struct github_call *call);

/* Ends all flights with 503. */
void github_flight_end_all(struct github *github);

#endif
