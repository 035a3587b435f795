/* The things that the API serves: items (one JSON object each) and the lists that hold them. An
 * item owns the lists below it, so all data is one tree. Knows no routes and makes no content. */
#ifndef MOCK_ITEM_H
#define MOCK_ITEM_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"

struct mock_watch;
struct mock_git;

enum mock_kind {
#define KIND(name, ...) MOCK_KIND_##name,
#include "kinds.def"
#undef KIND
    MOCK_KINDS
};

/* What changes: an item or a list. */
struct mock_state {
    uint32_t version; /* 1 at first */
    int64_t changed_ms;
    struct mock_watch *watches; /* targets whose answers depend on it; history.c */
};

/* How an item is written: alone or in a list, by which API version. */
enum mock_shape {
    MOCK_SHAPE_SINGLE,
    MOCK_SHAPE_LISTED,
    MOCK_SHAPE_SINGLE_2026,
    MOCK_SHAPE_LISTED_2026,
    MOCK_SHAPES
};

struct mock_list;

struct mock_item {
    struct mock_list *home;  /* NULL for the root */
    struct mock_list *owned; /* lists below it */
    struct mock_git *git;    /* of a repository: its files; git.c */
    cJSON *json;
    char *key;    /* how paths name it */
    size_t index; /* as how many it was made, from 0 */
    struct mock_state state;
    struct slice text[MOCK_SHAPES]; /* rendered on demand */
    bool has_statistics;            /* of a repository: they were asked for once */
    bool gone;                      /* deleted: answers 410 or 404 */
};

struct mock_list {
    enum mock_kind kind;
    struct mock_item *owner;
    struct mock_list *next;   /* of the same owner */
    struct mock_item **items; /* oldest first */
    size_t count, capacity;
    size_t made; /* elements ever made */
    struct mock_state state;
};

struct mock_item *mock_item_new_root(void);
void mock_item_destroy(struct mock_item **self_p);

/* An empty list below owner, NULL when memory is short. */
struct mock_list *mock_item_add_list(struct mock_item *owner, enum mock_kind kind, int64_t now_ms);

/* The list of that kind, or NULL when it is not made yet. */
struct mock_list *mock_item_list(const struct mock_item *owner, enum mock_kind kind);

/* Takes json, whatever the result. The new item, or NULL: -ENOMEM or a full list. */
struct mock_item *mock_item_add(struct mock_list *list, cJSON *json, int64_t now_ms);

/* The element that is named by key, deleted ones included; NULL when there is none. */
struct mock_item *mock_item_find(const struct mock_list *list, const char *key);

/* The at-th element in the order that the API lists them; at < count. */
struct mock_item *mock_item_at(const struct mock_list *list, size_t at);

/* The repository that an item or list is part of, or NULL. */
struct mock_item *mock_item_repo(struct mock_item *self);

/* Takes note that json changed: forgets texts and reads the key again. */
void mock_item_refresh(struct mock_item *self);

/* The item as JSON text, until it changes; empty when memory is short. */
struct slice mock_item_text(struct mock_item *self, enum mock_shape shape);

/* Fields of the object; "" and 0 when absent. */
const char *mock_item_string(const struct mock_item *self, const char *name);
int64_t mock_item_number(const struct mock_item *self, const char *name);
bool mock_item_is(const struct mock_item *self, const char *name);

/* Replaces a field; when memory is short the field is lost. */
void mock_item_set(struct mock_item *self, const char *name, cJSON *value);
void mock_item_set_string(struct mock_item *self, const char *name, const char *value);

/* What kinds.def says. */
const char *mock_item_wrapper(enum mock_kind kind);
bool mock_item_is_newest_first(enum mock_kind kind);

#endif
