/* The gossip core of a node without neighbours: it takes time in and has no effects. */
#include "mesh/mesh.h"

#include <errno.h>
#include <stdlib.h>

struct mesh {
    int64_t now_ms; /* of the latest step */
};

int mesh_new(struct mesh **ret_mesh)
{
    struct mesh *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->now_ms = INT64_MIN;
    *ret_mesh = self;
    return 0;
}

void mesh_destroy(struct mesh **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

int mesh_step(struct mesh *self, const struct mesh_event *event, int64_t now_ms)
{
    CHECK(event->type == MESH_EVENT_TIMEOUT);
    if (now_ms < self->now_ms)
        return -EINVAL;
    self->now_ms = now_ms;
    return 0;
}

bool mesh_next_effect(struct mesh *self, struct mesh_effect *ret_effect)
{
    (void)self;
    (void)ret_effect;
    return false;
}

int64_t mesh_deadline_ms(const struct mesh *self)
{
    (void)self;
    return INT64_MAX;
}
