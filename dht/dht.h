/* The Kademlia core's seam. Pure: time, randomness and received bytes come in as arguments, what
 * should happen comes out as effects that the driver drains. It opens nothing and asks no clock.
 * The protocol itself is not here yet: a node without contacts has nobody to ask. */
#ifndef DHT_DHT_H
#define DHT_DHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

struct dht;

enum dht_event_type {
    DHT_EVENT_TIMEOUT, /* the time that dht_deadline_ms() named has come */
};

struct dht_event {
    enum dht_event_type type;
};

enum dht_effect_type {
    DHT_EFFECT_NONE,
};

struct dht_effect {
    enum dht_effect_type type;
};

/* -ENOMEM; *ret_dht is then left alone. */
int dht_new(struct dht **ret_dht) MUST_CHECK;
void dht_destroy(struct dht **self_p);

/* Takes one event in. The event stays the caller's; on failure nothing has changed. now_ms is any
 * clock that never runs backwards; -EINVAL when it did. */
int dht_step(struct dht *self, const struct dht_event *event, int64_t now_ms) MUST_CHECK;

/* Takes the oldest pending effect; what it points to lives until the next step. */
bool dht_next_effect(struct dht *self, struct dht_effect *ret_effect);

/* When to step with a timeout event; INT64_MAX if there is nothing to wait for. */
int64_t dht_deadline_ms(const struct dht *self);

#endif
