/* Marked prefixes, by keyed hash. A path is looked up once per segment border. The table's order is
 * that of marking: when it is full the mark that is oldest leaves, and from then on its time holds
 * for every path, so that a lost mark costs free questions to GitHub and never a stale answer. */
#include "github/tombstone.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/lru.h"
#include "base/random.h"
#include "github/limits.h"

enum {
    TOMBSTONE_SEGMENTS_MAX = 32, /* deeper borders are not told apart */
    TOMBSTONE_FOLD_SIZE = 64,    /* bytes folded to lower case at a time */
};

_Static_assert(TOMBSTONE_SEGMENTS_MAX < 64, "each depth is a bit of one word");

struct github_tombstone {
    uint8_t key[HASH_KEY_SIZE];
    int64_t life_ms;
    _Atomic int64_t end_ms;   /* when the last one to go is gone; INT64_MIN for none yet */
    _Atomic uint64_t depths;  /* bit n: a prefix of n segments was marked once */
    _Atomic int64_t floor_ms; /* time of the latest mark that left the full table */
    pthread_mutex_t lock;
    struct lru *marks; /* hash of the prefix -> time */
};

static int64_t time_of(const void *value)
{
    int64_t ms;
    memcpy(&ms, value, sizeof ms);
    return ms;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Nothing ever leaves but because the table is full, or at its end. */
static void on_leave(void *cls, void *value)
{
    struct github_tombstone *self = cls;
    atomic_store(&self->floor_ms, later(atomic_load(&self->floor_ms), time_of(value)));
}

int github_tombstone_new(uint32_t time_scale, struct github_tombstone **ret_tombstone)
{
    CHECK(time_scale >= 1);
    struct github_tombstone *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    CHECK(pthread_mutex_init(&self->lock, NULL) == 0);
    random_bytes(self->key, sizeof self->key);
    self->life_ms = GITHUB_TOMBSTONE_S * INT64_C(1000) / time_scale;
    atomic_store(&self->floor_ms, INT64_MIN);
    atomic_store(&self->end_ms, INT64_MIN);
    const struct lru_options options = {
        .capacity = GITHUB_TOMBSTONES_MAX,
        .key_size = HASH_ID_SIZE,
        .value_size = sizeof(int64_t),
        .on_leave = on_leave,
        .cls = self,
    };
    const int r = lru_new(&options, &self->marks);
    if (r == 0)
        *ret_tombstone = self;
    else
        github_tombstone_destroy(&self);
    return r;
}

void github_tombstone_destroy(struct github_tombstone **self_p)
{
    struct github_tombstone *self = *self_p;
    if (!self)
        return;
    lru_destroy(&self->marks);
    CHECK(pthread_mutex_destroy(&self->lock) == 0);
    free(self);
    *self_p = NULL;
}

/* How many segments after the first are names, which GitHub compares without case. */
static size_t names_after(struct slice segment)
{
    static const struct {
        const char *segment;
        size_t names;
    } known[] = {{"repos", 2}, {"networks", 2}, {"orgs", 1}, {"users", 1}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (slice_equals(segment, slice_of(known[i].segment)))
            return known[i].names;
    return 0;
}

static void add_folded(struct hash *hash, struct slice text)
{
    char folded[TOMBSTONE_FOLD_SIZE];
    while (text.size > 0) {
        const size_t size = text.size < sizeof folded ? text.size : sizeof folded;
        for (size_t i = 0; i < size; i++) {
            const char c = text.data[i];
            folded[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
        hash_add(hash, folded, size);
        text = slice_skip(text, size);
    }
}

/* Walks a path border by border. The hash covers all segments so far, each behind its slash. */
struct walk {
    struct hash hash;
    struct slice rest; /* data is NULL at the end */
    size_t segments, names;
};

static struct walk walk_from_root(const struct github_tombstone *self, struct slice path)
{
    struct walk walk = {.rest = slice_skip(path, 1)};
    hash_start(&walk.hash, self->key, HASH_ID_SIZE);
    if (slice_is_empty(walk.rest))
        walk.rest.data = NULL;
    return walk;
}

/* A trailing slash ends nothing new. */
static bool walk_next(struct walk *self)
{
    if (!self->rest.data || self->rest.size == 0 || self->segments == TOMBSTONE_SEGMENTS_MAX)
        return false;
    const struct slice segment = slice_next(&self->rest, '/');
    hash_add(&self->hash, "/", 1);
    if (self->names > 0)
        add_folded(&self->hash, segment);
    else
        hash_add(&self->hash, segment.data, segment.size);
    self->names -= self->names > 0;
    if (self->segments == 0)
        self->names = names_after(segment);
    self->segments++;
    return true;
}

static void walk_key(const struct walk *self, uint8_t ret[static HASH_ID_SIZE])
{
    struct hash hash = self->hash;
    hash_finish(&hash, ret, HASH_ID_SIZE);
}

int github_tombstone_add(struct github_tombstone *self, struct slice prefix, int64_t now_ms)
{
    uint8_t key[HASH_ID_SIZE];
    bool is_new = false;
    if (!slice_starts_with(prefix, slice_of("/")))
        return -EINVAL;
    struct walk walk = walk_from_root(self, prefix);
    while (walk_next(&walk))
        continue;
    walk_key(&walk, key);

    CHECK(pthread_mutex_lock(&self->lock) == 0);
    atomic_fetch_or(&self->depths, UINT64_C(1) << walk.segments);
    void *mark = lru_put(self->marks, key, &is_new);
    const int64_t marked_ms = is_new ? now_ms : later(now_ms, time_of(mark));
    memcpy(mark, &marked_ms, sizeof marked_ms);
    atomic_store(&self->end_ms, later(atomic_load(&self->end_ms), marked_ms + self->life_ms));
    CHECK(pthread_mutex_unlock(&self->lock) == 0);
    return 0;
}

/* Finishing a hash is most of the cost, so that is left out where no mark can be. */
static int64_t mark_at(struct github_tombstone *self, const struct walk *walk)
{
    uint8_t key[HASH_ID_SIZE];
    if (!(atomic_load(&self->depths) >> walk->segments & 1))
        return INT64_MIN;
    walk_key(walk, key);
    CHECK(pthread_mutex_lock(&self->lock) == 0);
    const void *mark = lru_peek(self->marks, key);
    const int64_t marked_ms = mark ? time_of(mark) : INT64_MIN;
    CHECK(pthread_mutex_unlock(&self->lock) == 0);
    return marked_ms;
}

int64_t github_tombstone_ms(struct github_tombstone *self, struct slice path, int64_t now_ms)
{
    if (now_ms >= atomic_load(&self->end_ms))
        return INT64_MIN;
    struct walk walk = walk_from_root(self, path);
    int64_t latest_ms = mark_at(self, &walk);
    while (walk_next(&walk))
        latest_ms = later(latest_ms, mark_at(self, &walk));
    /* Last: a mark that leaves meanwhile is either still found or already the floor. */
    latest_ms = later(latest_ms, atomic_load(&self->floor_ms));
    return latest_ms != INT64_MIN && now_ms < latest_ms + self->life_ms ? latest_ms : INT64_MIN;
}

/* The path up to the border after so many segments; the whole path when it has no more. */
static struct slice first_segments(struct slice path, size_t count)
{
    struct slice rest = slice_skip(path, 1);
    for (size_t i = 0; i < count && rest.data; i++)
        slice_next(&rest, '/');
    if (rest.data)
        path.size = (size_t)(rest.data - path.data) - 1;
    return path;
}

/* Without its last segment; empty when it has one only. */
static struct slice parent_of(struct slice path)
{
    while (path.size > 0 && path.data[path.size - 1] != '/')
        path.size--;
    if (path.size > 0)
        path.size--;
    return path;
}

void github_tombstone_prefixes(struct slice path, void (*mark)(void *cls, struct slice prefix),
                               void *cls)
{
    if (!slice_starts_with(path, slice_of("/")))
        return;
    while (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    if (slice_starts_with(path, slice_of("/repos/"))) {
        mark(cls, first_segments(path, 3));
        return;
    }
    if (slice_starts_with(path, slice_of("/repositories/"))) {
        mark(cls, first_segments(path, 2));
        return;
    }
    const struct slice parent = parent_of(path);
    mark(cls, path);
    if (!slice_is_empty(parent))
        mark(cls, parent);
}
