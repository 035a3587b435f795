/* What a flight sends to GitHub: its question, conditional where a validator can be had, and the
 * probe for a page that may have appeared after a full last one. */
#ifndef GITHUB_EXCHANGE_H
#define GITHUB_EXCHANGE_H

#include "base/buffer.h"
#include "base/check.h"
#include "github/question.h"

struct github_flight;

/* Sends the question. -ENOMEM, -EINVAL, -EMSGSIZE; nothing is under way then. */
int github_exchange_send(struct github_flight *flight) MUST_CHECK;

/* Asks for the page after the question's with the ETag of an empty list, which costs nothing while
 * there is none. Errors as above. */
int github_exchange_probe(struct github_flight *flight) MUST_CHECK;

/* Appends the target of the page after this one. */
void github_exchange_next_page(const struct github_question *question, struct buffer *out);

#endif
