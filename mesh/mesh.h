/* The gossip core's seam. Pure: time, randomness and received bytes come in as arguments, what
 * should happen comes out as effects that the driver drains. It opens nothing and asks no clock.
 * The protocol itself is not here yet: a mesh of one node has nothing to say. */
#ifndef MESH_MESH_H
#define MESH_MESH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

struct mesh;

enum mesh_event_type {
    MESH_EVENT_TIMEOUT, /* the time that mesh_deadline_ms() named has come */
};

struct mesh_event {
    enum mesh_event_type type;
};

enum mesh_effect_type {
    MESH_EFFECT_NONE,
};

struct mesh_effect {
    enum mesh_effect_type type;
};

/* -ENOMEM; *ret_mesh is then left alone. */
int mesh_new(struct mesh **ret_mesh) MUST_CHECK;
void mesh_destroy(struct mesh **self_p);

/* Takes one event in. The event stays the caller's; on failure nothing has changed. now_ms is any
 * clock that never runs backwards; -EINVAL when it did. */
int mesh_step(struct mesh *self, const struct mesh_event *event, int64_t now_ms) MUST_CHECK;

/* Takes the oldest pending effect; what it points to lives until the next step. */
bool mesh_next_effect(struct mesh *self, struct mesh_effect *ret_effect);

/* When to step with a timeout event; INT64_MAX if there is nothing to wait for. */
int64_t mesh_deadline_ms(const struct mesh *self);

#endif
