/* Private folders: made with parents, left alone when there, judged. */
#include "node/folder.h"

#include <errno.h>

#include "tests/unit/test_node_scratch.h"

static void test_missing_parents_are_made_for_the_user_alone(void **state)
{
    struct scratch *self = *state;

    assert_int_equal(node_folder_make(scratch_path(self, "a/b//c/")), 0);

    assert_int_equal(scratch_mode(scratch_path(self, "a")), 0700);
    assert_int_equal(scratch_mode(scratch_path(self, "a/b/c")), 0700);
    assert_int_equal(node_folder_make(scratch_path(self, "a/b/c")), 0);
}

static void test_a_folder_that_is_there_keeps_its_mode(void **state)
{
    struct scratch *self = *state;
    assert_int_equal(mkdir(scratch_path(self, "open"), 0755), 0);
    assert_int_equal(chmod(scratch_path(self, "open"), 0755), 0);

    assert_int_equal(node_folder_make(scratch_path(self, "open")), 0);

    assert_int_equal(scratch_mode(scratch_path(self, "open")), 0755);
}

static void test_a_file_in_the_way_is_reported(void **state)
{
    struct scratch *self = *state;
    scratch_write(scratch_path(self, "file"), "x", 1, 0600);

    assert_int_equal(node_folder_make(scratch_path(self, "file")), -ENOTDIR);
    assert_int_equal(node_folder_make(scratch_path(self, "file/below")), -ENOTDIR);
    assert_int_equal(node_folder_check_private(scratch_path(self, "file")), -ENOTDIR);
    assert_int_equal(node_folder_check_private(scratch_path(self, "absent")), -ENOENT);
}

static void test_a_folder_that_others_may_write_is_not_private(void **state)
{
    struct scratch *self = *state;
    assert_int_equal(mkdir(scratch_path(self, "d"), 0700), 0);

    assert_int_equal(node_folder_check_private(scratch_path(self, "d")), 0);
    assert_int_equal(chmod(self->path, 0755), 0);
    assert_int_equal(node_folder_check_private(self->path), 0);
    assert_int_equal(chmod(self->path, 0770), 0);
    assert_int_equal(node_folder_check_private(self->path), -EPERM);
    assert_int_equal(chmod(self->path, 0702), 0);
    assert_int_equal(node_folder_check_private(self->path), -EPERM);
    assert_int_equal(chmod(self->path, 01777), 0);
    assert_int_equal(node_folder_check_private(self->path), 0);
}

static void test_a_folder_of_another_user_is_not_private(void **state)
{
    struct scratch *self = *state;
    assert_int_equal(mkdir(scratch_path(self, "d"), 0700), 0);
    if (chown(self->path, 65534, 65534) < 0)
        skip();

    assert_int_equal(node_folder_check_private(self->path), -EPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(test_missing_parents_are_made_for_the_user_alone),
        SCRATCH_TEST(test_a_folder_that_is_there_keeps_its_mode),
        SCRATCH_TEST(test_a_file_in_the_way_is_reported),
        SCRATCH_TEST(test_a_folder_that_others_may_write_is_not_private),
        SCRATCH_TEST(test_a_folder_of_another_user_is_not_private),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
