/* The latest window of each (token, resource), by what GitHub's own fields say. Nothing here holds
 * a request back: it tells what is known. */
#include "github/budget.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/lru.h"

enum {
    BUDGET_WINDOW_S = 3600, /* of the primary limit; what a new window's reset is shown as */
    BUDGET_RESET_MAX_S = 24 * 3600, /* a reset further ahead is not believed */
    BUDGET_KEEP_S = 3600,           /* past its reset a window is not described any more */
    BUDGET_RESOURCES_MAX = 32,      /* told apart by describe */
    BUDGET_BODY_MAX = 4096,         /* bytes of an error body that are searched for its kind */
    BUDGET_NUMBER_SIZE = 24,
};

#define BUDGET_COUNT_MAX UINT64_C(1000000000000)

struct record {
    uint8_t token_id[GITHUB_TOKEN_ID_SIZE];
    struct github_budget_state state;
};

/* What describe gathers under the lock. */
struct summary {
    int64_t now_s;
    size_t tokens, resources, omitted;
    struct github_budget_state lowest[BUDGET_RESOURCES_MAX];
    uint8_t token_ids[GITHUB_BUDGETS_MAX][GITHUB_TOKEN_ID_SIZE];
};

struct github_budget {
    pthread_mutex_t lock;
    struct lru *records;
    struct summary summary; /* room for one description at a time */
};

int github_budget_new(struct github_budget **ret_budget)
{
    struct github_budget *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    CHECK(pthread_mutex_init(&self->lock, NULL) == 0);
    const struct lru_options options = {
        .capacity = GITHUB_BUDGETS_MAX,
        .key_size = HASH_ID_SIZE,
        .value_size = sizeof(struct record),
    };
    const int r = lru_new(&options, &self->records);
    if (r == 0)
        *ret_budget = self;
    else
        github_budget_destroy(&self);
    return r;
}

void github_budget_destroy(struct github_budget **self_p)
{
    struct github_budget *self = *self_p;
    if (!self)
        return;
    lru_destroy(&self->records);
    CHECK(pthread_mutex_destroy(&self->lock) == 0);
    free(self);
    *self_p = NULL;
}

static void lock(struct github_budget *self)
{
    CHECK(pthread_mutex_lock(&self->lock) == 0);
}

static void unlock(struct github_budget *self)
{
    CHECK(pthread_mutex_unlock(&self->lock) == 0);
}

static void record_key(const uint8_t *token_id, const char *resource,
                       uint8_t ret[static HASH_ID_SIZE])
{
    struct hash hash;
    hash_start(&hash, NULL, HASH_ID_SIZE);
    hash_add(&hash, token_id, GITHUB_TOKEN_ID_SIZE);
    hash_add_text(&hash, slice_of(resource));
    hash_finish(&hash, ret, HASH_ID_SIZE);
}

static bool read_number(const struct github_headers *headers, const char *name, uint64_t max,
                        uint64_t *ret_value)
{
    return slice_to_u64(slice_trim(github_headers_find(headers, name)), max, ret_value);
}

/* Copies the resource's name; an absent one is the main resource. */
static bool read_resource(const struct github_headers *headers,
                          char ret[static GITHUB_BUDGET_RESOURCE_MAX + 1])
{
    const struct slice value = github_headers_find(headers, "X-RateLimit-Resource");
    const struct slice name = value.data ? slice_trim(value) : slice_of("core");
    if (name.size == 0 || name.size > GITHUB_BUDGET_RESOURCE_MAX)
        return false;
    for (size_t i = 0; i < name.size; i++) {
        const char c = name.data[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
        ret[i] = c;
    }
    ret[name.size] = '\0';
    return true;
}

/* All of a window that the response tells; false when any field that matters is missing or odd. */
static bool read_state(const struct github_headers *headers, int64_t now_s,
                       struct github_budget_state *ret_state)
{
    const uint64_t reset_max_s = (uint64_t)now_s + BUDGET_RESET_MAX_S;
    if (!read_resource(headers, ret_state->resource) ||
        !read_number(headers, "X-RateLimit-Limit", BUDGET_COUNT_MAX, &ret_state->limit) ||
        !read_number(headers, "X-RateLimit-Remaining", BUDGET_COUNT_MAX, &ret_state->remaining) ||
        !read_number(headers, "X-RateLimit-Reset", reset_max_s, &ret_state->reset_s))
        return false;
    if (ret_state->remaining > ret_state->limit)
        return false;
    if (!read_number(headers, "X-RateLimit-Used", BUDGET_COUNT_MAX, &ret_state->used))
        ret_state->used = ret_state->limit - ret_state->remaining;
    return true;
}

static void merge(struct github_budget_state *known, const struct github_budget_state *told)
{
    if (told->reset_s < known->reset_s)
        return;
    const struct github_budget_state before = *known;
    *known = *told;
    if (told->reset_s == before.reset_s && before.remaining < told->remaining) {
        known->remaining = before.remaining;
        known->used = before.used > told->used ? before.used : told->used;
    }
}

void github_budget_learn(struct github_budget *self, const uint8_t *token_id,
                         const struct github_headers *response, int64_t now_ms)
{
    struct github_budget_state told;
    uint8_t key[HASH_ID_SIZE];
    if (now_ms < 0 || !read_state(response, now_ms / 1000, &told))
        return;
    record_key(token_id, told.resource, key);
    lock(self);
    struct record *record = lru_put(self->records, key, NULL);
    memcpy(record->token_id, token_id, GITHUB_TOKEN_ID_SIZE);
    merge(&record->state, &told); /* a new record is all zeros: no window ends before its */
    unlock(self);
}

/* The state as of now: past its reset the window begins anew. */
static void renew(struct github_budget_state *state, int64_t now_s)
{
    if (now_s < (int64_t)state->reset_s)
        return;
    state->remaining = state->limit;
    state->used = 0;
    state->reset_s = (uint64_t)now_s + BUDGET_WINDOW_S;
}

bool github_budget_find(struct github_budget *self, const uint8_t *token_id, const char *resource,
                        int64_t now_ms, struct github_budget_state *ret_state)
{
    uint8_t key[HASH_ID_SIZE];
    record_key(token_id, resource, key);
    lock(self);
    const struct record *record = lru_get(self->records, key);
    if (record)
        *ret_state = record->state;
    unlock(self);
    if (record)
        renew(ret_state, now_ms / 1000);
    return record != NULL;
}

enum { BUDGET_FIELDS = 5 };

static const char *const field_names[BUDGET_FIELDS] = {"X-RateLimit-Limit", "X-RateLimit-Remaining",
                                                       "X-RateLimit-Used", "X-RateLimit-Reset",
                                                       "X-RateLimit-Resource"};

static void remove_fields(struct github_headers *headers)
{
    for (size_t i = 0; i < BUDGET_FIELDS; i++)
        github_headers_remove(headers, field_names[i]);
}

int github_budget_write(const struct github_budget_state *state, struct github_headers *headers)
{
    const uint64_t numbers[] = {state->limit, state->remaining, state->used, state->reset_s};
    int r = 0;
    remove_fields(headers);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && r == 0; i++) {
        char text[BUDGET_NUMBER_SIZE];
        const int size = snprintf(text, sizeof text, "%llu", (unsigned long long)numbers[i]);
        CHECK(size > 0 && size < BUDGET_NUMBER_SIZE);
        r = github_headers_add(headers, slice_of(field_names[i]), slice_of(text));
    }
    if (r == 0)
        r = github_headers_add(headers, slice_of(field_names[BUDGET_FIELDS - 1]),
                               slice_of(state->resource));
    if (r < 0)
        remove_fields(headers);
    return r;
}

static bool body_tells_limit(struct slice body)
{
    static const char *const phrases[] = {"rate limit exceeded", "secondary rate limit",
                                          "abuse detection"};
    const struct slice start = {.data = body.data,
                                .size = body.size < BUDGET_BODY_MAX ? body.size : BUDGET_BODY_MAX};
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        if (slice_contains_nocase(start, slice_of(phrases[i])))
            return true;
    return false;
}

bool github_budget_is_limit(int status, const struct github_headers *response, struct slice body)
{
    uint64_t remaining = 1;
    if (status == 429)
        return true;
    if (status != 403)
        return false;
    return (read_number(response, "X-RateLimit-Remaining", BUDGET_COUNT_MAX, &remaining) &&
            remaining == 0) ||
           github_headers_count(response, "Retry-After") > 0 || body_tells_limit(body);
}

static void add_lowest(struct summary *summary, const struct github_budget_state *state)
{
    struct github_budget_state *lowest = summary->lowest;
    size_t at = 0;
    while (at < summary->resources && strcmp(lowest[at].resource, state->resource) != 0)
        at++;
    if (at == BUDGET_RESOURCES_MAX) {
        summary->omitted++;
        return;
    }
    if (at == summary->resources)
        summary->resources++;
    else if (lowest[at].remaining <= state->remaining)
        return;
    lowest[at] = *state;
}

static bool gather(void *cls, const void *key, void *value)
{
    (void)key;
    static const uint8_t anonymous[GITHUB_TOKEN_ID_SIZE];
    struct summary *summary = cls;
    const struct record *record = value;
    struct github_budget_state state = record->state;
    if (summary->now_s - BUDGET_KEEP_S > (int64_t)state.reset_s)
        return false;
    renew(&state, summary->now_s);
    add_lowest(summary, &state);
    if (memcmp(record->token_id, anonymous, sizeof anonymous) != 0)
        memcpy(summary->token_ids[summary->tokens++], record->token_id, sizeof anonymous);
    return false;
}

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, GITHUB_TOKEN_ID_SIZE);
}

static size_t count_credentials(struct summary *summary)
{
    size_t count = 0;
    qsort(summary->token_ids, summary->tokens, GITHUB_TOKEN_ID_SIZE, compare_ids);
    for (size_t i = 0; i < summary->tokens; i++)
        count += i == 0 || compare_ids(summary->token_ids[i - 1], summary->token_ids[i]) != 0;
    return count;
}

static void write_lowest(const struct summary *summary, struct buffer *out)
{
    for (size_t i = 0; i < summary->resources; i++) {
        const struct github_budget_state *state = &summary->lowest[i];
        buffer_put_format(out, "%s\"%s\":{\"limit\":%llu,\"remaining\":%llu,\"reset\":%llu}",
                          i > 0 ? "," : "", state->resource, (unsigned long long)state->limit,
                          (unsigned long long)state->remaining, (unsigned long long)state->reset_s);
    }
}

void github_budget_describe(struct github_budget *self, int64_t now_ms, struct buffer *out)
{
    struct summary *summary = &self->summary;
    lock(self);
    summary->now_s = now_ms / 1000;
    summary->tokens = summary->resources = summary->omitted = 0;
    lru_sweep(self->records, gather, summary);
    buffer_put_format(out, "{\"credentials\":%zu,\"resources\":{", count_credentials(summary));
    write_lowest(summary, out);
    buffer_put_text(out, "}");
    if (summary->omitted > 0)
        buffer_put_format(out, ",\"omitted\":%zu", summary->omitted);
    buffer_put_text(out, "}");
    unlock(self);
}
