/* Building and owning answers. What an answer says is decided elsewhere. */
#include "github/answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "store/store.h"

enum {
    TRACE_MAX = 256,
    ERROR_MAX = 1024,
};

static const char documentation_url[] = "https://docs.github.com/rest";

void github_answer_init(struct github_answer *self)
{
    self->status = 0;
    github_headers_init(&self->headers);
    self->item = NULL;
    self->text = NULL;
    self->text_size = 0;
    self->is_streamed = false;
    self->stream_size = -1;
    self->may_compress = false;
    self->retry_after_s = 0;
}

void github_answer_done(struct github_answer *self)
{
    github_headers_done(&self->headers);
    store_item_release(&self->item);
    free(self->text);
    github_answer_init(self);
}

void github_answer_move(struct github_answer *self, struct github_answer *other)
{
    *self = *other;
    github_answer_init(other);
}

struct slice github_answer_body(const struct github_answer *self)
{
    struct slice body = {.data = self->text, .size = self->text_size};
    if (self->item)
        body.data = store_item_body(self->item, &body.size);
    return body;
}

int github_answer_add(struct github_answer *self, const char *name, const char *value)
{
    return github_headers_add(&self->headers, slice_of(name), slice_of(value));
}

static void write_trace(const struct github_trace *trace, uint32_t time_scale, struct buffer *out)
{
    const char *fwd = github_policy_fwd(trace->reason);
    const char *detail = trace->detail ? trace->detail : github_policy_detail(trace->reason);
    buffer_put_text(out, "runmesh; ");
    if (fwd) {
        buffer_put_format(out, "fwd=%s", fwd);
    } else {
        /* Rounded down, so that nothing seems fresh that is not. */
        const int64_t scaled_ms = trace->left_ms * (int64_t)time_scale;
        const int64_t left_s = scaled_ms >= 0 ? scaled_ms / 1000 : -((999 - scaled_ms) / 1000);
        buffer_put_format(out, "hit; ttl=%" PRId64, left_s);
    }
    if (trace->fwd_status)
        buffer_put_format(out, "; fwd-status=%d", trace->fwd_status);
    if (trace->is_stored)
        buffer_put_text(out, "; stored");
    if (trace->is_collapsed)
        buffer_put_text(out, "; collapsed");
    if (detail)
        buffer_put_format(out, "; detail=%s", detail);
}

int github_answer_trace(struct github_answer *self, const struct github_trace *trace,
                        uint32_t time_scale)
{
    struct buffer text;
    buffer_init(&text, TRACE_MAX);
    write_trace(trace, time_scale, &text);
    int r = text.error;
    if (r == 0)
        r = github_headers_add(&self->headers, slice_of("Cache-Status"), buffer_slice(&text));
    buffer_done(&text);
    return r;
}

/* The body is left out when memory is short: the status still tells. */
static void write_error(struct github_answer *self, const char *message)
{
    struct buffer text;
    buffer_init(&text, ERROR_MAX);
    buffer_put_text(&text, "{\"message\":\"");
    buffer_put_json(&text, slice_of(message));
    buffer_put_format(&text, "\",\"documentation_url\":\"%s\",\"status\":\"%d\"}",
                      documentation_url, self->status);
    if (buffer_take(&text, &self->text, &self->text_size) < 0)
        buffer_done(&text);
}

void github_answer_fail(struct github_answer *self, int status, const char *message,
                        const struct github_trace *trace)
{
    github_answer_init(self);
    self->status = status;
    write_error(self, message);
    int r = github_answer_add(self, "Content-Type", "application/json; charset=utf-8");
    if (r == 0)
        r = github_answer_add(self, "Cache-Control", "no-store");
    if (r == 0 && status == 503) {
        self->retry_after_s = 1;
        r = github_answer_add(self, "Retry-After", "1");
    }
    if (r == 0)
        r = github_answer_trace(self, trace, 1);
    if (r < 0)
        github_headers_done(&self->headers);
}
