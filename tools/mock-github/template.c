/* Filling of templates. A name without a value is a bug and aborts. */
#include "template.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "limits.h"

static const char *const templates[] = {
#define TEMPLATE(name, text) [MOCK_TEMPLATE_##name] = text,
#include "templates.def"
#undef TEMPLATE
};

static void set(struct mock_values *values, const char *name, char *text)
{
    size_t at = 0;
    while (at < values->count && strcmp(values->entries[at].name, name) != 0)
        at++;
    CHECK(text && at < MOCK_TEMPLATE_VALUES_MAX);
    if (at == values->count)
        values->count++;
    else
        free(values->entries[at].text);
    values->entries[at].name = name;
    values->entries[at].text = text;
}

void mock_template_put(struct mock_values *values, const char *name, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    const int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    set(values, name, size < 0 ? NULL : text);
}

void mock_template_put_text(struct mock_values *values, const char *name, struct slice text)
{
    struct buffer out;
    char *escaped = NULL;
    buffer_init(&out, MOCK_ITEM_MAX);
    buffer_put_json(&out, text);
    const int r = buffer_take(&out, &escaped, NULL);
    buffer_done(&out);
    set(values, name, r < 0 ? strdup("") : escaped);
}

void mock_template_done(struct mock_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        free(values->entries[i].text);
    values->count = 0;
}

static const char *value_of(const struct mock_values *values, struct slice name)
{
    for (size_t i = 0; i < values->count; i++)
        if (slice_equals(slice_of(values->entries[i].name), name))
            return values->entries[i].text;
    fprintf(stderr, "mock-github: template names $%.*s, which has no value\n", (int)name.size,
            name.data);
    abort();
}

static void put(struct buffer *out, const char *text, const struct mock_values *values)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    while (*text) {
        const size_t plain = strcspn(text, "$'");
        buffer_put(out, text, plain);
        text += plain;
        if (*text == '\'') {
            buffer_put_char(out, '"');
            text++;
        } else if (*text == '$') {
            const struct slice name = {.data = text + 1, .size = strspn(text + 1, letters)};
            buffer_put_text(out, value_of(values, name));
            text += 1 + name.size;
        }
    }
}

char *mock_template_text(enum mock_template id, const struct mock_values *values)
{
    struct buffer out;
    char *text = NULL;
    buffer_init(&out, MOCK_ITEM_MAX);
    put(&out, templates[id], values);
    if (buffer_take(&out, &text, NULL) < 0)
        text = NULL;
    buffer_done(&out);
    return text;
}

cJSON *mock_template_fill(enum mock_template id, struct mock_values *values)
{
    char *text = mock_template_text(id, values);
    cJSON *json = text ? cJSON_Parse(text) : NULL;
    CHECK(json || !text); /* a template that is no JSON is a bug */
    free(text);
    mock_template_done(values);
    return json;
}
