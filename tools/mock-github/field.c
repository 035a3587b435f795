/* Rows of graphql.def and the two ways to look into JSON. */
#include "field.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "limits.h"

static const struct mock_field fields[] = {
#define FORM_OF_SAME MOCK_FORM_SAME, MOCK_KIND_ROOT
#define FORM_OF_UPPER MOCK_FORM_UPPER, MOCK_KIND_ROOT
#define FORM_OF_COUNT MOCK_FORM_COUNT, MOCK_KIND_ROOT
#define FORM_OF_LIST MOCK_FORM_LIST, MOCK_KIND_ROOT
#define FORM_OF_ISSUES MOCK_FORM_KIND, MOCK_KIND_ISSUES
#define FORM_OF_PULLS MOCK_FORM_KIND, MOCK_KIND_PULLS
#define FORM_OF_RELEASES MOCK_FORM_KIND, MOCK_KIND_RELEASES
#define FORM_OF_LABELS MOCK_FORM_KIND, MOCK_KIND_LABELS
#define FORM_OF_MILESTONES MOCK_FORM_KIND, MOCK_KIND_MILESTONES
#define FORM_OF_CONTRIBUTORS MOCK_FORM_KIND, MOCK_KIND_CONTRIBUTORS
#define FORM_OF_COMMENTS MOCK_FORM_KIND, MOCK_KIND_COMMENTS
#define FORM_OF_FILES MOCK_FORM_KIND, MOCK_KIND_FILES
#define FORM_OF_REVIEWS MOCK_FORM_KIND, MOCK_KIND_REVIEWS
#define FORM_OF_ISSUE MOCK_FORM_ONE, MOCK_KIND_ISSUES
#define FORM_OF_PULL MOCK_FORM_ONE, MOCK_KIND_PULLS
#define FORM_OF_RELEASE MOCK_FORM_ONE, MOCK_KIND_RELEASES
#define FORM_OF_REPOS MOCK_FORM_KIND, MOCK_KIND_REPOS
#define GRAPHQL(kind, name, path, form) {MOCK_KIND_##kind, name, path, FORM_OF_##form},
#include "graphql.def"
#undef GRAPHQL
};

const struct mock_field *mock_field_find(const struct mock_item *item, struct slice name)
{
    for (size_t i = 0; item && i < sizeof fields / sizeof *fields; i++)
        if (fields[i].kind == item->home->kind && slice_equals(slice_of(fields[i].name), name))
            return &fields[i];
    return NULL;
}

const cJSON *mock_field_at_path(const cJSON *json, const char *path)
{
    struct slice rest = slice_of(path);
    while (rest.data && json) {
        char *name = slice_copy(slice_next(&rest, '.'));
        json = name ? cJSON_GetObjectItemCaseSensitive(json, name) : NULL;
        free(name);
    }
    return json;
}

const cJSON *mock_field_at(const cJSON *json, struct slice name)
{
    struct buffer snake;
    const cJSON *value = NULL;
    buffer_init(&snake, MOCK_TEXT_MAX);
    for (size_t i = 0; i < name.size; i++) {
        const int c = (unsigned char)name.data[i];
        if ((isupper)(c)) /* the functions: the macros are branches within branches */
            buffer_put_char(&snake, '_');
        buffer_put_char(&snake, (char)(tolower)(c));
    }
    if (slice_equals(name, slice_of("id")) && cJSON_HasObjectItem(json, "node_id"))
        value = cJSON_GetObjectItemCaseSensitive(json, "node_id");
    else if (!snake.error && snake.data)
        value = cJSON_GetObjectItemCaseSensitive(json, snake.data);
    buffer_done(&snake);
    return value;
}
