/* Windows of use by quota owner. */
#include "limit.h"

#include <string.h>

#include "base/hash.h"
#include "limits.h"

static const struct {
    const char *name;
    int64_t seconds;
} resources[MOCK_RESOURCES] = {
    [MOCK_RESOURCE_CORE] = {"core", 3600},
    [MOCK_RESOURCE_SEARCH] = {"search", 60},
    [MOCK_RESOURCE_GRAPHQL] = {"graphql", 3600},
};

struct owner {
    struct mock_quota quotas[MOCK_RESOURCES];
};

int mock_limit_init(struct mock_limits *self)
{
    const struct lru_options options = {
        .capacity = MOCK_OWNERS_MAX,
        .key_size = HASH_ID_SIZE,
        .value_size = sizeof(struct owner),
    };
    return lru_new(&options, &self->owners);
}

void mock_limit_done(struct mock_limits *self)
{
    lru_destroy(&self->owners);
}

static bool forget(void *cls, const void *key, void *value)
{
    (void)cls;
    (void)key;
    (void)value;
    return true;
}

void mock_limit_reset(struct mock_limits *self)
{
    lru_sweep(self->owners, forget, NULL);
}

struct mock_quota *mock_limit_look(struct mock_limits *self, const char *owner,
                                   enum mock_resource resource, int64_t now_ms, int64_t period_ms)
{
    uint8_t key[HASH_ID_SIZE];
    hash_of(NULL, owner, strlen(owner), key, sizeof key);
    struct owner *found = lru_put(self->owners, key, NULL);
    struct mock_quota *quota = &found->quotas[resource];
    if (now_ms >= quota->reset_ms) {
        quota->used = 0;
        quota->reset_ms = now_ms + period_ms;
    }
    return quota;
}

int64_t mock_limit_remaining(const struct mock_quota *quota)
{
    return quota->used < quota->limit ? quota->limit - quota->used : 0;
}

const char *mock_limit_name(enum mock_resource resource)
{
    return resources[resource].name;
}

int64_t mock_limit_seconds(enum mock_resource resource)
{
    return resources[resource].seconds;
}
