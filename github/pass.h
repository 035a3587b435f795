/* Requests that are handed through: writes, GraphQL, and what is never cached. Bodies stream both
 * ways through bounded pipes. On the fetcher's thread only. */
#ifndef GITHUB_PASS_H
#define GITHUB_PASS_H

#include "github/call.h"

/* Takes the call over. */
void github_pass_begin(struct github_call *call, enum github_reason reason);

/* The front did something: sent more, read more, or left. */
void github_pass_poke(struct github_call *call);

/* The deadline came without an answer's head; true if the call is over now, false if it goes on
 * because its body is still on the way in. */
bool github_pass_expire(struct github_call *call);

/* The node goes down: 503 if there is no head yet, else the stream breaks off. */
void github_pass_abort(struct github_call *call);

#endif
