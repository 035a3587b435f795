/* Watches, linked from the state that they depend on. */
#include "history.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/hex.h"
#include "limits.h"

enum { SHA256_TEXT_SIZE = 2 * crypto_hash_sha256_BYTES + 1 };

struct version {
    uint32_t number;
    int64_t ms;
    char sha256[SHA256_TEXT_SIZE];
};

struct mock_watch {
    struct mock_state *state;
    struct mock_watch *next, *previous; /* of the same state */
    char *target;
    struct version *versions; /* the last ones, oldest first */
    size_t count, capacity;
    uint32_t seen; /* version that was answered last; 0 before */
};

static void leave(void *cls, void *value)
{
    struct mock_watch *watch = value;
    (void)cls;
    if (watch->previous)
        watch->previous->next = watch->next;
    else if (watch->state)
        watch->state->watches = watch->next;
    if (watch->next)
        watch->next->previous = watch->previous;
    free(watch->target);
    free(watch->versions);
}

int mock_history_init(struct mock_history *self, mock_history_render *render, void *cls)
{
    const struct lru_options options = {
        .capacity = MOCK_WATCHES_MAX,
        .key_size = HASH_ID_SIZE,
        .value_size = sizeof(struct mock_watch),
        .on_leave = leave,
    };
    self->render = render;
    self->cls = cls;
    return lru_new(&options, &self->watches);
}

void mock_history_done(struct mock_history *self)
{
    lru_destroy(&self->watches);
}

static bool grow(struct mock_watch *watch)
{
    enum { CAPACITY_FIRST = 4 };
    if (watch->count < watch->capacity)
        return true;
    if (watch->count == MOCK_VERSIONS_MAX) {
        watch->count--;
        memmove(watch->versions, watch->versions + 1, watch->count * sizeof *watch->versions);
        return true;
    }
    const size_t capacity = watch->capacity ? watch->capacity * 2 : CAPACITY_FIRST;
    struct version *versions = realloc(watch->versions, capacity * sizeof *versions);
    if (!versions)
        return false;
    watch->versions = versions;
    watch->capacity = capacity;
    return true;
}

/* Appends a version unless the body is what it was. */
static void note_body(struct mock_watch *watch, struct slice body, int64_t ms)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    struct version version = {.number = 1, .ms = ms};
    crypto_hash_sha256(hash, (const uint8_t *)body.data, body.size);
    hex_encode(hash, sizeof hash, version.sha256);
    if (watch->count) {
        const struct version *last = &watch->versions[watch->count - 1];
        if (strcmp(last->sha256, version.sha256) == 0)
            return;
        version.number = last->number + 1;
    }
    if (grow(watch))
        watch->versions[watch->count++] = version;
}

static struct mock_watch *open_watch(struct mock_history *self, const char *target)
{
    uint8_t key[HASH_ID_SIZE];
    struct mock_state *state = NULL;
    struct buffer body;
    hash_of(NULL, target, strlen(target), key, sizeof key);
    struct mock_watch *watch = lru_get(self->watches, key);
    if (watch)
        return watch;
    buffer_init(&body, MOCK_BODY_MAX);
    if (self->render(self->cls, target, &body, &state) && state) {
        watch = lru_put(self->watches, key, NULL);
        watch->state = state;
        watch->next = state->watches;
        if (watch->next)
            watch->next->previous = watch;
        state->watches = watch;
        watch->target = strdup(target);
        note_body(watch, buffer_slice(&body), state->changed_ms);
    }
    buffer_done(&body);
    return watch;
}

enum mock_history_seen mock_history_see(struct mock_history *self, const char *target,
                                        struct mock_state *state)
{
    struct mock_watch *watch = state ? open_watch(self, target) : NULL;
    if (!watch || !watch->count)
        return MOCK_HISTORY_UNKNOWN;
    const uint32_t before = watch->seen;
    watch->seen = watch->versions[watch->count - 1].number;
    if (before == 0)
        return MOCK_HISTORY_FIRST;
    return before == watch->seen ? MOCK_HISTORY_SAME : MOCK_HISTORY_CHANGED;
}

static bool forget_seen(void *cls, const void *key, void *value)
{
    struct mock_watch *watch = value;
    (void)cls;
    (void)key;
    watch->seen = 0;
    return false;
}

void mock_history_forget_seen(struct mock_history *self)
{
    lru_sweep(self->watches, forget_seen, NULL);
}

void mock_history_change(struct mock_history *self, struct mock_state *state)
{
    for (struct mock_watch *watch = state->watches; watch; watch = watch->next) {
        struct buffer body;
        struct mock_state *same = NULL;
        buffer_init(&body, MOCK_BODY_MAX);
        if (watch->target && self->render(self->cls, watch->target, &body, &same))
            note_body(watch, buffer_slice(&body), state->changed_ms);
        buffer_done(&body);
    }
}

bool mock_history_write(struct mock_history *self, const char *target, struct buffer *out)
{
    const struct mock_watch *watch = open_watch(self, target);
    if (!watch)
        return false;
    buffer_put_char(out, '[');
    for (size_t i = 0; i < watch->count; i++) {
        const struct version *version = &watch->versions[i];
        buffer_put_format(out, "%s{\"version\":%" PRIu32 ",\"ms\":%" PRId64 ",\"sha256\":\"%s\"}",
                          i ? "," : "", version->number, version->ms, version->sha256);
    }
    buffer_put_char(out, ']');
    return true;
}
