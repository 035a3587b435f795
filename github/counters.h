/* Counters of the GitHub side, from counters.def. Any thread. */
#ifndef GITHUB_COUNTERS_H
#define GITHUB_COUNTERS_H

#include <stdatomic.h>
#include <stdint.h>

enum github_counter {
#define GITHUB_COUNTER(name, help) GITHUB_COUNTER_##name,
#include "github/counters.def"
#undef GITHUB_COUNTER
    GITHUB_COUNTERS_COUNT
};

struct github_counters {
    _Atomic uint64_t values[GITHUB_COUNTERS_COUNT];
};

void github_counters_add(struct github_counters *self, enum github_counter counter);
uint64_t github_counters_get(const struct github_counters *self, enum github_counter counter);

const char *github_counters_name(enum github_counter counter);
const char *github_counters_help(enum github_counter counter);

#endif
