/* Counters by name. */
#include "github/counters.h"

static const char *const names[] = {
#define GITHUB_COUNTER(name, help) #name,
#include "github/counters.def"
#undef GITHUB_COUNTER
};

static const char *const helps[] = {
#define GITHUB_COUNTER(name, help) help,
#include "github/counters.def"
#undef GITHUB_COUNTER
};

void github_counters_add(struct github_counters *self, enum github_counter counter)
{
    atomic_fetch_add_explicit(&self->values[counter], 1, memory_order_relaxed);
}

uint64_t github_counters_get(const struct github_counters *self, enum github_counter counter)
{
    return atomic_load_explicit(&self->values[counter], memory_order_relaxed);
}

const char *github_counters_name(enum github_counter counter)
{
    return names[counter];
}

const char *github_counters_help(enum github_counter counter)
{
    return helps[counter];
}
