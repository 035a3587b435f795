/* Faults on demand: which requests they hit, how often, and their parameters. What each does to an
 * answer is reply.c's and server.c's. */
#ifndef MOCK_FAULT_H
#define MOCK_FAULT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/check.h"
#include "limits.h"
#include "request.h"

enum mock_fault_kind {
#define FAULT(name, ...) MOCK_FAULT_##name,
#include "faults.def"
#undef FAULT
    MOCK_FAULT_KINDS
};

struct mock_fault {
    enum mock_fault_kind kind;
    cJSON *json;   /* as it was given */
    int64_t count; /* requests still to be hit; -1 without end */
    uint64_t hits;
    unsigned users; /* answers that are being sent with it, and the table */
};

struct mock_faults {
    struct mock_fault *faults[MOCK_FAULTS_MAX];
    size_t count;
};

/* Adds a fault: kind; path (exact target or path, or a prefix that ends with "*"; everything by
 * default), method, token, count (1 by default, -1 without end), and what faults.def says. -EINVAL,
 * -ENOSPC beyond MOCK_FAULTS_MAX, -ENOMEM. */
int mock_fault_add(struct mock_faults *self, const cJSON *json) MUST_CHECK;
void mock_fault_clear(struct mock_faults *self);

/* The first fault that hits this request, counted; the caller gives it back. NULL without one. */
struct mock_fault *mock_fault_take(struct mock_faults *self, const struct mock_request *request,
                                   const char *token);
void mock_fault_release(struct mock_fault **self_p);

/* Whether it is that kind; false for NULL. */
bool mock_fault_is(const struct mock_fault *self, enum mock_fault_kind kind);

/* Parameters, or what is given otherwise. */
int64_t mock_fault_number(const struct mock_fault *self, const char *name, int64_t otherwise);
const char *mock_fault_text(const struct mock_fault *self, const char *name);
bool mock_fault_flag(const struct mock_fault *self, const char *name);
const char *mock_fault_name(const struct mock_fault *self);

/* Writes a JSON array of those that can still hit. */
void mock_fault_write(const struct mock_faults *self, struct buffer *out);

#endif
