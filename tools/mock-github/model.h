/* All that the mock GitHub serves: one tree of items, made from the seed when it is first asked
 * for, and changed only through here, so that every change is counted and dated. */
#ifndef MOCK_MODEL_H
#define MOCK_MODEL_H

#include "base/check.h"
#include "clock.h"
#include "item.h"
#include "options.h"

enum { MOCK_MODEL_ALIASES_MAX = 256 };

/* A former name of a repository. */
struct mock_alias {
    char *name; /* owner/name */
    struct mock_item *repo;
};

struct mock_model {
    const struct mock_options *options;
    const struct mock_clock *clock;
    int64_t started_ms;
    struct mock_item *root;
    struct mock_alias aliases[MOCK_MODEL_ALIASES_MAX];
    size_t alias_count;
    uint64_t changes; /* made since the start */
    /* Told after each change of an item or list; may be NULL. */
    void (*on_change)(void *cls, struct mock_state *state);
    void *cls;
};

/* Borrows options and clock. -ENOMEM. */
int mock_model_init(struct mock_model *self, const struct mock_options *options,
                    const struct mock_clock *clock) MUST_CHECK;
void mock_model_done(struct mock_model *self);

/* The list of that kind below owner, made on first use; NULL when memory is short. */
struct mock_list *mock_model_list(struct mock_model *self, struct mock_item *owner,
                                  enum mock_kind kind);

/* The repository owner/name, or NULL. */
struct mock_item *mock_model_repo(struct mock_model *self, const char *owner, const char *name);

/* The repository that was called owner/name before, or NULL. */
struct mock_item *mock_model_renamed(struct mock_model *self, const char *owner, const char *name);

/* How many elements of that kind are there at first below owner. */
size_t mock_model_first_count(const struct mock_model *self, const struct mock_item *owner,
                              enum mock_kind kind);

/* A number below limit that depends on the seed and the two others alone. */
uint64_t mock_model_draw(const struct mock_model *self, const char *what, uint64_t which,
                         uint64_t limit);

/* Adds one more element, made as the others were. NULL when the list is full or can't grow. */
struct mock_item *mock_model_add(struct mock_model *self, struct mock_list *list);

/* Takes json and adds it. NULL as above. */
struct mock_item *mock_model_add_json(struct mock_model *self, struct mock_list *list, cJSON *json);

/* Says that the item was changed: dates it, counts its version and that of its list. */
void mock_model_touch(struct mock_model *self, struct mock_item *item);
void mock_model_touch_list(struct mock_model *self, struct mock_list *list);

/* Takes an element out of what is served. */
void mock_model_remove(struct mock_model *self, struct mock_item *item);

/* Gives a repository another name; the old one redirects from now on. -ENOSPC beyond
 * MOCK_MODEL_ALIASES_MAX, -ENOMEM. */
int mock_model_rename(struct mock_model *self, struct mock_item *repo, const char *name) MUST_CHECK;

#endif
