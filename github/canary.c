/* The latest verdicts as bits of one word, so that a hit reads them without a lock. */
#include "github/canary.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "github/limits.h"

/* One bit per judged answer, the latest lowest: 1 is a miss. */
struct github_canary {
    _Atomic uint32_t history;
    _Atomic uint64_t misses;
};

int github_canary_new(struct github_canary **ret_canary)
{
    struct github_canary *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    *ret_canary = self;
    return 0;
}

void github_canary_destroy(struct github_canary **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

void github_canary_note(struct github_canary *self, bool matched)
{
    uint32_t before = atomic_load(&self->history);
    while (!atomic_compare_exchange_weak(&self->history, &before, before << 1 | !matched))
        continue;
    if (!matched)
        atomic_fetch_add(&self->misses, 1);
}

bool github_canary_holds(const struct github_canary *self)
{
    const uint32_t history = atomic_load(&self->history);
    uint32_t misses = 0;
    for (int i = 0; i < GITHUB_CANARY_WINDOW; i++)
        misses += history >> i & 1u;
    return misses < GITHUB_CANARY_MISSES_MAX;
}

uint64_t github_canary_misses(const struct github_canary *self)
{
    return atomic_load(&self->misses);
}
