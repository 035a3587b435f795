/* An answer to a client: status, fields, and a body from one of three sources. */
#ifndef GITHUB_ANSWER_H
#define GITHUB_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"
#include "github/headers.h"
#include "github/policy.h"

struct store_item;

struct github_answer {
    int status;
    struct github_headers headers; /* all but Content-Length, Content-Encoding and Connection */
    struct store_item *item;       /* the body is the item's, a reference */
    char *text;                    /* else the body is this, owned */
    size_t text_size;
    bool is_streamed;    /* else it comes from github_call_download */
    int64_t stream_size; /* bytes of the stream, -1 when unknown */
    bool may_compress;   /* the front may code the body for a client that asks */
    int retry_after_s;   /* 0 for none; also among the headers */
};

/* What Cache-Status says (RFC 9211). */
struct github_trace {
    enum github_reason reason;
    int fwd_status; /* GitHub's, 0 for none */
    bool is_stored, is_collapsed;
    int64_t left_ms;    /* freshness lifetime left, for hits */
    const char *detail; /* instead of the reason's own; NULL for that */
};

void github_answer_init(struct github_answer *self);
void github_answer_done(struct github_answer *self);

/* Moves other into self, which must be empty; other is empty afterwards. */
void github_answer_move(struct github_answer *self, struct github_answer *other);

/* The body, borrowed; empty for streams. */
struct slice github_answer_body(const struct github_answer *self);

/* Adds Cache-Status. -ENOMEM, -EMSGSIZE. */
int github_answer_trace(struct github_answer *self, const struct github_trace *trace,
                        uint32_t time_scale) MUST_CHECK;

/* Fills an empty answer with an error in GitHub's shape. Short of memory it has no body. */
void github_answer_fail(struct github_answer *self, int status, const char *message,
                        const struct github_trace *trace);

/* A field with a terminated name and value, copied. */
int github_answer_add(struct github_answer *self, const char *name, const char *value) MUST_CHECK;

#endif
