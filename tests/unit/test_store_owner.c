/* The folder: one owner, private files, and errors that say what is wrong with it. */
#include "test_store_fixture.h"

static void test_two_owners_are_refused(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options), *second = NULL;
    struct store_report report;

    assert_int_equal(store_open(&options, &second), -EBUSY);
    assert_null(second);
    assert_int_equal(store_verify(options.dir, &report), -EBUSY);

    store_close(&store);
    second = store_of(&options);
    store_close(&second);
}

static void test_folder_and_files_are_private_whatever_the_umask(void **state)
{
    static const char *const names[] = {"data.mdb", "lock.mdb", "lock"};
    const struct store_options options = options_of(*state);
    struct stat status;
    char path[SCRATCH_PATH_SIZE + 32];
    for (unsigned round = 0; round < 2; round++) {
        const mode_t old = umask(round ? 0277 : 0);
        struct store *store = store_of(&options);
        sample_put(store, 1, 1, 3000, start_ms);
        store_close(&store);
        umask(old);

        assert_int_equal(stat(options.dir, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0700);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            snprintf(path, sizeof path, "%s/%s", options.dir, names[i]);
            assert_int_equal(stat(path, &status), 0);
            assert_int_equal(status.st_mode & 07777, 0600);
        }
        scratch_empty(options.dir);
    }
}

static void test_opening_says_what_is_wrong_with_the_folder(void **state)
{
    const struct scratch *scratch = *state;
    struct store_options options = options_of(scratch);
    struct store *store = NULL;
    struct store_report report;

    file_write(scratch->dir, "x", 1);
    assert_int_equal(store_open(&options, &store), -ENOTDIR);
    unlink(scratch->dir);
    options.dir = "/proc/none/store";
    assert_int_equal(store_open(&options, &store), -ENOENT);
    assert_null(store);
    assert_int_equal(store_verify(scratch->dir, &report), -ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_owners_are_refused),
        TEST(test_folder_and_files_are_private_whatever_the_umask),
        TEST(test_opening_says_what_is_wrong_with_the_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
