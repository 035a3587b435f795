/* What a tiny GitHub inside a test answers: resources with their readers, and the heads of answers,
 * with ETags by GitHub's recipe. */
#ifndef TESTS_UNIT_UPSTREAM_RESOURCE_H
#define TESTS_UNIT_UPSTREAM_RESOURCE_H

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "base/slice.h"
#include "github/etag.h"

enum upstream_etag {
    UPSTREAM_ETAG_RECIPE,
    UPSTREAM_ETAG_ODD, /* of a form of its own; conditional requests are always answered in full */
    UPSTREAM_ETAG_NONE,
};

/* All texts are borrowed for as long as the server runs. */
struct upstream_resource {
    const char *target;  /* "/path?query", or "POST /path" for another method than GET */
    const char *body;    /* NULL: none */
    size_t body_size;    /* 0: the length of body */
    const char *readers; /* comma separated tokens, others get a 404; NULL: everybody */
    const char *fields;  /* more lines of the head, each with its CRLF */
    const char *vary;    /* NULL: what GitHub says to this request */
    const char *raw;     /* all of the answer; the connection is closed behind it */
    int status;          /* 0: 200 */
    enum upstream_etag etag;
    size_t pause_at; /* bytes of the body that are sent before UPSTREAM_HOLD_BODIES holds */
    bool is_early;   /* answers before it has read the request's body */
};

/* The value of a field of a head, data NULL without. */
static inline struct slice upstream_field(const char *head, const char *name)
{
    struct slice rest = slice_of(head);
    slice_next(&rest, '\n');
    while (rest.data) {
        struct slice line = slice_next(&rest, '\n');
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        const struct slice found = slice_next(&line, ':');
        if (line.data && slice_equals_nocase(found, slice_of(name)))
            return slice_trim(line);
    }
    return (struct slice){.data = NULL, .size = 0};
}

static inline struct slice upstream_token(const char *head)
{
    struct slice rest = upstream_field(head, "Authorization");
    slice_next(&rest, ' ');
    return rest;
}

static inline bool upstream_may_read(const struct upstream_resource *resource, const char *head)
{
    struct slice rest = slice_of(resource->readers);
    if (!resource->readers)
        return true;
    const struct slice token = upstream_token(head);
    while (rest.data)
        if (slice_equals(slice_next(&rest, ','), token) && token.data)
            return true;
    return false;
}

static inline const char *upstream_vary(const struct upstream_resource *resource, const char *head)
{
    if (resource->vary)
        return resource->vary;
    return upstream_token(head).data ? "Accept, Authorization, Cookie, X-GitHub-OTP" : "Accept";
}

/* Writes the ETag field's value. */
static inline void upstream_etag(const struct upstream_resource *resource, const char *head,
                                 struct slice body, char ret[static GITHUB_ETAG_TEXT_SIZE])
{
    uint8_t etag[GITHUB_ETAG_SIZE];
    const struct github_etag_request request = {
        .accept = upstream_field(head, "Accept"),
        .authorization = upstream_field(head, "Authorization"),
        .vary = github_etag_vary(slice_of(upstream_vary(resource, head))),
    };
    github_etag_compute(&request, body, etag);
    github_etag_format(etag, ret);
}

static inline void upstream_write_head(const struct upstream_resource *resource, const char *head,
                                       int status, struct slice body, struct buffer *out)
{
    char etag[GITHUB_ETAG_TEXT_SIZE] = "\"odd\"";
    if (resource->etag == UPSTREAM_ETAG_RECIPE)
        upstream_etag(resource, head, body, etag);
    if (status == 200 && resource->etag == UPSTREAM_ETAG_RECIPE &&
        slice_equals(upstream_field(head, "If-None-Match"), slice_of(etag)))
        status = 304;
    buffer_put_format(out, "HTTP/1.1 %d Some\r\nVary: %s\r\n", status,
                      upstream_vary(resource, head));
    if (resource->etag != UPSTREAM_ETAG_NONE)
        buffer_put_format(out, "ETag: %s\r\n", etag);
    if (resource->fields)
        buffer_put_text(out, resource->fields);
    if (!resource->fields || !strcasestr(resource->fields, "Content-Type"))
        buffer_put_text(out, "Content-Type: application/json; charset=utf-8\r\n");
    if (status != 304 && status != 204)
        buffer_put_format(out, "Content-Length: %zu\r\n", body.size);
    buffer_put_text(out, "\r\n");
    if (status != 304 && strncmp(head, "HEAD", 4) != 0)
        buffer_put_slice(out, body);
}

static inline bool upstream_is_same(const struct upstream_resource *a,
                                    const struct upstream_resource *b)
{
    return slice_equals(slice_of(a->target), slice_of(b->target)) &&
           slice_equals(slice_of(a->readers), slice_of(b->readers));
}

#endif
