/* JSON objects from templates (templates.def): "$name" stands for a value, single quotes stand for
 * double ones. */
#ifndef MOCK_TEMPLATE_H
#define MOCK_TEMPLATE_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/slice.h"

enum mock_template {
#define TEMPLATE(name, text) MOCK_TEMPLATE_##name,
#include "templates.def"
#undef TEMPLATE
};

enum { MOCK_TEMPLATE_VALUES_MAX = 48 };

struct mock_values {
    struct {
        const char *name; /* a literal */
        char *text;
    } entries[MOCK_TEMPLATE_VALUES_MAX];
    size_t count;
};

/* Sets one value, inserted as it is. */
void mock_template_put(struct mock_values *values, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets one value that may hold anything: escaped for the inside of a JSON string. */
void mock_template_put_text(struct mock_values *values, const char *name, struct slice text);

/* The text with all values in place, for the caller to free; NULL when memory is short. */
char *mock_template_text(enum mock_template id, const struct mock_values *values);

/* The same as JSON, and the values are gone. NULL when memory is short. */
cJSON *mock_template_fill(enum mock_template id, struct mock_values *values);

/* Frees the values; filling did so already. */
void mock_template_done(struct mock_values *values);

#endif
