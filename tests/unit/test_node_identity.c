/* Identity: stable per data folder, the fleet's key shared, derived keys distinct, refusals said.
 */
#include "node/identity.h"

#include <dirent.h>
#include <errno.h>

#include <sodium.h>

#include "base/hash.h"
#include "tests/unit/test_node_scratch.h"

struct folders {
    char fleet[SCRATCH_PATH_SIZE], one[SCRATCH_PATH_SIZE], other[SCRATCH_PATH_SIZE];
};

static struct folders make_folders(struct scratch *self)
{
    struct folders folders;
    snprintf(folders.fleet, sizeof folders.fleet, "%s", scratch_path(self, "config/runmesh"));
    snprintf(folders.one, sizeof folders.one, "%s", scratch_path(self, "one"));
    snprintf(folders.other, sizeof folders.other, "%s", scratch_path(self, "other"));
    assert_int_equal(mkdir(folders.one, 0700), 0);
    assert_int_equal(mkdir(folders.other, 0700), 0);
    return folders;
}

static struct node_identity *load(struct scratch *self, const char *fleet, const char *data)
{
    struct node_identity *identity = NULL;
    assert_int_equal(node_identity_new(fleet, data, self->log, &identity), 0);
    return identity;
}

static int refuse(struct scratch *self, const char *fleet, const char *data)
{
    struct node_identity *identity = NULL;
    const int r = node_identity_new(fleet, data, self->log, &identity);
    assert_null(identity);
    return r;
}

static void test_a_node_keeps_its_identity_over_restarts(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);

    struct node_identity *first = load(self, folders.fleet, folders.one);
    struct node_identity *again = load(self, folders.fleet, folders.one);

    assert_memory_equal(first, again, sizeof *first);
    assert_memory_equal(first->peer_id, "12D3KooW", 8);
    assert_string_equal(scratch_logged(self), "");
    assert_int_equal(scratch_mode(folders.fleet), 0700);
    assert_int_equal(scratch_mode(scratch_path(self, "config/runmesh/nodes")), 0700);
    assert_int_equal(scratch_mode(scratch_path(self, "config/runmesh/fleet.key")), 0600);
    node_identity_destroy(&first);
    node_identity_destroy(&again);
    assert_null(first);
}

static void test_two_data_folders_are_two_nodes_of_one_fleet(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);

    struct node_identity *one = load(self, folders.fleet, folders.one);
    struct node_identity *other = load(self, folders.fleet, folders.other);

    assert_memory_not_equal(one->public_key, other->public_key, sizeof one->public_key);
    assert_memory_not_equal(one->seal_key, other->seal_key, sizeof one->seal_key);
    assert_memory_equal(one->cache_key, other->cache_key, sizeof one->cache_key);
    node_identity_destroy(&one);
    node_identity_destroy(&other);
}

static void test_the_real_path_of_the_data_folder_counts(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);
    char link[SCRATCH_PATH_SIZE];
    snprintf(link, sizeof link, "%s", scratch_path(self, "link"));
    assert_int_equal(symlink(folders.one, link), 0);

    struct node_identity *direct = load(self, folders.fleet, folders.one);
    struct node_identity *linked = load(self, folders.fleet, link);

    assert_string_equal(direct->peer_id, linked->peer_id);
    node_identity_destroy(&direct);
    node_identity_destroy(&linked);
}

static void test_derived_keys_are_distinct_and_the_pair_signs(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);
    uint8_t signature[crypto_sign_BYTES];
    static const uint8_t message[] = "claim";

    struct node_identity *identity = load(self, folders.fleet, folders.one);

    assert_memory_not_equal(identity->seal_key, identity->cache_key, NODE_IDENTITY_KEY_SIZE);
    assert_memory_not_equal(identity->seal_key, identity->secret_key, NODE_IDENTITY_KEY_SIZE);
    assert_memory_not_equal(identity->cache_key, identity->secret_key, NODE_IDENTITY_KEY_SIZE);
    assert_int_equal(
        crypto_sign_detached(signature, NULL, message, sizeof message, identity->secret_key), 0);
    assert_int_equal(
        crypto_sign_verify_detached(signature, message, sizeof message, identity->public_key), 0);
    node_identity_destroy(&identity);
}

/* Data sealed by one version must open in the next: what is derived may never change. */
static void test_derived_keys_come_from_their_files_and_named_purposes(void **state)
{
    static const char seal[] = "runmesh1 store seal", cache[] = "runmesh1 cache key";
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);
    uint8_t fleet_key[HASH_KEY_SIZE], expected[NODE_IDENTITY_KEY_SIZE];
    memset(fleet_key, 7, sizeof fleet_key);
    assert_int_equal(mkdir(scratch_path(self, "config"), 0700), 0);
    assert_int_equal(mkdir(folders.fleet, 0700), 0);
    scratch_write(scratch_path(self, "config/runmesh/fleet.key"), fleet_key, sizeof fleet_key,
                  0600);

    struct node_identity *identity = load(self, folders.fleet, folders.one);

    hash_of(fleet_key, cache, strlen(cache), expected, sizeof expected);
    assert_memory_equal(identity->cache_key, expected, sizeof expected);
    /* The first half of libsodium's secret key is the seed. */
    hash_of(identity->secret_key, seal, strlen(seal), expected, sizeof expected);
    assert_memory_equal(identity->seal_key, expected, sizeof expected);
    node_identity_destroy(&identity);
}

static void test_a_readable_key_is_refused_with_its_path_and_a_remedy(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);
    struct node_identity *identity = load(self, folders.fleet, folders.one);
    node_identity_destroy(&identity);
    assert_int_equal(chmod(scratch_path(self, "config/runmesh/fleet.key"), 0644), 0);

    assert_int_equal(refuse(self, folders.fleet, folders.one), -EPERM);

    assert_non_null(strstr(scratch_logged(self), "fleet.key"));
    assert_non_null(strstr(self->logged, "chmod go-rwx"));
}

static void test_a_damaged_node_key_is_refused(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);
    struct node_identity *identity = load(self, folders.fleet, folders.one);
    node_identity_destroy(&identity);
    DIR *nodes = opendir(scratch_path(self, "config/runmesh/nodes"));
    assert_non_null(nodes);
    for (struct dirent *file = readdir(nodes); file; file = readdir(nodes))
        if (file->d_name[0] != '.') {
            assert_non_null(strstr(file->d_name, ".key"));
            assert_int_equal(unlinkat(dirfd(nodes), file->d_name, 0), 0);
            const int fd = openat(dirfd(nodes), file->d_name, O_CREAT | O_WRONLY, 0600);
            assert_true(fd >= 0);
            close(fd);
        }
    closedir(nodes);

    assert_int_equal(refuse(self, folders.fleet, folders.one), -EBADMSG);
    assert_non_null(strstr(scratch_logged(self), "damaged"));
}

static void test_a_fleet_folder_that_others_may_write_is_refused(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);
    assert_int_equal(chmod(self->folder, 0777), 0);

    assert_int_equal(refuse(self, self->folder, folders.one), -EPERM);

    assert_non_null(strstr(scratch_logged(self), "fleet.dir"));
}

static void test_a_missing_data_folder_is_reported(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);

    assert_int_equal(refuse(self, folders.fleet, scratch_path(self, "absent")), -ENOENT);
    assert_int_equal(access(folders.fleet, F_OK), -1);
}

static void test_a_fleet_folder_that_is_a_file_is_reported(void **state)
{
    struct scratch *self = *state;
    const struct folders folders = make_folders(self);
    scratch_write(scratch_path(self, "file"), "x", 1, 0600);

    assert_int_equal(refuse(self, self->path, folders.one), -ENOTDIR);
    assert_non_null(strstr(scratch_logged(self), "--fleet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(test_a_node_keeps_its_identity_over_restarts),
        SCRATCH_TEST(test_two_data_folders_are_two_nodes_of_one_fleet),
        SCRATCH_TEST(test_the_real_path_of_the_data_folder_counts),
        SCRATCH_TEST(test_derived_keys_are_distinct_and_the_pair_signs),
        SCRATCH_TEST(test_derived_keys_come_from_their_files_and_named_purposes),
        SCRATCH_TEST(test_a_readable_key_is_refused_with_its_path_and_a_remedy),
        SCRATCH_TEST(test_a_damaged_node_key_is_refused),
        SCRATCH_TEST(test_a_fleet_folder_that_others_may_write_is_refused),
        SCRATCH_TEST(test_a_missing_data_folder_is_reported),
        SCRATCH_TEST(test_a_fleet_folder_that_is_a_file_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
