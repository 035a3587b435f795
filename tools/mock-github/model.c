/* The tree: making, finding, changing. What elements look like is make.c's, what git holds git.c's.
 */
#include "model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "action.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "git.h"
#include "limits.h"
#include "make.h"

typedef cJSON *make_function(struct mock_model *model, struct mock_list *list, size_t index);

static make_function *const makers[MOCK_KINDS] = {
#define KIND(name, key, wrapper, newest_first, few, many, single_only, dropped, make)              \
    [MOCK_KIND_##name] = make,
#include "kinds.def"
#undef KIND
};

int mock_model_init(struct mock_model *self, const struct mock_options *options,
                    const struct mock_clock *clock)
{
    memset(self, 0, sizeof *self);
    self->options = options;
    self->clock = clock;
    self->started_ms = mock_clock_now_ms(clock);
    self->root = mock_item_new_root();
    if (!self->root)
        return -ENOMEM;
    struct mock_list *repos = mock_model_list(self, self->root, MOCK_KIND_REPOS);
    char *old_name = strdup("octocat/old-name");
    if (!repos || !old_name || repos->count <= MOCK_MAKE_NEW_NAME) {
        free(old_name);
        mock_model_done(self);
        return -ENOMEM;
    }
    self->aliases[0].name = old_name;
    self->aliases[0].repo = repos->items[MOCK_MAKE_NEW_NAME];
    self->alias_count = 1;
    return 0;
}

void mock_model_done(struct mock_model *self)
{
    for (size_t i = 0; i < self->alias_count; i++)
        free(self->aliases[i].name);
    self->alias_count = 0;
    mock_item_destroy(&self->root);
}

size_t mock_model_first_count(const struct mock_model *self, const struct mock_item *owner,
                              enum mock_kind kind)
{
    const struct mock_options *options = self->options;
    const struct mock_item *repo = mock_item_repo((struct mock_item *)owner);
    const bool is_large = repo && repo->index == MOCK_MAKE_HELLO_WORLD;
    int64_t count = 0;
    switch (kind) {
#define KIND(name, key, wrapper, newest_first, few, many, ...)                                     \
    case MOCK_KIND_##name:                                                                         \
        count = is_large ? (many) : (few);                                                         \
        break;
#include "kinds.def"
#undef KIND
    case MOCK_KINDS:
        break;
    }
    return (size_t)count;
}

static bool is_git(enum mock_kind kind)
{
    return kind >= MOCK_KIND_BRANCHES && kind <= MOCK_KIND_TAGS;
}

struct mock_list *mock_model_list(struct mock_model *self, struct mock_item *owner,
                                  enum mock_kind kind)
{
    struct mock_list *list = mock_item_list(owner, kind);
    if (list)
        return list;
    if (is_git(kind))
        return mock_git_load(self, owner) == 0 ? mock_item_list(owner, kind) : NULL;
    list = mock_item_add_list(owner, kind, self->started_ms);
    const size_t count = list ? mock_model_first_count(self, owner, kind) : 0;
    for (size_t i = 0; i < count; i++)
        if (!mock_item_add(list, makers[kind](self, list, i), self->started_ms))
            return NULL;
    return list;
}

struct mock_item *mock_model_repo(struct mock_model *self, const char *owner, const char *name)
{
    char key[MOCK_TEXT_MAX];
    const struct mock_list *repos = mock_model_list(self, self->root, MOCK_KIND_REPOS);
    snprintf(key, sizeof key, "%s/%s", owner, name);
    for (size_t i = 0; repos && i < repos->count; i++)
        if (strcasecmp(repos->items[i]->key, key) == 0)
            return repos->items[i];
    return NULL;
}

struct mock_item *mock_model_renamed(struct mock_model *self, const char *owner, const char *name)
{
    char key[MOCK_TEXT_MAX];
    snprintf(key, sizeof key, "%s/%s", owner, name);
    for (size_t i = self->alias_count; i-- > 0;)
        if (strcasecmp(self->aliases[i].name, key) == 0)
            return self->aliases[i].repo;
    return NULL;
}

uint64_t mock_model_draw(const struct mock_model *self, const char *what, uint64_t which,
                         uint64_t limit)
{
    struct hash hash;
    uint64_t number = 0;
    uint8_t digest[HASH_ID_SIZE];
    hash_start(&hash, NULL, sizeof digest);
    hash_add_text(&hash, slice_of(what));
    hash_add(&hash, &which, sizeof which);
    hash_add(&hash, &self->options->seed, sizeof self->options->seed);
    hash_finish(&hash, digest, sizeof digest);
    memcpy(&number, digest, sizeof number);
    return limit ? number % limit : 0;
}

static void change(struct mock_model *self, struct mock_state *state)
{
    state->version++;
    state->changed_ms = mock_clock_now_ms(self->clock);
    if (self->on_change)
        self->on_change(self->cls, state);
}

void mock_model_touch_list(struct mock_model *self, struct mock_list *list)
{
    change(self, &list->state);
}

void mock_model_touch(struct mock_model *self, struct mock_item *item)
{
    static const char *const dates[] = {"updated_at", "pushed_at"};
    char now[MOCK_CLOCK_TEXT_SIZE];
    mock_clock_format(mock_clock_now_ms(self->clock), now);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (cJSON_HasObjectItem(item->json, dates[i]))
            mock_item_set_string(item, dates[i], now);
    /* Dates have seconds only: two changes within one must still differ. */
    mock_item_set(item, "mock_version", cJSON_CreateNumber(item->state.version + 1));
    mock_item_refresh(item);
    self->changes++;
    change(self, &item->state);
    mock_model_touch_list(self, item->home);
}

struct mock_item *mock_model_add_json(struct mock_model *self, struct mock_list *list, cJSON *json)
{
    struct mock_item *item = mock_item_add(list, json, mock_clock_now_ms(self->clock));
    if (item) {
        self->changes++;
        mock_model_touch_list(self, list);
    }
    return item;
}

struct mock_item *mock_model_add(struct mock_model *self, struct mock_list *list)
{
    make_function *make = makers[list->kind];
    return make ? mock_model_add_json(self, list, make(self, list, list->made)) : NULL;
}

void mock_model_remove(struct mock_model *self, struct mock_item *item)
{
    item->gone = true;
    self->changes++;
    change(self, &item->state);
    mock_model_touch_list(self, item->home);
}

static char *replaced(const char *text, const char *from, const char *to)
{
    struct buffer out;
    char *result = NULL;
    buffer_init(&out, MOCK_ITEM_MAX);
    for (const char *at = strstr(text, from); at; at = strstr(text, from)) {
        buffer_put(&out, text, (size_t)(at - text));
        buffer_put_text(&out, to);
        text = at + strlen(from);
    }
    buffer_put_text(&out, text);
    if (buffer_take(&out, &result, NULL) < 0)
        result = NULL;
    buffer_done(&out);
    return result;
}

/* Every text below json that names the repository names it anew. */
static void rename_texts(cJSON *json, const char *from, const char *to)
{
    if (cJSON_IsString(json) && strstr(json->valuestring, from)) {
        char *text = replaced(json->valuestring, from, to);
        if (text)
            cJSON_SetValuestring(json, text);
        free(text);
    }
    for (cJSON *child = json->child; child; child = child->next)
        rename_texts(child, from, to);
}

static void rename_below(struct mock_model *self, struct mock_item *item, const char *from,
                         const char *to)
{
    rename_texts(item->json, from, to);
    mock_item_refresh(item);
    for (struct mock_list *list = item->owned; list; list = list->next) {
        for (size_t i = 0; i < list->count; i++)
            rename_below(self, list->items[i], from, to);
        change(self, &list->state);
    }
}

int mock_model_rename(struct mock_model *self, struct mock_item *repo, const char *name)
{
    char full[MOCK_TEXT_MAX];
    struct slice owner = slice_of(repo->key);
    owner = slice_next(&owner, '/');
    snprintf(full, sizeof full, "%.*s/%s", (int)owner.size, owner.data, name);
    char *old = self->alias_count < MOCK_MODEL_ALIASES_MAX ? strdup(repo->key) : NULL;
    if (!old)
        return self->alias_count < MOCK_MODEL_ALIASES_MAX ? -ENOMEM : -ENOSPC;
    self->aliases[self->alias_count].name = old;
    self->aliases[self->alias_count++].repo = repo;
    rename_below(self, repo, old, full);
    mock_item_set_string(repo, "name", name);
    mock_model_touch(self, repo);
    return 0;
}
