/* What GitHub's rate-limit fields told, per credential and resource, and the fields that a client
 * is shown on a hit. Any thread. */
#ifndef GITHUB_BUDGET_H
#define GITHUB_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/check.h"
#include "github/headers.h"
#include "github/limits.h"

struct github_budget;

enum { GITHUB_BUDGET_RESOURCE_MAX = 40 }; /* bytes of a resource name */

struct github_budget_state {
    uint64_t limit, remaining, used;
    uint64_t reset_s; /* Unix time */
    char resource[GITHUB_BUDGET_RESOURCE_MAX + 1];
};

int github_budget_new(struct github_budget **ret_budget) MUST_CHECK;
void github_budget_destroy(struct github_budget **self_p);

/* Learns from a response to this token. For the same window (equal reset) the lowest remaining
 * counts, so answers that overtake each other do no harm. Fields that are absent or malformed
 * leave what is known. */
void github_budget_learn(struct github_budget *self, const uint8_t *token_id,
                         const struct github_headers *response, int64_t now_ms);

/* What is known for this token and resource ("core" for most); after the reset the full limit
 * again. False when nothing is. */
bool github_budget_find(struct github_budget *self, const uint8_t *token_id, const char *resource,
                        int64_t now_ms, struct github_budget_state *ret_state);

/* Adds X-RateLimit-Limit, -Remaining, -Used, -Reset and -Resource. Errors as github_headers_add. */
int github_budget_write(const struct github_budget_state *state,
                        struct github_headers *headers) MUST_CHECK;

/* Whether a 403 or 429 is about a limit, not about permission: remaining 0, Retry-After, or a body
 * that says so (primary and secondary limits). */
bool github_budget_is_limit(int status, const struct github_headers *response, struct slice body);

/* Appends a JSON object: credentials known, and per resource the lowest remaining with its limit
 * and reset. No token ids. */
void github_budget_describe(struct github_budget *self, int64_t now_ms, struct buffer *out);

#endif
