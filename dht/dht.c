/* The Kademlia core of a node without contacts: it takes time in and has no effects. */
#include "dht/dht.h"

#include <errno.h>
#include <stdlib.h>

struct dht {
    int64_t now_ms; /* of the latest step */
};

int dht_new(struct dht **ret_dht)
{
    struct dht *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->now_ms = INT64_MIN;
    *ret_dht = self;
    return 0;
}

void dht_destroy(struct dht **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

int dht_step(struct dht *self, const struct dht_event *event, int64_t now_ms)
{
    CHECK(event->type == DHT_EVENT_TIMEOUT);
    if (now_ms < self->now_ms)
        return -EINVAL;
    self->now_ms = now_ms;
    return 0;
}

bool dht_next_effect(struct dht *self, struct dht_effect *ret_effect)
{
    (void)self;
    (void)ret_effect;
    return false;
}

int64_t dht_deadline_ms(const struct dht *self)
{
    (void)self;
    return INT64_MAX;
}
