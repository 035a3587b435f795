/* Counters and their JSON. */
#include "stats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "limits.h"

struct named {
    char *name;
    struct mock_count count;
};

static void leave(void *cls, void *value)
{
    struct named *named = value;
    (void)cls;
    free(named->name);
}

static int new_table(size_t capacity, struct lru **ret_table)
{
    const struct lru_options options = {
        .capacity = capacity,
        .key_size = HASH_ID_SIZE,
        .value_size = sizeof(struct named),
        .on_leave = leave,
    };
    return lru_new(&options, ret_table);
}

int mock_stats_init(struct mock_stats *self)
{
    memset(self, 0, sizeof *self);
    int r = new_table(MOCK_STATS_PATHS_MAX, &self->paths);
    if (r == 0)
        r = new_table(MOCK_TOKENS_MAX, &self->tokens);
    if (r < 0)
        mock_stats_done(self);
    return r;
}

void mock_stats_done(struct mock_stats *self)
{
    lru_destroy(&self->paths);
    lru_destroy(&self->tokens);
}

static void add(struct mock_count *count, const struct mock_stats_event *event)
{
    count->requests++;
    count->charged += event->charged;
    count->not_modified += event->status == 304;
    count->first_fetches += event->is_first;
    count->changes_seen += event->is_change;
}

static void add_named(struct lru *table, const char *method, const char *name,
                      const struct mock_stats_event *event)
{
    char *text = NULL;
    bool added = false;
    uint8_t key[HASH_ID_SIZE];
    if (asprintf(&text, "%s%s", method, name) < 0)
        return;
    hash_of(NULL, text, strlen(text), key, sizeof key);
    struct named *named = lru_put(table, key, &added);
    add(&named->count, event);
    if (added)
        named->name = text;
    else
        free(text);
}

static void count_method(struct mock_stats *self, const char *method)
{
    size_t at = 0;
    while (at < MOCK_STATS_METHODS_MAX - 1 && self->methods[at].count &&
           strcmp(self->methods[at].name, method) != 0)
        at++;
    if (!self->methods[at].count)
        snprintf(self->methods[at].name, sizeof self->methods[at].name, "%s", method);
    self->methods[at].count++;
}

void mock_stats_note(struct mock_stats *self, const struct mock_stats_event *event)
{
    char method[MOCK_STATS_METHOD_SIZE + 1];
    snprintf(method, sizeof method, "%s ", event->method);
    add(&self->all, event);
    count_method(self, event->method);
    if (event->status < MOCK_STATS_STATUS_MAX)
        self->by_status[event->status]++;
    add_named(self->paths, method, event->target, event);
    add_named(self->tokens, "", event->token, event);
}

static bool forget(void *cls, const void *key, void *value)
{
    (void)cls;
    (void)key;
    (void)value;
    return true;
}

void mock_stats_reset(struct mock_stats *self)
{
    lru_sweep(self->paths, forget, NULL);
    lru_sweep(self->tokens, forget, NULL);
    memset(&self->all, 0, sizeof self->all);
    memset(self->by_status, 0, sizeof self->by_status);
    memset(self->methods, 0, sizeof self->methods);
    self->connections = self->faults = 0;
    self->max_in_flight = self->in_flight;
}

static void write_count(struct buffer *out, const struct mock_count *count)
{
    buffer_put_format(out,
                      "\"requests\":%" PRIu64 ",\"charged\":%" PRIu64 ",\"not_modified\":%" PRIu64
                      ",\"first_fetches\":%" PRIu64 ",\"changes_seen\":%" PRIu64,
                      count->requests, count->charged, count->not_modified, count->first_fetches,
                      count->changes_seen);
}

static bool write_named(void *cls, const void *key, void *value)
{
    struct buffer *out = cls;
    const struct named *named = value;
    (void)key;
    if (out->data[out->size - 1] != '{')
        buffer_put_char(out, ',');
    buffer_put_char(out, '"');
    buffer_put_json(out, slice_of(named->name));
    buffer_put_text(out, "\":{");
    write_count(out, &named->count);
    buffer_put_char(out, '}');
    return false;
}

void mock_stats_write(struct mock_stats *self, struct buffer *out)
{
    const char *comma = "";
    write_count(out, &self->all);
    buffer_put_format(out,
                      ",\"in_flight\":%" PRIu64 ",\"max_in_flight\":%" PRIu64
                      ",\"connections\":%" PRIu64 ",\"faults\":%" PRIu64 ",\"by_status\":{",
                      self->in_flight, self->max_in_flight, self->connections, self->faults);
    for (unsigned status = 0; status < MOCK_STATS_STATUS_MAX; status++) {
        if (!self->by_status[status])
            continue;
        buffer_put_format(out, "%s\"%u\":%" PRIu64, comma, status, self->by_status[status]);
        comma = ",";
    }
    buffer_put_text(out, "},\"by_method\":{");
    for (size_t i = 0; i < MOCK_STATS_METHODS_MAX && self->methods[i].count; i++) {
        buffer_put_text(out, i ? ",\"" : "\"");
        buffer_put_json(out, slice_of(self->methods[i].name));
        buffer_put_format(out, "\":%" PRIu64, self->methods[i].count);
    }
    buffer_put_text(out, "},\"paths\":{");
    lru_sweep(self->paths, write_named, out);
    buffer_put_text(out, "},\"tokens\":{");
    lru_sweep(self->tokens, write_named, out);
    buffer_put_char(out, '}');
}
