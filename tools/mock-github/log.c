/* Ring of JSON texts, numbered from 1. */
#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"
#include "request.h"

int mock_log_init(struct mock_log *self)
{
    memset(self, 0, sizeof *self);
    self->records = calloc(MOCK_LOG_MAX, sizeof *self->records);
    self->first = self->next = 1;
    return self->records ? 0 : -ENOMEM;
}

static void drop_first(struct mock_log *self)
{
    char **record = &self->records[self->first++ % MOCK_LOG_MAX];
    self->bytes -= *record ? strlen(*record) : 0;
    free(*record);
    *record = NULL;
}

void mock_log_done(struct mock_log *self)
{
    while (self->records && self->first < self->next)
        drop_first(self);
    free(self->records);
    self->records = NULL;
}

static void put_text(struct buffer *out, const char *text)
{
    buffer_put_char(out, '"');
    buffer_put_json(out, slice_of(text));
    buffer_put_char(out, '"');
}

static void write_record(const struct mock_log_entry *entry, uint64_t seq, struct buffer *out)
{
    const struct mock_request *request = entry->request;
    buffer_put_format(out, "{\"seq\":%" PRIu64 ",\"ms\":%" PRId64 ",\"method\":", seq, entry->ms);
    put_text(out, request->method);
    buffer_put_text(out, ",\"target\":");
    put_text(out, request->target);
    buffer_put_format(out, ",\"status\":%u,\"charged\":%u,\"version\":%" PRIu32 ",\"token\":",
                      entry->status, entry->charged, entry->version);
    put_text(out, entry->token);
    if (entry->fault) {
        buffer_put_text(out, ",\"fault\":");
        put_text(out, entry->fault);
    }
    buffer_put_format(out, ",\"body_size\":%zu,\"headers\":[", request->body.size);
    for (size_t i = 0; i < request->header_count; i++) {
        buffer_put_text(out, i ? ",[" : "[");
        put_text(out, request->headers[i].name);
        buffer_put_char(out, ',');
        put_text(out, request->headers[i].value);
        buffer_put_char(out, ']');
    }
    buffer_put_text(out, "]}");
}

uint64_t mock_log_add(struct mock_log *self, const struct mock_log_entry *entry)
{
    struct buffer out;
    char *record = NULL;
    size_t size = 0;
    const uint64_t seq = self->next;
    buffer_init(&out, MOCK_ITEM_MAX);
    write_record(entry, seq, &out);
    if (buffer_take(&out, &record, &size) < 0)
        record = NULL; /* a record that is too big leaves a gap in the numbers */
    buffer_done(&out);
    if (self->next - self->first == MOCK_LOG_MAX)
        drop_first(self);
    while (self->first < self->next && self->bytes + size > MOCK_LOG_BYTES_MAX)
        drop_first(self);
    self->records[self->next++ % MOCK_LOG_MAX] = record;
    self->bytes += size;
    return seq;
}

void mock_log_write(const struct mock_log *self, uint64_t since, size_t max, struct buffer *out)
{
    size_t count = 0;
    buffer_put_char(out, '[');
    for (uint64_t seq = since < self->first ? self->first : since + 1;
         seq < self->next && count < max; seq++) {
        const char *record = self->records[seq % MOCK_LOG_MAX];
        if (!record)
            continue;
        if (count++)
            buffer_put_char(out, ',');
        buffer_put_text(out, record);
    }
    buffer_put_char(out, ']');
}
