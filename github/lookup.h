/* What the store holds for a question, and what the policy says to it. */
#ifndef GITHUB_LOOKUP_H
#define GITHUB_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "github/entry.h"
#include "github/policy.h"
#include "github/question.h"

struct store_item;

struct github_lookup {
    struct github_policy_input input;
    struct github_decision decision;
    struct store_item *item;   /* what the decision is about, NULL for nothing; a reference */
    struct github_entry entry; /* of the item, borrowed from it */
    uint8_t contradictions;    /* of the plain key's entry, whoever it is about */
    struct store_item *other;  /* for an answer bound to the token: another token's copy, which a
                                  304 may prove to be this token's too; a reference or NULL */
};

/* Looks and decides. since_ms: for a request that waited, when it came; an entry validated since
 * then satisfies it whatever its Cache-Control and lifetime say (RFC 9111, 4: collapsed requests).
 * INT64_MAX for a request that just came. Needs github_lookup_done. */
void github_lookup_make(struct github_lookup *self, struct github *github,
                        const struct github_question *question, int64_t since_ms, int64_t now_ms);
void github_lookup_done(struct github_lookup *self);

/* When something was last written or invalidated that the answer may depend on, or INT64_MIN. */
int64_t github_lookup_dirty_ms(struct github *github, const struct github_question *question,
                               int64_t now_ms);

/* Moves other into self, which must be empty; other is empty afterwards. */
void github_lookup_move(struct github_lookup *self, struct github_lookup *other);

#endif
