/* Tree of items and lists, and their JSON text. */
#include "item.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "git.h"
#include "limits.h"

struct kind {
    const char *key, *wrapper, *single_only, *dropped;
    bool is_newest_first;
};

static const struct kind kinds[MOCK_KINDS] = {
#define KIND(name, key, wrapper, newest_first, few, many, single_only, dropped, make)              \
    [MOCK_KIND_##name] = {key, wrapper, single_only, dropped, newest_first},
#include "kinds.def"
#undef KIND
};

const char *mock_item_wrapper(enum mock_kind kind)
{
    return kinds[kind].wrapper;
}

bool mock_item_is_newest_first(enum mock_kind kind)
{
    return kinds[kind].is_newest_first;
}

struct mock_item *mock_item_new_root(void)
{
    struct mock_item *self = calloc(1, sizeof *self);
    if (self)
        self->state.version = 1;
    return self;
}

static void forget_text(struct mock_item *self)
{
    for (size_t i = 0; i < MOCK_SHAPES; i++) {
        free((char *)self->text[i].data);
        self->text[i] = slice_of(NULL);
    }
}

static void drop_list(struct mock_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        mock_item_destroy(&list->items[i]);
    free(list->items);
    free(list);
}

void mock_item_destroy(struct mock_item **self_p)
{
    struct mock_item *self = *self_p;
    if (!self)
        return;
    while (self->owned) {
        struct mock_list *list = self->owned;
        self->owned = list->next;
        drop_list(list);
    }
    forget_text(self);
    mock_git_destroy(&self->git);
    cJSON_Delete(self->json);
    free(self->key);
    free(self);
    *self_p = NULL;
}

struct mock_list *mock_item_add_list(struct mock_item *owner, enum mock_kind kind, int64_t now_ms)
{
    struct mock_list *list = calloc(1, sizeof *list);
    if (!list)
        return NULL;
    list->kind = kind;
    list->owner = owner;
    list->state.version = 1;
    list->state.changed_ms = now_ms;
    list->next = owner->owned;
    owner->owned = list;
    return list;
}

struct mock_list *mock_item_list(const struct mock_item *owner, enum mock_kind kind)
{
    struct mock_list *list = owner->owned;
    while (list && list->kind != kind)
        list = list->next;
    return list;
}

static void read_key(struct mock_item *self)
{
    char number[32];
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(self->json, kinds[self->home->kind].key);
    const char *text = "";
    if (cJSON_IsString(field)) {
        text = field->valuestring;
    } else if (cJSON_IsNumber(field)) {
        snprintf(number, sizeof number, "%.0f", field->valuedouble);
        text = number;
    }
    free(self->key);
    self->key = slice_copy(slice_of(text));
}

static bool grow(struct mock_list *list)
{
    enum { CAPACITY_FIRST = 16 };
    if (list->count < list->capacity)
        return true;
    if (list->count >= MOCK_LIST_MAX)
        return false;
    const size_t capacity = list->capacity ? list->capacity * 2 : CAPACITY_FIRST;
    struct mock_item **items = realloc(list->items, capacity * sizeof *items);
    if (!items)
        return false;
    list->items = items;
    list->capacity = capacity;
    return true;
}

struct mock_item *mock_item_add(struct mock_list *list, cJSON *json, int64_t now_ms)
{
    struct mock_item *self = json && grow(list) ? calloc(1, sizeof *self) : NULL;
    if (!self) {
        cJSON_Delete(json);
        return NULL;
    }
    self->home = list;
    self->json = json;
    self->index = list->made++;
    self->state.version = 1;
    self->state.changed_ms = now_ms;
    read_key(self);
    list->items[list->count++] = self;
    return self;
}

struct mock_item *mock_item_find(const struct mock_list *list, const char *key)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i]->key && strcmp(list->items[i]->key, key) == 0)
            return list->items[i];
    return NULL;
}

struct mock_item *mock_item_at(const struct mock_list *list, size_t at)
{
    CHECK(at < list->count);
    return list->items[kinds[list->kind].is_newest_first ? list->count - 1 - at : at];
}

struct mock_item *mock_item_repo(struct mock_item *self)
{
    while (self && self->home && self->home->kind != MOCK_KIND_REPOS)
        self = self->home->owner;
    return self && self->home ? self : NULL;
}

void mock_item_refresh(struct mock_item *self)
{
    forget_text(self);
    if (self->home)
        read_key(self);
}

/* Whether the comma-separated names hold this one. */
static bool names_hold(const char *names, const char *name)
{
    struct slice rest = slice_of(names);
    while (rest.data)
        if (slice_equals(slice_next(&rest, ','), slice_of(name)))
            return true;
    return false;
}

static void put_field(struct buffer *out, const cJSON *field)
{
    char *text = cJSON_PrintUnformatted(field);
    buffer_put_char(out, '"');
    buffer_put_json(out, slice_of(field->string));
    buffer_put_text(out, "\":");
    buffer_put_text(out, text ? text : "null");
    cJSON_free(text);
}

static void render(const struct mock_item *self, enum mock_shape shape, struct buffer *out)
{
    const struct kind *kind = &kinds[self->home ? self->home->kind : MOCK_KIND_ROOT];
    const bool is_listed = shape == MOCK_SHAPE_LISTED || shape == MOCK_SHAPE_LISTED_2026;
    const bool is_2026 = shape == MOCK_SHAPE_SINGLE_2026 || shape == MOCK_SHAPE_LISTED_2026;
    bool first = true;
    buffer_put_char(out, '{');
    for (const cJSON *field = self->json->child; field; field = field->next) {
        if (is_listed && names_hold(kind->single_only, field->string))
            continue;
        if (is_2026 && names_hold(kind->dropped, field->string))
            continue;
        if (!first)
            buffer_put_char(out, ',');
        put_field(out, field);
        first = false;
    }
    buffer_put_char(out, '}');
}

struct slice mock_item_text(struct mock_item *self, enum mock_shape shape)
{
    struct slice *text = &self->text[shape];
    if (!text->data) {
        struct buffer out;
        char *data = NULL;
        buffer_init(&out, MOCK_ITEM_MAX);
        render(self, shape, &out);
        if (buffer_take(&out, &data, &text->size) == 0)
            text->data = data;
        buffer_done(&out);
    }
    return *text;
}

const char *mock_item_string(const struct mock_item *self, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(self->json, name));
    return text ? text : "";
}

int64_t mock_item_number(const struct mock_item *self, const char *name)
{
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(self->json, name);
    return cJSON_IsNumber(field) ? (int64_t)field->valuedouble : 0;
}

bool mock_item_is(const struct mock_item *self, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(self->json, name));
}

void mock_item_set(struct mock_item *self, const char *name, cJSON *value)
{
    if (!value)
        return;
    if (cJSON_HasObjectItem(self->json, name))
        cJSON_ReplaceItemInObjectCaseSensitive(self->json, name, value);
    else
        cJSON_AddItemToObject(self->json, name, value);
}

void mock_item_set_string(struct mock_item *self, const char *name, const char *value)
{
    mock_item_set(self, name, cJSON_CreateString(value));
}
