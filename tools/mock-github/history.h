/* When the answer to a target changed: each target that was asked for is watched, and a change of
 * what it is made of appends a version where the body became another. A checker computes from that
 * how many first fetches and changes a poller can have met. */
#ifndef MOCK_HISTORY_H
#define MOCK_HISTORY_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/check.h"
#include "base/lru.h"
#include "item.h"

/* Writes the body that a usual token would get, and what it depends on. False when there is none.
 */
typedef bool mock_history_render(void *cls, const char *target, struct buffer *ret_body,
                                 struct mock_state **ret_state);

struct mock_history {
    struct lru *watches;
    mock_history_render *render;
    void *cls;
};

enum mock_history_seen {
    MOCK_HISTORY_SAME, /* the body was answered before */
    MOCK_HISTORY_CHANGED,
    MOCK_HISTORY_FIRST,
    MOCK_HISTORY_UNKNOWN /* has no versions */
};

int mock_history_init(struct mock_history *self, mock_history_render *render, void *cls) MUST_CHECK;
void mock_history_done(struct mock_history *self);

/* A target is being answered: is that its first time, or the first since it changed? */
enum mock_history_seen mock_history_see(struct mock_history *self, const char *target,
                                        struct mock_state *state);

/* Nothing was answered yet; versions stay. */
void mock_history_forget_seen(struct mock_history *self);

/* To be called after each change of a state. */
void mock_history_change(struct mock_history *self, struct mock_state *state);

/* Writes [{"version":1,"ms":...,"sha256":"..."}, ...]; false when the target has no versions. */
bool mock_history_write(struct mock_history *self, const char *target, struct buffer *out);

#endif
