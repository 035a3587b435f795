/* The mock GitHub as one object: data, tokens, limits, faults, and what it remembers of requests.
 */
#ifndef MOCK_MOCK_H
#define MOCK_MOCK_H

#include "base/check.h"
#include "clock.h"
#include "fault.h"
#include "history.h"
#include "limit.h"
#include "log.h"
#include "model.h"
#include "options.h"
#include "stats.h"
#include "token.h"

struct mock {
    struct mock_options options;
    struct mock_clock clock;
    struct mock_model model;
    struct mock_tokens tokens;
    struct mock_limits limits;
    struct mock_history history;
    struct mock_faults faults;
    struct mock_stats stats;
    struct mock_log log;
};

/* Texts of the options stay the caller's. -ENOMEM. */
int mock_init(struct mock *self, const struct mock_options *options) MUST_CHECK;
void mock_done(struct mock *self);

#endif
