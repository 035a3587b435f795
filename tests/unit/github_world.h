/* Everything that the GitHub side needs to run: a real store in a folder of its own, an upstream
 * inside the test, and short words to ask with. */
#ifndef TESTS_UNIT_GITHUB_WORLD_H
#define TESTS_UNIT_GITHUB_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "github/github.h"
#include "github_asker.h"
#include "scratch_dir.h"
#include "shifted_clock.h"
#include "store/store.h"
#include "upstream_server.h"

enum { WORLD_BODY_MAX = 64 * 1024 }; /* small, so that a body over the limit is small, too */

struct world {
    struct scratch_dir dir;
    struct upstream_server upstream;
    struct store *store;
    struct github *github;
};

static const uint8_t world_secret[GITHUB_SECRET_SIZE] = {1, 2, 3};

static inline struct github_options world_options(const struct world *self)
{
    const struct github_options options = {
        .upstream = self->upstream.url,
        .user_agent = "RunMesh/test",
        .ca_file = "",
        .store = self->store,
        .secret = world_secret,
        .proof_ttl_ms = 300 * 1000,
        .connect_timeout_ms = 5000,
        .timeout_ms = 30 * 1000,
        .request_timeout_ms = 30 * 1000,
        .connections_max = 16,
        .body_max = WORLD_BODY_MAX,
        .time_scale = 1,
    };
    return options;
}

static inline void world_open_store(struct world *self)
{
    const struct store_options options = {
        .dir = self->dir.path,
        .bytes_max = 64 * 1024 * 1024,
        .entries_max = 10000,
        .hot_bytes_max = 8 * 1024 * 1024,
        .seal_key = world_secret,
    };
    assert_int_equal(store_open(&options, &self->store), 0);
}

/* The GitHub side anew, with other options and nothing in memory; the store stays. */
static inline void world_restart(struct world *self, const struct github_options *options)
{
    github_destroy(&self->github);
    assert_int_equal(github_new(options, &self->github), 0);
}

static inline int world_setup(void **state)
{
    struct world *self = test_calloc(1, sizeof *self);
    assert_int_equal(scratch_dir_init(&self->dir), 0);
    assert_int_equal(upstream_server_start(&self->upstream), 0);
    world_open_store(self);
    const struct github_options options = world_options(self);
    world_restart(self, &options);
    *state = self;
    return 0;
}

static inline int world_teardown(void **state)
{
    struct world *self = *state;
    upstream_server_hold(&self->upstream, 0);
    github_destroy(&self->github);
    store_close(&self->store);
    upstream_server_done(&self->upstream);
    scratch_dir_done(&self->dir);
    test_free(self);
    return 0;
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

static inline uint64_t world_count(const struct world *self, enum github_counter counter)
{
    return github_counters_get(github_get_counters(self->github), counter);
}

/* Asks and waits; returns the status. */
static inline int world_ask(struct world *self, struct asker *asker,
                            const struct asker_request *request)
{
    asker_begin(asker, self->github, request);
    return asker_wait(asker);
}

/* What one GET of that token said: its status, and whether Cache-Status and body are as expected
 * (NULL: whatever they are). */
static inline void world_expect(struct world *self, const char *token, const char *target,
                                int status, const char *cache_status, const char *body)
{
    struct asker asker;
    const struct asker_request request = {.target = target, .token = token};
    const int got = world_ask(self, &asker, &request);
    if (cache_status)
        assert_string_equal(asker_field(&asker, "Cache-Status"), cache_status);
    assert_int_equal(got, status);
    if (body)
        assert_string_equal(asker_text(&asker), body);
    asker_done(&asker);
}

/* Returns once everybody who has begun to ask has been looked at: mails are run in their order. */
static inline void world_settle(struct world *self)
{
    struct asker asker;
    const struct asker_request request = {.target = "/repos/o/settle/issues",
                                          .fields = "Cache-Control: only-if-cached"};
    assert_int_equal(world_ask(self, &asker, &request), 504);
    asker_done(&asker);
}

/* A resource that everybody may read, or just those readers. */
static inline void world_put(struct world *self, const char *target, const char *body,
                             const char *readers)
{
    const struct upstream_resource resource = {.target = target, .body = body, .readers = readers};
    upstream_server_put(&self->upstream, &resource);
}

/* Requests that the upstream has got. */
static inline size_t world_asked(struct world *self)
{
    return upstream_server_total(&self->upstream);
}

#endif
