/* Building blocks of answers. */
#include "answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void mock_answer_init(struct mock_answer *self)
{
    memset(self, 0, sizeof *self);
    buffer_init(&self->body, MOCK_BODY_MAX);
    self->status = 200;
    self->content_type = "application/json; charset=utf-8";
    self->media_type = "github.v3; format=json";
}

void mock_answer_done(struct mock_answer *self)
{
    buffer_done(&self->body);
    for (size_t i = 0; i < self->field_count; i++) {
        free(self->fields[i].name);
        free(self->fields[i].value);
    }
    self->field_count = 0;
}

void mock_answer_put(struct mock_answer *self, const char *name, const char *format, ...)
{
    char *value = NULL;
    va_list arguments;
    va_start(arguments, format);
    const int size = vasprintf(&value, format, arguments);
    va_end(arguments);
    CHECK(size >= 0 && self->field_count < MOCK_FIELDS_MAX);
    struct mock_header *field = &self->fields[self->field_count++];
    field->name = strdup(name);
    field->value = value;
    CHECK(field->name);
}

const char *mock_answer_field(const struct mock_answer *self, const char *name)
{
    for (size_t i = 0; i < self->field_count; i++)
        if (strcasecmp(self->fields[i].name, name) == 0)
            return self->fields[i].value;
    return NULL;
}

void mock_answer_drop(struct mock_answer *self, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->field_count; i++) {
        if (strcasecmp(self->fields[i].name, name) == 0) {
            free(self->fields[i].name);
            free(self->fields[i].value);
        } else {
            self->fields[kept++] = self->fields[i];
        }
    }
    self->field_count = kept;
}

void mock_answer_fail(struct mock_answer *self, unsigned status, const char *message)
{
    const enum mock_resource resource = self->resource;
    mock_answer_done(self);
    mock_answer_init(self);
    self->resource = resource;
    self->status = status;
    buffer_put_text(&self->body, "{\"message\":\"");
    buffer_put_json(&self->body, slice_of(message));
    buffer_put_format(&self->body,
                      "\",\"documentation_url\":\"https://docs.github.com/rest\","
                      "\"status\":\"%u\"}",
                      status);
}

void mock_answer_json(struct mock_answer *self, unsigned status, cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json);
    buffer_clear(&self->body);
    buffer_put_text(&self->body, text ? text : "null");
    self->status = status;
    cJSON_free(text);
    cJSON_Delete(json);
}
