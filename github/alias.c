/* Two maps that must agree: an id counts only while its name is its own. A name that moved on to
 * another repository (deleted and made anew, or transferred) leaves the old id without one, so
 * that nobody's proof for the new one opens the old one. */
#include "github/alias.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/lru.h"

struct github_alias {
    pthread_mutex_t lock;
    struct lru *names; /* hash of the id -> struct github_alias_name */
    struct lru *ids;   /* hash of the lower-cased name -> id */
};

int github_alias_new(struct github_alias **ret_alias)
{
    struct github_alias *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    CHECK(pthread_mutex_init(&self->lock, NULL) == 0);
    struct lru_options options = {
        .capacity = GITHUB_ALIASES_MAX,
        .key_size = HASH_ID_SIZE,
        .value_size = sizeof(struct github_alias_name),
    };
    int r = lru_new(&options, &self->names);
    options.value_size = sizeof(uint64_t);
    if (r == 0)
        r = lru_new(&options, &self->ids);
    if (r == 0)
        *ret_alias = self;
    else
        github_alias_destroy(&self);
    return r;
}

void github_alias_destroy(struct github_alias **self_p)
{
    struct github_alias *self = *self_p;
    if (!self)
        return;
    lru_destroy(&self->names);
    lru_destroy(&self->ids);
    CHECK(pthread_mutex_destroy(&self->lock) == 0);
    free(self);
    *self_p = NULL;
}

static void id_key(uint64_t id, uint8_t ret[static HASH_ID_SIZE])
{
    hash_of(NULL, &id, sizeof id, ret, HASH_ID_SIZE);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static void name_key(const struct github_alias_name *name, uint8_t ret[static HASH_ID_SIZE])
{
    /* Both arrays whole: what follows a name's zero byte is zero, too. */
    struct github_alias_name folded = *name;
    for (size_t i = 0; i < GITHUB_NAME_MAX; i++) {
        folded.owner[i] = lower(folded.owner[i]);
        folded.repository[i] = lower(folded.repository[i]);
    }
    hash_of(NULL, &folded, sizeof folded, ret, HASH_ID_SIZE);
}

static bool is_name(struct slice text)
{
    if (text.size == 0 || text.size > GITHUB_NAME_MAX)
        return false;
    return !memchr(text.data, '\0', text.size) && !memchr(text.data, '/', text.size);
}

void github_alias_learn(struct github_alias *self, uint64_t id, struct slice owner,
                        struct slice repository)
{
    struct github_alias_name name = {.owner = "", .repository = ""};
    uint8_t by_id[HASH_ID_SIZE], by_name[HASH_ID_SIZE];
    if (id == 0 || !is_name(owner) || !is_name(repository))
        return;
    memcpy(name.owner, owner.data, owner.size);
    memcpy(name.repository, repository.data, repository.size);
    id_key(id, by_id);
    name_key(&name, by_name);

    CHECK(pthread_mutex_lock(&self->lock) == 0);
    memcpy(lru_put(self->names, by_id, NULL), &name, sizeof name);
    memcpy(lru_put(self->ids, by_name, NULL), &id, sizeof id);
    CHECK(pthread_mutex_unlock(&self->lock) == 0);
}

bool github_alias_find(struct github_alias *self, uint64_t id, struct github_alias_name *ret_name)
{
    uint8_t by_id[HASH_ID_SIZE], by_name[HASH_ID_SIZE];
    id_key(id, by_id);

    CHECK(pthread_mutex_lock(&self->lock) == 0);
    const struct github_alias_name *name = lru_get(self->names, by_id);
    if (name)
        name_key(name, by_name);
    const void *owner_id = name ? lru_get(self->ids, by_name) : NULL;
    const bool found = owner_id && memcmp(owner_id, &id, sizeof id) == 0;
    if (found)
        *ret_name = *name;
    CHECK(pthread_mutex_unlock(&self->lock) == 0);
    return found;
}
