/* Counts of what was asked: in all, by path and by token. One thread writes them, so they are
 * exact. */
#ifndef MOCK_STATS_H
#define MOCK_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/check.h"
#include "base/lru.h"

enum { MOCK_STATS_STATUS_MAX = 600, MOCK_STATS_METHODS_MAX = 16, MOCK_STATS_METHOD_SIZE = 16 };

struct mock_count {
    uint64_t requests, charged, not_modified, first_fetches, changes_seen;
};

struct mock_stats {
    struct mock_count all;
    uint64_t by_status[MOCK_STATS_STATUS_MAX];
    struct {
        char name[MOCK_STATS_METHOD_SIZE];
        uint64_t count;
    } methods[MOCK_STATS_METHODS_MAX];
    uint64_t connections, in_flight, max_in_flight, faults;
    struct lru *paths, *tokens;
};

/* One answered request. */
struct mock_stats_event {
    const char *method, *target, *token;
    unsigned status;
    unsigned charged; /* calls taken from the quota */
    bool is_first, is_change;
};

int mock_stats_init(struct mock_stats *self) MUST_CHECK;
void mock_stats_done(struct mock_stats *self);

void mock_stats_note(struct mock_stats *self, const struct mock_stats_event *event);

/* Zeroes all counters; what is in flight stays. */
void mock_stats_reset(struct mock_stats *self);

/* Writes members of a JSON object, without its braces. */
void mock_stats_write(struct mock_stats *self, struct buffer *out);

#endif
