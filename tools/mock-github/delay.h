/* What has to happen later: a min-heap of (time, thing). Knows nothing of what the things are. */
#ifndef MOCK_DELAY_H
#define MOCK_DELAY_H

#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

struct mock_delay_entry {
    int64_t due_ms;
    uint64_t order; /* equal times leave in the order they came */
    void *thing;
};

struct mock_delay {
    struct mock_delay_entry *entries;
    size_t count, max;
    uint64_t order;
};

/* All memory is taken here. -ENOMEM. */
int mock_delay_init(struct mock_delay *self, size_t max) MUST_CHECK;
void mock_delay_done(struct mock_delay *self);

/* Takes nothing more from now on. */
void mock_delay_close(struct mock_delay *self);

/* -EBUSY when full or closed. */
int mock_delay_add(struct mock_delay *self, int64_t due_ms, void *thing) MUST_CHECK;

/* The thing whose time has come first, or NULL while none has. */
void *mock_delay_next(struct mock_delay *self, int64_t now_ms);

/* Forgets a thing before its time; nothing happens when it is not there. */
void mock_delay_remove(struct mock_delay *self, const void *thing);

/* INT64_MAX when there is nothing to wait for. */
int64_t mock_delay_due_ms(const struct mock_delay *self);

#endif
