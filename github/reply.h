/* From a stored entry to the answer that this client gets. */
#ifndef GITHUB_REPLY_H
#define GITHUB_REPLY_H

#include <stdint.h>

#include "github/answer.h"
#include "github/entry.h"
#include "github/question.h"

struct store_item;

struct github_reply {
    const struct github_question *question;
    struct store_item *item;          /* borrowed */
    const struct github_entry *entry; /* of the item */
    const struct github_headers *own; /* fields of the exchange that brought it, for the client that
                                         it was made for; NULL otherwise */
    struct github_trace trace;
};

/* Fills an empty answer: 304 when the client's condition says so, else the entry's status and body.
 * Short of memory it is a 503. */
void github_reply_make(struct github *github, const struct github_reply *reply, int64_t now_ms,
                       struct github_answer *ret_answer);

/* An error of the node's own, in GitHub's shape, counted. */
void github_reply_fail(struct github *github, int status, const char *message,
                       const struct github_trace *trace, struct github_answer *ret_answer);

/* GitHub's own answer, kept or not, as it is; the body is copied. Short of memory: 503. */
struct github_reply_response {
    int status;
    const struct github_headers *headers;
    struct slice body;
};
void github_reply_forward(struct github *github, const struct github_question *question,
                          const struct github_reply_response *response,
                          const struct github_trace *trace, struct github_answer *ret_answer);

#endif
