/* What the tests of the store share: a scratch folder, and records made from small numbers, so that
 * whoever reads one back can tell whether every byte is right. */
#ifndef TEST_STORE_FIXTURE_H
#define TEST_STORE_FIXTURE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/slice.h"
#include "store/store.h"

enum {
    SCRATCH_PATH_SIZE = 128,
    META_SIZE = 24,
    MEBIBYTE = 1024 * 1024,
};

static const int64_t start_ms = 1700000000000;
static const int64_t day_ms = 24 * 3600 * 1000;
static const uint8_t seal_key[STORE_SEAL_KEY_SIZE] = {7, 7, 7};

struct scratch {
    char root[SCRATCH_PATH_SIZE];                                   /* made by mkdtemp */
    char dir[SCRATCH_PATH_SIZE + sizeof "/store"];                  /* of the store, not made yet */
    char file[SCRATCH_PATH_SIZE + sizeof "/store/data.mdb.bad-00"]; /* its data file */
};

static inline int scratch_make(void **state)
{
    struct scratch *self = calloc(1, sizeof *self);
    const char *base = getenv("TMPDIR");
    if (!self)
        return -1;
    snprintf(self->root, sizeof self->root, "%s/store-test-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(self->root))
        return -1;
    snprintf(self->dir, sizeof self->dir, "%s/store", self->root);
    snprintf(self->file, sizeof self->file, "%s/data.mdb", self->dir);
    *state = self;
    return 0;
}

static inline void scratch_empty(const char *path)
{
    DIR *entries = opendir(path);
    const struct dirent *entry;
    while (entries && (entry = readdir(entries))) {
        char file[SCRATCH_PATH_SIZE + 300];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        unlink(file);
    }
    if (entries)
        closedir(entries);
    rmdir(path);
}

static inline int scratch_remove(void **state)
{
    struct scratch *self = *state;
    scratch_empty(self->dir);
    scratch_empty(self->root);
    free(self);
    return 0;
}

/* --- Whole files --- */

static inline uint8_t *file_read(const char *path, size_t *ret_size)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &status), 0);
    uint8_t *data = malloc((size_t)status.st_size + 1);
    assert_non_null(data);
    assert_int_equal(read(fd, data, (size_t)status.st_size), status.st_size);
    close(fd);
    *ret_size = (size_t)status.st_size;
    return data;
}

static inline void file_write(const char *path, const void *data, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, size), size);
    close(fd);
}

/* --- Numbers that look random and are the same each time (splitmix64) --- */

static inline uint64_t number_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static inline void bytes_fill(uint64_t seed, uint8_t *ret, size_t size)
{
    uint64_t state = seed;
    for (size_t i = 0; i < size; i++)
        ret[i] = (uint8_t)number_next(&state);
}

/* --- Records --- */

struct sample {
    uint8_t key[STORE_KEY_SIZE], content[STORE_CONTENT_SIZE], meta[META_SIZE];
    uint8_t *body;
    struct store_record record;
};

/* A record under key number `key` with body number `body`; the body does not compress. */
static inline void sample_make(struct sample *self, uint64_t key, uint64_t body, size_t body_size)
{
    memset(self, 0, sizeof *self);
    self->body = malloc(body_size + 1);
    assert_non_null(self->body);
    bytes_fill(key, self->key, sizeof self->key);
    /* Equal ids mean equal bodies, so the size is part of it. */
    bytes_fill(~body ^ (uint64_t)body_size << 32, self->content, sizeof self->content);
    bytes_fill(body, self->body, body_size);
    snprintf((char *)self->meta, sizeof self->meta, "%" PRIu64 "/%" PRIu64, key, body);
    self->record = (struct store_record){
        .key = self->key,
        .content = self->content,
        .meta = self->meta,
        .meta_size = sizeof self->meta,
        .body = self->body,
        .body_size = body_size,
        .keep_until_ms = start_ms + day_ms,
    };
}

static inline void sample_done(struct sample *self)
{
    free(self->body);
}

static inline void sample_put(struct store *store, uint64_t key, uint64_t body, size_t body_size,
                              int64_t now_ms)
{
    struct sample sample;
    sample_make(&sample, key, body, body_size);
    assert_int_equal(store_put(store, &sample.record, now_ms, NULL), 0);
    sample_done(&sample);
}

static inline bool item_is(const struct store_item *item, const struct sample *sample)
{
    size_t meta_size, body_size;
    const void *meta = store_item_meta(item, &meta_size);
    const void *body = store_item_body(item, &body_size);
    return memcmp(store_item_key(item), sample->key, sizeof sample->key) == 0 &&
           memcmp(store_item_content(item), sample->content, sizeof sample->content) == 0 &&
           meta_size == sample->record.meta_size &&
           (meta_size == 0 || memcmp(meta, sample->record.meta, meta_size) == 0) &&
           body_size == sample->record.body_size && memcmp(body, sample->body, body_size) == 0;
}

/* Whether the store has the key; if so, every byte must be those of the body number. */
static inline bool sample_is_there(struct store *store, uint64_t key, uint64_t body,
                                   size_t body_size, int64_t now_ms)
{
    struct sample sample;
    struct store_item *item = NULL;
    sample_make(&sample, key, body, body_size);
    int r = store_get(store, sample.key, now_ms, &item);
    if (r == 0)
        assert_true(item_is(item, &sample));
    else
        assert_int_equal(r, -ENOENT);
    store_item_release(&item);
    sample_done(&sample);
    return r == 0;
}

static inline void sample_remove(struct store *store, uint64_t key)
{
    uint8_t id[STORE_KEY_SIZE];
    bytes_fill(key, id, sizeof id);
    store_remove(store, id);
}

/* --- Stores --- */

static inline struct store_options options_of(const struct scratch *scratch)
{
    const struct store_options options = {
        .dir = scratch->dir,
        .bytes_max = 64 * MEBIBYTE,
        .entries_max = 100000,
        .hot_bytes_max = 4 * MEBIBYTE,
        .seal_key = seal_key,
    };
    return options;
}

static inline struct store *store_of(const struct store_options *options)
{
    struct store *store = NULL;
    assert_int_equal(store_open(options, &store), 0);
    return store;
}

static inline struct store_counts counts_of(struct store *store)
{
    struct store_counts counts;
    store_counts(store, &counts);
    return counts;
}

/* Of a closed store; fails the test when anything is wrong with it. */
static inline struct store_report report_of(const struct scratch *scratch)
{
    struct store_report report = {0};
    assert_int_equal(store_verify(scratch->dir, &report), 0);
    assert_string_equal(report.first_problem, "");
    assert_int_equal(report.damaged, 0);
    return report;
}

#endif
