/* Binary heap in an array. */
#include "delay.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int mock_delay_init(struct mock_delay *self, size_t max)
{
    memset(self, 0, sizeof *self);
    self->entries = calloc(max, sizeof *self->entries);
    self->max = max;
    return self->entries ? 0 : -ENOMEM;
}

void mock_delay_done(struct mock_delay *self)
{
    free(self->entries);
    self->entries = NULL;
}

void mock_delay_close(struct mock_delay *self)
{
    self->max = 0;
}

static bool is_before(const struct mock_delay_entry *a, const struct mock_delay_entry *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

static void swap(struct mock_delay *self, size_t a, size_t b)
{
    const struct mock_delay_entry entry = self->entries[a];
    self->entries[a] = self->entries[b];
    self->entries[b] = entry;
}

static void rise(struct mock_delay *self, size_t at)
{
    while (at > 0 && is_before(&self->entries[at], &self->entries[(at - 1) / 2])) {
        swap(self, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

static void sink(struct mock_delay *self, size_t at)
{
    for (;;) {
        size_t first = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < self->count; child++)
            if (is_before(&self->entries[child], &self->entries[first]))
                first = child;
        if (first == at)
            return;
        swap(self, at, first);
        at = first;
    }
}

int mock_delay_add(struct mock_delay *self, int64_t due_ms, void *thing)
{
    if (self->count >= self->max)
        return -EBUSY;
    const struct mock_delay_entry entry = {
        .due_ms = due_ms,
        .order = self->order++,
        .thing = thing,
    };
    self->entries[self->count] = entry;
    rise(self, self->count++);
    return 0;
}

static void remove_at(struct mock_delay *self, size_t at)
{
    self->entries[at] = self->entries[--self->count];
    if (at < self->count) {
        rise(self, at);
        sink(self, at);
    }
}

void *mock_delay_next(struct mock_delay *self, int64_t now_ms)
{
    if (self->count == 0 || self->entries[0].due_ms > now_ms)
        return NULL;
    void *thing = self->entries[0].thing;
    remove_at(self, 0);
    return thing;
}

void mock_delay_remove(struct mock_delay *self, const void *thing)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->entries[i].thing == thing) {
            remove_at(self, i);
            return;
        }
    }
}

int64_t mock_delay_due_ms(const struct mock_delay *self)
{
    return self->count ? self->entries[0].due_ms : INT64_MAX;
}
