/* Marked prefixes: what they cover, how long, and what is left of them when the table is full. */
#include "github/tombstone.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "github/limits.h"

enum {
    SCALE = 60,
    THREADS = 4,
    ROUNDS = 5000,
    DEEP_SIZE = 4096,
    SEGMENTS_MAX = 32,
    MARKED_MAX = 4
};

#define NOW INT64_C(1700000000000)
#define LIFE_MS (GITHUB_TOMBSTONE_S * INT64_C(1000))

static struct github_tombstone *make(uint32_t time_scale)
{
    struct github_tombstone *tombstone = NULL;
    assert_int_equal(github_tombstone_new(time_scale, &tombstone), 0);
    return tombstone;
}

static int setup(void **state)
{
    *state = make(1);
    return 0;
}

static int teardown(void **state)
{
    struct github_tombstone *tombstone = *state;
    github_tombstone_destroy(&tombstone);
    return tombstone != NULL;
}

static void add(struct github_tombstone *tombstone, const char *prefix, int64_t now_ms)
{
    assert_int_equal(github_tombstone_add(tombstone, slice_of(prefix), now_ms), 0);
}

static int64_t marked_ms(struct github_tombstone *tombstone, const char *path)
{
    return github_tombstone_ms(tombstone, slice_of(path), NOW);
}

static void test_nothing_is_marked_at_first(void **state)
{
    assert_int_equal(marked_ms(*state, "/repos/o/r"), INT64_MIN);
    assert_int_equal(marked_ms(*state, "/"), INT64_MIN);
}

static void test_a_mark_covers_all_below_it(void **state)
{
    static const struct {
        const char *prefix, *path;
        bool covers;
    } cases[] = {
        {"/repos/o/r", "/repos/o/r", true},
        {"/repos/o/r", "/repos/o/r/", true},
        {"/repos/o/r/", "/repos/o/r", true},
        {"/repos/o/r", "/repos/o/r/issues", true},
        {"/repos/o/r", "/repos/o/r/issues/1/comments", true},
        {"/repos/o/r", "/repos/o/rr", false},
        {"/repos/o/r", "/repos/o/rr/issues", false},
        {"/repos/o/rr", "/repos/o/r", false},
        {"/repos/o/r", "/repos/o", false},
        {"/repos/o/r", "/repos", false},
        {"/repos/o/r", "/", false},
        {"/repos/o/r", "/x/repos/o/r", false},
        {"/repos/o/r/issues", "/repos/o/r/pulls", false},
        {"/", "/", true},
        {"/", "/anything/at/all", true},
        {"/user", "/user/repos", true},
        {"/user", "/users/a", false},
        {"/a/b", "/ab", false},
        {"/ab", "/a/b", false},
        {"/ab/c", "/a/bc", false},
        {"/a//b", "/a/b", false},
        {"/a//b", "/a//b/c", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct github_tombstone *tombstone = make(1);
        add(tombstone, cases[i].prefix, NOW);
        assert_int_equal(marked_ms(tombstone, cases[i].path), cases[i].covers ? NOW : INT64_MIN);
        github_tombstone_destroy(&tombstone);
    }
}

static void test_names_compare_without_case_and_the_rest_with(void **state)
{
    static const struct {
        const char *prefix, *path;
        bool covers;
    } cases[] = {
        {"/repos/Octo/Mesh", "/repos/octo/mESH/issues", true},
        {"/repos/octo/mesh/Issues", "/repos/octo/mesh/issues", false},
        {"/REPOS/octo/mesh", "/repos/octo/mesh", false},
        {"/orgs/Octo", "/orgs/octo/repos", true},
        {"/orgs/octo/Repos", "/orgs/octo/repos", false},
        {"/users/Octo", "/users/OCTO", true},
        {"/networks/O/R", "/networks/o/r/events", true},
        {"/gists/AB", "/gists/ab", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct github_tombstone *tombstone = make(1);
        add(tombstone, cases[i].prefix, NOW);
        assert_int_equal(marked_ms(tombstone, cases[i].path), cases[i].covers ? NOW : INT64_MIN);
        github_tombstone_destroy(&tombstone);
    }
}

static void test_the_latest_mark_above_a_path_counts(void **state)
{
    add(*state, "/repos/o/r", NOW - 10);
    add(*state, "/repos/o/r/issues", NOW - 20);
    add(*state, "/", NOW - 30);

    assert_int_equal(marked_ms(*state, "/repos/o/r/issues/1"), NOW - 10);
    assert_int_equal(marked_ms(*state, "/users"), NOW - 30);
}

static void test_marking_again_never_goes_back(void **state)
{
    add(*state, "/repos/o/r", NOW);
    add(*state, "/repos/o/r", NOW - 5);

    assert_int_equal(marked_ms(*state, "/repos/o/r"), NOW);
}

static void test_a_mark_lives_ten_minutes(void **state)
{
    const struct slice path = slice_of("/repos/o/r");
    add(*state, "/repos/o/r", NOW);
    add(*state, "/other", NOW + 100);

    assert_int_equal(github_tombstone_ms(*state, path, NOW + LIFE_MS - 1), NOW);
    assert_int_equal(github_tombstone_ms(*state, path, NOW + LIFE_MS), INT64_MIN);
    assert_int_equal(github_tombstone_ms(*state, slice_of("/other"), NOW + LIFE_MS), NOW + 100);
}

static void test_its_life_is_scaled(void **state)
{
    (void)state;
    struct github_tombstone *tombstone = make(SCALE);
    const struct slice path = slice_of("/repos/o/r");
    add(tombstone, "/repos/o/r", NOW);

    assert_int_equal(github_tombstone_ms(tombstone, path, NOW + LIFE_MS / SCALE - 1), NOW);
    assert_int_equal(github_tombstone_ms(tombstone, path, NOW + LIFE_MS / SCALE), INT64_MIN);
    github_tombstone_destroy(&tombstone);
}

static void test_a_prefix_begins_with_a_slash(void **state)
{
    assert_int_equal(github_tombstone_add(*state, slice_of(""), NOW), -EINVAL);
    assert_int_equal(github_tombstone_add(*state, slice_of(NULL), NOW), -EINVAL);
    assert_int_equal(github_tombstone_add(*state, slice_of("repos"), NOW), -EINVAL);
    assert_int_equal(marked_ms(*state, "/repos"), INT64_MIN);
}

/* "/0/1/2..." with so many segments. */
static void write_deep(char ret[static DEEP_SIZE], int segments)
{
    size_t size = 0;
    ret[0] = '\0';
    for (int i = 0; i < segments; i++)
        size += (size_t)snprintf(ret + size, DEEP_SIZE - size, "/%d", i);
}

static void test_a_mark_too_deep_covers_more(void **state)
{
    char path[DEEP_SIZE];
    write_deep(path, SEGMENTS_MAX + 8);
    add(*state, path, NOW);

    assert_int_equal(marked_ms(*state, path), NOW);
    write_deep(path, SEGMENTS_MAX);
    assert_int_equal(marked_ms(*state, path), NOW);
    write_deep(path, SEGMENTS_MAX - 1);
    assert_int_equal(marked_ms(*state, path), INT64_MIN);
}

static void test_a_long_name_is_told_apart_to_its_end(void **state)
{
    char path[512] = "/repos/";
    const size_t start = strlen(path);
    memset(path + start, 'A', 300);
    add(*state, path, NOW);

    memset(path + start, 'a', 300);
    assert_int_equal(marked_ms(*state, path), NOW);
    path[start + 299] = 'b';
    assert_int_equal(marked_ms(*state, path), INT64_MIN);
}

static void fill(struct github_tombstone *tombstone, int count)
{
    for (int i = 0; i < count; i++) {
        char prefix[64];
        assert_true(snprintf(prefix, sizeof prefix, "/repos/o/r%d", i) > 0);
        add(tombstone, prefix, NOW + i);
    }
}

static void test_a_table_just_full_keeps_every_mark(void **state)
{
    fill(*state, GITHUB_TOMBSTONES_MAX);

    assert_int_equal(marked_ms(*state, "/repos/o/r0"), NOW);
    assert_int_equal(marked_ms(*state, "/users"), INT64_MIN);
}

/* Asking for a mark must not keep it longer than younger ones. */
static void test_a_mark_that_had_to_go_counts_everywhere(void **state)
{
    fill(*state, GITHUB_TOMBSTONES_MAX);
    assert_int_equal(marked_ms(*state, "/repos/o/r0"), NOW);

    add(*state, "/one/more", NOW + 5000);

    assert_int_equal(marked_ms(*state, "/repos/o/r0"), NOW);
    assert_int_equal(marked_ms(*state, "/users"), NOW);
    assert_int_equal(marked_ms(*state, "/repos/o/r9"), NOW + 9);
    assert_int_equal(github_tombstone_ms(*state, slice_of("/users"), NOW + LIFE_MS), INT64_MIN);
}

struct marked {
    size_t count;
    char prefixes[MARKED_MAX][128];
};

static void note(void *cls, struct slice prefix)
{
    struct marked *marked = cls;
    assert_true(marked->count < MARKED_MAX && prefix.size < sizeof marked->prefixes[0]);
    memcpy(marked->prefixes[marked->count], prefix.data, prefix.size);
    marked->prefixes[marked->count++][prefix.size] = '\0';
}

static void test_a_write_spoils_its_repository_or_its_parent(void **state)
{
    static const struct {
        const char *path, *first, *second; /* NULL: no more */
    } cases[] = {
        {"/repos/o/r", "/repos/o/r", NULL},
        {"/repos/o/r/issues/1/comments", "/repos/o/r", NULL},
        {"/repos/o/r/", "/repos/o/r", NULL},
        {"/repos/o", "/repos/o", NULL},
        {"/repositories/7/issues", "/repositories/7", NULL},
        {"/repositories/7", "/repositories/7", NULL},
        {"/gists", "/gists", NULL},
        {"/gists/1", "/gists/1", "/gists"},
        {"/gists/1/comments/2/", "/gists/1/comments/2", "/gists/1/comments"},
        {"/orgs/o/repos", "/orgs/o/repos", "/orgs/o"},
        {"/user/repos", "/user/repos", "/user"},
        {"/", "/", NULL},
        {"relative", NULL, NULL},
        {"", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct marked marked = {.count = 0};

        github_tombstone_prefixes(slice_of(cases[i].path), note, &marked);

        assert_int_equal(marked.count, !!cases[i].first + !!cases[i].second);
        if (cases[i].first)
            assert_string_equal(marked.prefixes[0], cases[i].first);
        if (cases[i].second)
            assert_string_equal(marked.prefixes[1], cases[i].second);
    }
}

static void *work(void *tombstone)
{
    for (int i = 0; i < ROUNDS; i++) {
        char prefix[64];
        if (snprintf(prefix, sizeof prefix, "/repos/o/r%d", i % 50) < 0 ||
            github_tombstone_add(tombstone, slice_of(prefix), NOW + i) != 0 ||
            github_tombstone_ms(tombstone, slice_of(prefix), NOW + i) < NOW + i)
            return tombstone;
    }
    return NULL;
}

static void test_a_thread_sees_its_own_mark_at_once(void **state)
{
    pthread_t threads[THREADS];
    void *broken = NULL;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, *state), 0);

    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &broken), 0);
        assert_null(broken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_is_marked_at_first, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_mark_covers_all_below_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_names_compare_without_case_and_the_rest_with, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_the_latest_mark_above_a_path_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_marking_again_never_goes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_mark_lives_ten_minutes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_its_life_is_scaled, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_prefix_begins_with_a_slash, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_mark_too_deep_covers_more, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_long_name_is_told_apart_to_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_table_just_full_keeps_every_mark, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_mark_that_had_to_go_counts_everywhere, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_write_spoils_its_repository_or_its_parent, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_thread_sees_its_own_mark_at_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
