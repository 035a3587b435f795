/* The canary: whether the ETag recipe holds for this upstream, judged by its latest own answers.
 * Any thread. */
#ifndef GITHUB_CANARY_H
#define GITHUB_CANARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

struct github_canary;

int github_canary_new(struct github_canary **ret_canary) MUST_CHECK;
void github_canary_destroy(struct github_canary **self_p);

/* Notes whether the ETag of an own 200 was the one that the recipe gives. */
void github_canary_note(struct github_canary *self, bool matched);

/* False from GITHUB_CANARY_MISSES_MAX misses in the last GITHUB_CANARY_WINDOW, until they are
 * outnumbered again. */
bool github_canary_holds(const struct github_canary *self);

/* Since the start. */
uint64_t github_canary_misses(const struct github_canary *self);

#endif
