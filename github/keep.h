/* From GitHub's answer to a stored entry, with everything that the answer teaches: access,
 * visibility, names, whether the ETag recipe holds. */
#ifndef GITHUB_KEEP_H
#define GITHUB_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "github/entry.h"
#include "github/headers.h"
#include "github/policy.h"
#include "github/question.h"

struct store_item;

/* An answer of GitHub's; all borrowed. */
struct github_keep_answer {
    int status;
    const struct github_headers *headers;
    struct slice body;      /* decoded */
    int64_t sent_ms;        /* when the request was sent */
    bool is_framed;         /* see fetcher.h */
    bool is_contrary;       /* another body than one that is fresh for another token */
    bool is_agreeing;       /* the same body that is fresh for another token */
    uint8_t contradictions; /* of the entry before */
    enum github_share share;
};

struct github_kept {
    struct store_item *item;   /* a reference */
    struct github_entry entry; /* borrowed from the item */
};

void github_keep_done(struct github_kept *self);

/* Stores a new body (200, 301, 308). -ENOTSUP: it must not be kept and can be handed on as it is;
 * -EPROTO: it can't be trusted to be whole; -ENOMEM, -EMSGSIZE. */
int github_keep_new(struct github *github, const struct github_question *question,
                    const struct github_keep_answer *answer, int64_t now_ms,
                    struct github_kept *ret_kept) MUST_CHECK;

/* Renews an entry after a 304; before is what was asked about. -ENOMEM, -EMSGSIZE. */
int github_keep_renewed(struct github *github, const struct github_question *question,
                        const struct github_keep_answer *answer, const struct github_kept *before,
                        int64_t now_ms, struct github_kept *ret_kept) MUST_CHECK;

/* GitHub refused this token (401, 403, 404, anything that is not kept): forgets what was proved,
 * remembers a 404. */
void github_keep_refused(struct github *github, const struct github_question *question,
                         const struct github_keep_answer *answer, int64_t now_ms);

/* The proof alone: for an answer that is handed through. */
void github_keep_withdraw(struct github *github, const struct github_question *question);

#endif
