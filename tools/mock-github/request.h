/* One request as it arrived: raw target, decoded path and query, all header fields, body. */
#ifndef MOCK_REQUEST_H
#define MOCK_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/check.h"
#include "limits.h"

struct mock_header {
    char *name, *value;
};

struct mock_request {
    char *method;
    char *target;                          /* exactly as received */
    char *segments[MOCK_SEGMENTS_MAX + 1]; /* the path's parts, decoded; ends with NULL */
    size_t segment_count;
    struct mock_header parameters[MOCK_PARAMETERS_MAX]; /* the query, decoded, in order */
    size_t parameter_count;
    struct mock_header headers[MOCK_HEADERS_MAX];
    size_t header_count;
    bool headers_dropped; /* there were more than fit */
    struct buffer body;
};

/* Takes a target apart. -EINVAL when it is no path or has too many parts, -ENOMEM. */
int mock_request_init(struct mock_request *self, const char *method, const char *target) MUST_CHECK;
void mock_request_done(struct mock_request *self);

/* -E2BIG beyond MOCK_HEADERS_MAX. */
int mock_request_add_header(struct mock_request *self, const char *name,
                            const char *value) MUST_CHECK;

/* The first value, or NULL. */
const char *mock_request_header(const struct mock_request *self, const char *name);
const char *mock_request_parameter(const struct mock_request *self, const char *name);

/* A parameter as a number; otherwise when it is absent, no number or above max. */
size_t mock_request_number(const struct mock_request *self, const char *name, size_t max,
                           size_t otherwise);

bool mock_request_is(const struct mock_request *self, const char *method);

/* GET or HEAD: they have the same answer. */
bool mock_request_is_read(const struct mock_request *self);

#endif
