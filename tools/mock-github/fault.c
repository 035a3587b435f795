/* Table of faults, in the order they were added. */
#include "fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[MOCK_FAULT_KINDS] = {
#define FAULT(name, text, ...) [MOCK_FAULT_##name] = text,
#include "faults.def"
#undef FAULT
};

static const char *text_of(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

int mock_fault_add(struct mock_faults *self, const cJSON *json)
{
    const char *name = text_of(json, "kind");
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(json, "count");
    size_t kind = 0;
    while (name && kind < MOCK_FAULT_KINDS && strcmp(names[kind], name) != 0)
        kind++;
    if (!name || kind == MOCK_FAULT_KINDS)
        return -EINVAL;
    if (kind == MOCK_FAULT_RAW && !text_of(json, "raw"))
        return -EINVAL;
    if (self->count == MOCK_FAULTS_MAX)
        return -ENOSPC;
    struct mock_fault *fault = calloc(1, sizeof *fault);
    if (!fault)
        return -ENOMEM;
    fault->json = cJSON_Duplicate(json, true);
    fault->kind = (enum mock_fault_kind)kind;
    fault->count = cJSON_IsNumber(count) ? (int64_t)count->valuedouble : 1;
    fault->users = 1;
    self->faults[self->count++] = fault;
    return 0;
}

void mock_fault_release(struct mock_fault **self_p)
{
    struct mock_fault *self = *self_p;
    *self_p = NULL;
    if (!self || --self->users)
        return;
    cJSON_Delete(self->json);
    free(self);
}

void mock_fault_clear(struct mock_faults *self)
{
    while (self->count)
        mock_fault_release(&self->faults[--self->count]);
}

static bool hits_path(const struct mock_fault *self, const struct mock_request *request)
{
    const char *path = text_of(self->json, "path");
    struct slice pattern = slice_of(path ? path : "*");
    const struct slice target = slice_of(request->target);
    struct slice rest = target;
    if (slice_ends_with(pattern, slice_of("*"))) {
        pattern.size--;
        return slice_starts_with(target, pattern);
    }
    return slice_equals(target, pattern) || slice_equals(slice_next(&rest, '?'), pattern);
}

static bool hits(const struct mock_fault *self, const struct mock_request *request,
                 const char *token)
{
    const char *method = text_of(self->json, "method");
    const char *only = text_of(self->json, "token");
    if (self->count == 0 || (method && strcmp(method, request->method) != 0))
        return false;
    return (!only || strcmp(only, token) == 0) && hits_path(self, request);
}

struct mock_fault *mock_fault_take(struct mock_faults *self, const struct mock_request *request,
                                   const char *token)
{
    for (size_t i = 0; i < self->count; i++) {
        struct mock_fault *fault = self->faults[i];
        if (!hits(fault, request, token))
            continue;
        fault->hits++;
        fault->users++;
        if (fault->count > 0 && --fault->count == 0) {
            memmove(&self->faults[i], &self->faults[i + 1],
                    (--self->count - i) * sizeof *self->faults);
            fault->users--;
        }
        return fault;
    }
    return NULL;
}

bool mock_fault_is(const struct mock_fault *self, enum mock_fault_kind kind)
{
    return self && self->kind == kind;
}

int64_t mock_fault_number(const struct mock_fault *self, const char *name, int64_t otherwise)
{
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(self->json, name);
    return cJSON_IsNumber(field) ? (int64_t)field->valuedouble : otherwise;
}

const char *mock_fault_text(const struct mock_fault *self, const char *name)
{
    return text_of(self->json, name);
}

bool mock_fault_flag(const struct mock_fault *self, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(self->json, name));
}

const char *mock_fault_name(const struct mock_fault *self)
{
    return names[self->kind];
}

void mock_fault_write(const struct mock_faults *self, struct buffer *out)
{
    buffer_put_char(out, '[');
    for (size_t i = 0; i < self->count; i++) {
        char *text = cJSON_PrintUnformatted(self->faults[i]->json);
        buffer_put_format(out, "%s{\"left\":%lld,\"hits\":%llu,\"fault\":%s}", i ? "," : "",
                          (long long)self->faults[i]->count,
                          (unsigned long long)self->faults[i]->hits, text ? text : "null");
        cJSON_free(text);
    }
    buffer_put_char(out, ']');
}
