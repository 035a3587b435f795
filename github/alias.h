/* Numeric repository ids and the names behind them, as GitHub's own answers tell. Any thread. */
#ifndef GITHUB_ALIAS_H
#define GITHUB_ALIAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"
#include "github/limits.h"

struct github_alias;

struct github_alias_name {
    char owner[GITHUB_NAME_MAX + 1], repository[GITHUB_NAME_MAX + 1]; /* terminated */
};

int github_alias_new(struct github_alias **ret_alias) MUST_CHECK;
void github_alias_destroy(struct github_alias **self_p);

/* Remembers, or replaces. Names over GITHUB_NAME_MAX are ignored. */
void github_alias_learn(struct github_alias *self, uint64_t id, struct slice owner,
                        struct slice repository);
bool github_alias_find(struct github_alias *self, uint64_t id, struct github_alias_name *ret_name);

#endif
