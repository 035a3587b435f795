/* Key files: made once, whoever comes first, and refused when anybody else could have read them. */
#include "node/key_file.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>

#include "tests/unit/test_node_scratch.h"

enum { RACERS = 8 };

static void test_a_key_is_made_once_and_read_again(void **state)
{
    struct scratch *self = *state;
    uint8_t first[NODE_KEY_FILE_SIZE] = {0}, second[NODE_KEY_FILE_SIZE] = {0};
    uint8_t other[NODE_KEY_FILE_SIZE] = {0}, none[NODE_KEY_FILE_SIZE] = {0};

    assert_int_equal(node_key_file_load(scratch_path(self, "a.key"), first), 0);
    assert_int_equal(scratch_mode(self->path), 0600);
    assert_int_equal(node_key_file_load(self->path, second), 0);
    assert_int_equal(node_key_file_load(scratch_path(self, "b.key"), other), 0);

    assert_memory_equal(first, second, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
    assert_memory_not_equal(first, none, sizeof first);
}

struct racer {
    pthread_barrier_t *start;
    const char *path;
    uint8_t key[NODE_KEY_FILE_SIZE];
    int result;
};

static void *race(void *cls)
{
    struct racer *self = cls;
    pthread_barrier_wait(self->start);
    self->result = node_key_file_load(self->path, self->key);
    return NULL;
}

static size_t count_files(const char *folder)
{
    DIR *files = opendir(folder);
    size_t count = 0;
    assert_non_null(files);
    for (struct dirent *file = readdir(files); file; file = readdir(files))
        count += file->d_name[0] != '.';
    closedir(files);
    return count;
}

static void test_of_many_that_start_at_once_all_get_the_winners_key(void **state)
{
    struct scratch *self = *state;
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    assert_int_equal(pthread_barrier_init(&start, NULL, RACERS), 0);

    for (size_t i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.start = &start, .path = scratch_path(self, "race.key")};
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < RACERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);

    for (size_t i = 0; i < RACERS; i++) {
        assert_int_equal(racers[i].result, 0);
        assert_memory_equal(racers[i].key, racers[0].key, NODE_KEY_FILE_SIZE);
    }
    assert_int_equal(count_files(self->folder), 1);
    pthread_barrier_destroy(&start);
}

static void test_a_key_that_others_may_touch_is_refused(void **state)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0601, 0660, 0610};
    struct scratch *self = *state;
    uint8_t key[NODE_KEY_FILE_SIZE];
    assert_int_equal(node_key_file_load(scratch_path(self, "k"), key), 0);

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(self->path, modes[i]), 0);
        assert_int_equal(node_key_file_load(self->path, key), -EPERM);
    }
    assert_int_equal(chmod(self->path, 0400), 0);
    assert_int_equal(node_key_file_load(self->path, key), 0);
}

static void test_a_key_of_another_user_is_refused(void **state)
{
    struct scratch *self = *state;
    uint8_t key[NODE_KEY_FILE_SIZE];
    assert_int_equal(node_key_file_load(scratch_path(self, "k"), key), 0);
    if (chown(self->path, 65534, 65534) < 0)
        skip();

    assert_int_equal(node_key_file_load(self->path, key), -EPERM);
}

static void test_a_key_of_the_wrong_size_is_refused_and_kept(void **state)
{
    struct scratch *self = *state;
    uint8_t key[NODE_KEY_FILE_SIZE] = {7};
    static const uint8_t bytes[NODE_KEY_FILE_SIZE + 1] = {0};

    for (size_t size = 0; size <= sizeof bytes; size += size == 0 ? 31 : 2) {
        scratch_write(scratch_path(self, "k"), bytes, size, 0600);
        assert_int_equal(node_key_file_load(self->path, key), -EBADMSG);
    }
    assert_int_equal(key[0], 7);
    assert_int_equal(count_files(self->folder), 1);
}

static void test_links_pipes_and_folders_are_no_keys(void **state)
{
    struct scratch *self = *state;
    uint8_t key[NODE_KEY_FILE_SIZE];
    char target[SCRATCH_PATH_SIZE];
    assert_int_equal(node_key_file_load(scratch_path(self, "real"), key), 0);
    snprintf(target, sizeof target, "%s", self->path);

    assert_int_equal(symlink(target, scratch_path(self, "link")), 0);
    assert_int_equal(node_key_file_load(self->path, key), -EPERM);
    assert_int_equal(mkfifo(scratch_path(self, "pipe"), 0600), 0);
    assert_int_equal(node_key_file_load(self->path, key), -EPERM);
    assert_int_equal(mkdir(scratch_path(self, "folder"), 0700), 0);
    assert_int_equal(node_key_file_load(self->path, key), -EPERM);
}

static void test_a_missing_folder_is_reported(void **state)
{
    struct scratch *self = *state;
    uint8_t key[NODE_KEY_FILE_SIZE];

    assert_int_equal(node_key_file_load(scratch_path(self, "absent/k"), key), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(test_a_key_is_made_once_and_read_again),
        SCRATCH_TEST(test_of_many_that_start_at_once_all_get_the_winners_key),
        SCRATCH_TEST(test_a_key_that_others_may_touch_is_refused),
        SCRATCH_TEST(test_a_key_of_another_user_is_refused),
        SCRATCH_TEST(test_a_key_of_the_wrong_size_is_refused_and_kept),
        SCRATCH_TEST(test_links_pipes_and_folders_are_no_keys),
        SCRATCH_TEST(test_a_missing_folder_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
