/* The end of a flight: what GitHub's answer means for the store and for each call that waits. */
#ifndef GITHUB_LANDING_H
#define GITHUB_LANDING_H

#include <stdbool.h>

struct github_call;
struct github_flight;

/* An exchange of the flight is over: goes on with the next one, or lands. The flight may be gone
 * afterwards. result and is_framed are the fetcher's. */
void github_landing_finish(struct github_flight *flight, int result, bool is_framed);

/* Gives one call that waits for no flight a stale entry where that is allowed, else 502, 503 or 504
 * for the fetcher's result. */
void github_landing_fail(struct github_call *call, int result);

/* Lands the flight with the same for all. */
void github_landing_fail_all(struct github_flight *flight, int result);

#endif
