/* Repository ids and their names. */
#include "github/alias.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 4, ROUNDS = 5000 };

static int setup(void **state)
{
    struct github_alias *alias = NULL;
    const int r = github_alias_new(&alias);
    *state = alias;
    return r;
}

static int teardown(void **state)
{
    struct github_alias *alias = *state;
    github_alias_destroy(&alias);
    return alias != NULL;
}

static void learn(struct github_alias *alias, uint64_t id, const char *owner,
                  const char *repository)
{
    github_alias_learn(alias, id, slice_of(owner), slice_of(repository));
}

static bool knows(struct github_alias *alias, uint64_t id)
{
    struct github_alias_name name;
    return github_alias_find(alias, id, &name);
}

static void assert_named(struct github_alias *alias, uint64_t id, const char *owner,
                         const char *repository)
{
    struct github_alias_name name;
    assert_true(github_alias_find(alias, id, &name));
    assert_string_equal(name.owner, owner);
    assert_string_equal(name.repository, repository);
}

static void test_a_learnt_id_has_its_name(void **state)
{
    learn(*state, 7, "Octo", "Mesh");

    assert_named(*state, 7, "Octo", "Mesh");
    assert_false(knows(*state, 8));
}

static void test_a_renamed_repository_has_its_new_name(void **state)
{
    learn(*state, 7, "octo", "mesh");
    learn(*state, 7, "octo", "net");

    assert_named(*state, 7, "octo", "net");
}

static void test_a_name_that_moved_on_leaves_its_old_id(void **state)
{
    learn(*state, 7, "octo", "mesh");
    learn(*state, 8, "OCTO", "mesh");

    assert_false(knows(*state, 7));
    assert_named(*state, 8, "OCTO", "mesh");
}

static void test_an_id_can_take_its_name_back(void **state)
{
    learn(*state, 7, "octo", "mesh");
    learn(*state, 8, "octo", "mesh");
    learn(*state, 7, "octo", "mesh");

    assert_named(*state, 7, "octo", "mesh");
    assert_false(knows(*state, 8));
}

static void test_owner_and_repository_do_not_run_together(void **state)
{
    learn(*state, 7, "ab", "c");
    learn(*state, 8, "a", "bc");

    assert_named(*state, 7, "ab", "c");
    assert_named(*state, 8, "a", "bc");
}

static void test_the_longest_name_is_learnt(void **state)
{
    char name[GITHUB_NAME_MAX + 2];
    memset(name, 'a', sizeof name);
    name[GITHUB_NAME_MAX + 1] = '\0';

    learn(*state, 7, name, "r");
    learn(*state, 8, "o", name);
    assert_false(knows(*state, 7));
    assert_false(knows(*state, 8));

    name[GITHUB_NAME_MAX] = '\0';
    learn(*state, 9, name, name);
    assert_named(*state, 9, name, name);
}

static void test_what_is_no_name_is_not_learnt(void **state)
{
    const struct slice zero = {.data = "a\0b", .size = 3};

    learn(*state, 0, "o", "r");
    learn(*state, 1, "", "r");
    learn(*state, 2, "o", NULL);
    learn(*state, 3, "o/p", "r");
    github_alias_learn(*state, 4, slice_of("o"), zero);

    for (uint64_t id = 0; id <= 4; id++)
        assert_false(knows(*state, id));
}

static void test_the_oldest_leaves_when_all_places_are_taken(void **state)
{
    for (uint64_t id = 1; id <= GITHUB_ALIASES_MAX + 1; id++) {
        char name[32];
        assert_true(snprintf(name, sizeof name, "r%u", (unsigned)id) > 0);
        learn(*state, id, "o", name);
    }

    assert_false(knows(*state, 1));
    assert_named(*state, 2, "o", "r2");
    assert_true(knows(*state, GITHUB_ALIASES_MAX + 1));
}

static void *work(void *alias)
{
    struct github_alias_name name;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        learn(alias, 1 + i % 3, i % 2 ? "aaaa" : "bbbb", i % 2 ? "aaaa" : "bbbb");
        if (github_alias_find(alias, 1 + i % 3, &name) && strcmp(name.owner, name.repository) != 0)
            return alias;
    }
    return NULL;
}

static void test_threads_never_see_half_a_name(void **state)
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
        cmocka_unit_test_setup_teardown(test_a_learnt_id_has_its_name, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_renamed_repository_has_its_new_name, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_name_that_moved_on_leaves_its_old_id, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_an_id_can_take_its_name_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_owner_and_repository_do_not_run_together, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_the_longest_name_is_learnt, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_name_is_not_learnt, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_oldest_leaves_when_all_places_are_taken, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_threads_never_see_half_a_name, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
