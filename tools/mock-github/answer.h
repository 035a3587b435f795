/* One answer while it is made: status, identity-coded body, header fields. */
#ifndef MOCK_ANSWER_H
#define MOCK_ANSWER_H

#include <stdbool.h>

#include "base/buffer.h"
#include "item.h"
#include "limits.h"
#include "request.h"

enum mock_resource {
    MOCK_RESOURCE_CORE,
    MOCK_RESOURCE_SEARCH,
    MOCK_RESOURCE_GRAPHQL,
    MOCK_RESOURCES
};

struct mock_answer {
    unsigned status;
    struct buffer body;
    const char *content_type; /* a literal */
    const char *media_type;   /* X-GitHub-Media-Type, a literal */
    struct mock_header fields[MOCK_FIELDS_MAX];
    size_t field_count;
    enum mock_resource resource;
    struct mock_state *state; /* what it was made of, NULL when it has no versions */
    int64_t modified_ms;      /* Last-Modified, or 0 */
    bool is_free;             /* costs no quota, whatever the status */
    bool is_gzip;
};

/* Empty, status 200, JSON. */
void mock_answer_init(struct mock_answer *self);
void mock_answer_done(struct mock_answer *self);

/* Adds one field. Aborts beyond MOCK_FIELDS_MAX: the mock's own fields are counted. */
void mock_answer_put(struct mock_answer *self, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const char *mock_answer_field(const struct mock_answer *self, const char *name);
void mock_answer_drop(struct mock_answer *self, const char *name);

/* Makes it an error in GitHub's shape; what it held is gone. */
void mock_answer_fail(struct mock_answer *self, unsigned status, const char *message);

/* Writes json as the body and takes it. */
void mock_answer_json(struct mock_answer *self, unsigned status, cJSON *json);

#endif
