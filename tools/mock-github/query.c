/* Recursive descent over the GraphQL specification's query language (section 2). */
#include "query.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct mock_query *query;
    const char *at;
    size_t depth;
    bool failed;
};

static void skip_ignored(struct reader *reader)
{
    for (;;) {
        reader->at += strspn(reader->at, " \t\r\n,");
        if (*reader->at != '#')
            return;
        reader->at += strcspn(reader->at, "\r\n");
    }
}

static bool accept(struct reader *reader, const char *text)
{
    skip_ignored(reader);
    if (strncmp(reader->at, text, strlen(text)) != 0)
        return false;
    reader->at += strlen(text);
    return true;
}

static void expect(struct reader *reader, const char *text)
{
    if (!accept(reader, text))
        reader->failed = true;
}

static struct slice read_name(struct reader *reader)
{
    skip_ignored(reader);
    struct slice name = {.data = reader->at};
    while (isalnum((unsigned char)name.data[name.size]) || name.data[name.size] == '_')
        name.size++;
    reader->at += name.size;
    if (name.size == 0)
        reader->failed = true;
    return name;
}

static bool accept_word(struct reader *reader, const char *word)
{
    const char *before = reader->at;
    skip_ignored(reader);
    if (isalpha((unsigned char)*reader->at) && slice_equals(read_name(reader), slice_of(word)))
        return true;
    reader->at = before;
    return false;
}

static cJSON *read_value(struct reader *reader);

static cJSON *read_variable(struct reader *reader)
{
    char *name = slice_copy(read_name(reader));
    const cJSON *value =
        name ? cJSON_GetObjectItemCaseSensitive(reader->query->variables, name) : NULL;
    free(name);
    return value ? cJSON_Duplicate(value, true) : cJSON_CreateNull();
}

/* GraphQL's strings are JSON's, but for block strings. */
static cJSON *read_string(struct reader *reader)
{
    static const char quotes[] = "\"\"\"";
    const bool is_block = strncmp(reader->at, quotes, strlen(quotes)) == 0;
    const char *begin = reader->at;
    const char *end = is_block ? strstr(begin + strlen(quotes), quotes) : NULL;
    cJSON *value = NULL;
    if (is_block && end) {
        struct slice text = {.data = begin + strlen(quotes)};
        text.size = (size_t)(end - text.data);
        char *copy = slice_copy(text);
        value = cJSON_CreateString(copy ? copy : "");
        free(copy);
        reader->at = end + strlen(quotes);
    } else {
        value = cJSON_ParseWithOpts(begin, &reader->at, false);
    }
    if (!value)
        reader->failed = true;
    return value;
}

static cJSON *read_list(struct reader *reader)
{
    cJSON *list = cJSON_CreateArray();
    while (!reader->failed && !accept(reader, "]"))
        cJSON_AddItemToArray(list, read_value(reader));
    return list;
}

/* Fields up to the closing bracket, of an object or of arguments. */
static cJSON *read_fields(struct reader *reader, const char *close)
{
    cJSON *object = cJSON_CreateObject();
    while (!reader->failed && !accept(reader, close)) {
        char *name = slice_copy(read_name(reader));
        expect(reader, ":");
        cJSON *value = reader->failed ? NULL : read_value(reader);
        if (name && value)
            cJSON_AddItemToObject(object, name, value);
        free(name);
    }
    return object;
}

static cJSON *read_word(struct reader *reader)
{
    char *word = slice_copy(read_name(reader));
    cJSON *value = NULL;
    if (word && strcmp(word, "null") == 0)
        value = cJSON_CreateNull();
    else if (word && (strcmp(word, "true") == 0 || strcmp(word, "false") == 0))
        value = cJSON_CreateBool(*word == 't');
    else if (word)
        value = cJSON_CreateString(word);
    free(word);
    return value;
}

static cJSON *read_plain(struct reader *reader)
{
    skip_ignored(reader);
    if (accept(reader, "$"))
        return read_variable(reader);
    if (accept(reader, "["))
        return read_list(reader);
    if (accept(reader, "{"))
        return read_fields(reader, "}");
    if (*reader->at == '"')
        return read_string(reader);
    if (isdigit((unsigned char)*reader->at) || *reader->at == '-') {
        char *end = NULL;
        const double number = strtod(reader->at, &end);
        reader->at = end;
        return cJSON_CreateNumber(number);
    }
    return read_word(reader);
}

static cJSON *read_value(struct reader *reader)
{
    if (++reader->depth > MOCK_GRAPHQL_DEPTH_MAX)
        reader->failed = true;
    cJSON *value = reader->failed ? NULL : read_plain(reader);
    reader->depth--;
    return value;
}

/* @skip(if:), @include(if:) and others that change nothing. True when the selection is left out. */
static bool read_directives(struct reader *reader)
{
    bool is_skipped = false;
    while (!reader->failed && accept(reader, "@")) {
        const struct slice name = read_name(reader);
        cJSON *arguments = accept(reader, "(") ? read_fields(reader, ")") : NULL;
        const bool is_true = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(arguments, "if"));
        if (slice_equals(name, slice_of("skip")))
            is_skipped |= is_true;
        else if (slice_equals(name, slice_of("include")))
            is_skipped |= !is_true;
        cJSON_Delete(arguments);
    }
    return is_skipped;
}

static struct mock_selection *read_selections(struct reader *reader);

static void read_selection(struct reader *reader, struct mock_selection *selection)
{
    if (accept(reader, "...")) {
        skip_ignored(reader);
        const bool has_type = accept_word(reader, "on");
        selection->type = has_type || !isalpha((unsigned char)*reader->at) ? MOCK_SELECTION_INLINE
                                                                           : MOCK_SELECTION_SPREAD;
        if (has_type || selection->type == MOCK_SELECTION_SPREAD)
            selection->name = read_name(reader);
    } else {
        selection->name = selection->alias = read_name(reader);
        if (accept(reader, ":"))
            selection->name = read_name(reader);
        if (accept(reader, "("))
            selection->arguments = read_fields(reader, ")");
    }
    selection->is_skipped = read_directives(reader);
    if (accept(reader, "{"))
        selection->first = read_selections(reader);
}

/* Up to the closing brace; the opening one is read already. */
static struct mock_selection *read_selections(struct reader *reader)
{
    struct mock_selection *first = NULL, **last = &first;
    if (++reader->depth > MOCK_GRAPHQL_DEPTH_MAX)
        reader->failed = true;
    while (!reader->failed && !accept(reader, "}")) {
        if (reader->query->count == MOCK_GRAPHQL_FIELDS_MAX) {
            reader->failed = true;
            break;
        }
        *last = &reader->query->pool[reader->query->count++];
        read_selection(reader, *last);
        last = &(*last)->next;
    }
    reader->depth--;
    return first;
}

static void read_type(struct reader *reader)
{
    if (accept(reader, "[")) {
        read_type(reader);
        expect(reader, "]");
    } else {
        read_name(reader);
    }
    if (!accept(reader, "!"))
        skip_ignored(reader);
}

/* ($name: Type = default, ...): defaults become variables that were not given. */
static void read_variables(struct reader *reader)
{
    cJSON *variables = reader->query->variables;
    while (!reader->failed && !accept(reader, ")")) {
        expect(reader, "$");
        char *name = slice_copy(read_name(reader));
        expect(reader, ":");
        if (!reader->failed)
            read_type(reader);
        cJSON *value = accept(reader, "=") ? read_value(reader) : NULL;
        if (name && value && !cJSON_HasObjectItem(variables, name))
            cJSON_AddItemToObject(variables, name, value);
        else
            cJSON_Delete(value);
        free(name);
    }
}

static void read_fragment(struct reader *reader)
{
    struct mock_query *query = reader->query;
    if (query->fragment_count == MOCK_QUERY_FRAGMENTS_MAX) {
        reader->failed = true;
        return;
    }
    const size_t at = query->fragment_count++;
    query->fragments[at].name = read_name(reader);
    if (!accept_word(reader, "on"))
        reader->failed = true;
    query->fragments[at].type = read_name(reader);
    read_directives(reader);
    expect(reader, "{");
    query->fragments[at].first = read_selections(reader);
}

static void read_operation(struct reader *reader)
{
    struct mock_query *query = reader->query;
    query->is_mutation = accept_word(reader, "mutation");
    if (query->is_mutation || accept_word(reader, "query")) {
        skip_ignored(reader);
        if (isalpha((unsigned char)*reader->at) || *reader->at == '_')
            read_name(reader);
        if (accept(reader, "("))
            read_variables(reader);
        read_directives(reader);
    }
    expect(reader, "{");
    query->first = read_selections(reader);
}

int mock_query_new(const char *text, const cJSON *variables, struct mock_query **ret_query,
                   const char **ret_near)
{
    struct mock_query *self = calloc(1, sizeof *self);
    struct reader reader = {.query = self, .at = text};
    if (!self)
        return -ENOMEM;
    self->variables =
        cJSON_IsObject(variables) ? cJSON_Duplicate(variables, true) : cJSON_CreateObject();
    for (skip_ignored(&reader); *reader.at && !reader.failed; skip_ignored(&reader)) {
        if (accept_word(&reader, "fragment"))
            read_fragment(&reader);
        else
            read_operation(&reader);
    }
    if (reader.failed || !self->first) {
        *ret_near = reader.at;
        mock_query_destroy(&self);
        return -EINVAL;
    }
    *ret_query = self;
    return 0;
}

void mock_query_destroy(struct mock_query **self_p)
{
    struct mock_query *self = *self_p;
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++)
        cJSON_Delete(self->pool[i].arguments);
    cJSON_Delete(self->variables);
    free(self);
    *self_p = NULL;
}

const struct mock_selection *mock_query_fragment(const struct mock_query *self, struct slice name)
{
    for (size_t i = 0; i < self->fragment_count; i++)
        if (slice_equals(self->fragments[i].name, name))
            return self->fragments[i].first;
    return NULL;
}
