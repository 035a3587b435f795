/* Primary rate limits: calls per quota owner and resource in a window that begins with its first
 * call. Who pays what is reply.c's to decide. */
#ifndef MOCK_LIMIT_H
#define MOCK_LIMIT_H

#include <stdint.h>

#include "answer.h"
#include "base/check.h"
#include "base/lru.h"

struct mock_quota {
    int64_t limit, used, reset_ms;
};

struct mock_limits {
    struct lru *owners;
};

int mock_limit_init(struct mock_limits *self) MUST_CHECK;
void mock_limit_done(struct mock_limits *self);

/* Forgets all use. */
void mock_limit_reset(struct mock_limits *self);

/* The owner's quota of a resource now. A new window is opened where the last one is over. */
struct mock_quota *mock_limit_look(struct mock_limits *self, const char *owner,
                                   enum mock_resource resource, int64_t now_ms, int64_t period_ms);

int64_t mock_limit_remaining(const struct mock_quota *quota);

/* "core", "search", "graphql"; and the window in GitHub's seconds. */
const char *mock_limit_name(enum mock_resource resource);
int64_t mock_limit_seconds(enum mock_resource resource);

#endif
