/* What happens when the disk does not keep up, or fails: reads go on, everything given up is
 * counted, nothing old comes back, and it recovers by itself. */
#include "test_store_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <lmdb.h>

enum { BODY_SIZE = 500 };

/* A process that holds LMDB's write lock: for the writer thread, a disk that hangs. */
struct holder {
    pid_t pid;
    int release; /* closing it ends the process */
};

static void hold(const char *dir, int ready, int release)
{
    MDB_env *env;
    MDB_txn *txn;
    char c = 'r';
    if (mdb_env_create(&env) || mdb_env_set_maxdbs(env, 8) || mdb_env_open(env, dir, 0, 0600) ||
        mdb_txn_begin(env, NULL, 0, &txn) || write(ready, &c, 1) != 1)
        _exit(1);
    if (read(release, &c, 1) < 0)
        _exit(1);
    mdb_txn_abort(txn);
    _exit(0);
}

static struct holder holder_start(const char *dir)
{
    int ready[2], release[2];
    char c;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(release), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(release[1]);
        hold(dir, ready[1], release[0]);
    }
    close(ready[1]);
    close(release[0]);
    assert_int_equal(read(ready[0], &c, 1), 1);
    close(ready[0]);
    const struct holder holder = {.pid = pid, .release = release[1]};
    return holder;
}

static void holder_end(struct holder *holder)
{
    int status;
    close(holder->release);
    assert_int_equal(waitpid(holder->pid, &status, 0), holder->pid);
    assert_int_equal(status, 0);
}

static void test_a_full_queue_is_counted_and_loses_nothing_from_memory(void **state)
{
    enum { RECORDS = STORE_QUEUE_MAX + STORE_BATCH_MAX + 1000 };
    struct store_options options = options_of(*state);
    options.hot_bytes_max = 64 * MEBIBYTE;
    struct store *store = store_of(&options);
    struct holder holder = holder_start(options.dir);

    for (uint64_t i = 0; i < RECORDS; i++)
        sample_put(store, i, i, BODY_SIZE, start_ms);

    const uint64_t dropped = counts_of(store).dropped;
    assert_in_range(dropped, 1000, 1000 + STORE_BATCH_MAX);
    for (uint64_t i = 0; i < RECORDS; i++)
        assert_true(sample_is_there(store, i, i, BODY_SIZE, start_ms));
    holder_end(&holder);
    assert_int_equal(store_sync(store), 0);
    assert_int_equal(counts_of(store).entries, RECORDS - dropped);
    assert_int_equal(counts_of(store).dropped, dropped);
    store_close(&store);
    report_of(*state);
}

static void test_bytes_in_the_queue_are_bounded(void **state)
{
    enum { BIG = STORE_BODY_MAX, RECORDS = 2 * (STORE_QUEUE_BYTES_MAX / BIG) };
    struct store_options options = options_of(*state);
    options.bytes_max = 512 * (uint64_t)MEBIBYTE;
    struct store *store = store_of(&options);
    struct holder holder = holder_start(options.dir);

    for (uint64_t i = 0; i < RECORDS; i++)
        sample_put(store, i, i, BIG, start_ms);

    assert_true(counts_of(store).dropped > 0);
    assert_true(counts_of(store).hot_bytes <
                (uint64_t)STORE_QUEUE_BYTES_MAX + options.hot_bytes_max + 3 * (uint64_t)BIG);
    holder_end(&holder);
    assert_int_equal(store_sync(store), 0);
    store_close(&store);
}

static void test_removals_hold_although_the_queue_is_full(void **state)
{
    enum { OLD = 300, RECORDS = OLD + STORE_QUEUE_MAX + STORE_BATCH_MAX + 10 };
    struct store_options options = options_of(*state);
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < OLD; i++)
        sample_put(store, i, i, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), 0);
    struct holder holder = holder_start(options.dir);
    for (uint64_t i = OLD; i < RECORDS; i++)
        sample_put(store, i, i, BODY_SIZE, start_ms);

    for (uint64_t i = 0; i < OLD / 2; i++)
        sample_remove(store, i);
    for (uint64_t i = OLD / 2; i < OLD; i++)
        sample_put(store, i, i + RECORDS, BODY_SIZE, start_ms);

    for (uint64_t i = 0; i < OLD; i++) /* neither the old record nor, without memory, the new */
        assert_false(sample_is_there(store, i, i, BODY_SIZE, start_ms));
    holder_end(&holder);
    assert_int_equal(store_sync(store), 0);
    for (uint64_t i = 0; i < OLD; i++)
        assert_false(sample_is_there(store, i, i, BODY_SIZE, start_ms));
    store_close(&store);
    store = store_of(&options);
    for (uint64_t i = 0; i < OLD; i++)
        assert_false(sample_is_there(store, i, i, BODY_SIZE, start_ms));
    store_close(&store);
    report_of(*state);
}

static void test_more_removals_than_can_be_listed_void_the_whole_disk(void **state)
{
    enum { OLD = 20, FILLERS = STORE_QUEUE_MAX + STORE_BATCH_MAX };
    struct store_options options = options_of(*state);
    options.hot_bytes_max = 0;
    struct store *store = store_of(&options);
    for (uint64_t i = 0; i < OLD; i++)
        sample_put(store, i, i, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), 0);
    struct holder holder = holder_start(options.dir);
    for (uint64_t i = 0; i < FILLERS; i++)
        sample_put(store, OLD + i, i, 0, start_ms);

    /* As many more as the writer may hold, or find room for, when it begins late. */
    for (uint64_t i = 0; i < STORE_STALE_MAX + 3 * STORE_BATCH_MAX; i++)
        sample_remove(store, FILLERS + OLD + i);

    for (uint64_t i = 0; i < OLD; i++)
        assert_false(sample_is_there(store, i, i, BODY_SIZE, start_ms));
    holder_end(&holder);
    assert_int_equal(store_sync(store), 0);
    sample_put(store, 1, 2, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), 0);
    assert_true(sample_is_there(store, 1, 2, BODY_SIZE, start_ms));
    assert_false(sample_is_there(store, 2, 2, BODY_SIZE, start_ms));
    store_close(&store);
    report_of(*state);
}

/* Files can't grow beyond so many bytes: for LMDB, a disk that refuses to write. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_a_failing_disk_leaves_memory_and_recovers_later(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    sample_put(store, 1, 1, BODY_SIZE, start_ms);
    sample_put(store, 2, 2, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), 0);

    limit_files(4096);
    sample_put(store, 2, 20, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), -EIO);
    sample_put(store, 3, 3, BODY_SIZE, start_ms);
    sample_remove(store, 1);
    assert_int_equal(store_sync(store), -EIO);

    assert_true(counts_of(store).degraded);
    assert_int_equal(counts_of(store).dropped, 3);
    assert_true(sample_is_there(store, 2, 20, BODY_SIZE, start_ms));
    assert_true(sample_is_there(store, 3, 3, BODY_SIZE, start_ms));
    assert_false(sample_is_there(store, 1, 1, BODY_SIZE, start_ms));

    limit_files(RLIM_INFINITY);
    sample_put(store, 4, 4, BODY_SIZE, start_ms + STORE_RETRY_MS - 1);
    assert_int_equal(store_sync(store), -EIO); /* not yet */
    sample_put(store, 5, 5, BODY_SIZE, start_ms + STORE_RETRY_MS);
    assert_int_equal(store_sync(store), 0);
    assert_false(counts_of(store).degraded);
    assert_int_equal(counts_of(store).quarantines, 0);
    store_close(&store);

    report_of(*state);
    store = store_of(&options);
    assert_false(sample_is_there(store, 1, 1, BODY_SIZE, start_ms)); /* removed meanwhile */
    assert_false(sample_is_there(store, 2, 2, BODY_SIZE, start_ms)); /* replaced meanwhile */
    assert_true(sample_is_there(store, 5, 5, BODY_SIZE, start_ms));
    store_close(&store);
}

static void test_a_deleted_file_is_noticed_and_made_anew(void **state)
{
    const struct scratch *scratch = *state;
    const struct store_options options = options_of(scratch);
    struct store *store = store_of(&options);
    sample_put(store, 1, 1, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), 0);

    assert_int_equal(unlink(scratch->file), 0);
    sample_put(store, 2, 2, BODY_SIZE, start_ms);
    assert_int_equal(store_sync(store), -EIO);
    sample_put(store, 3, 3, BODY_SIZE, start_ms + STORE_RETRY_MS);
    assert_int_equal(store_sync(store), 0);

    assert_true(sample_is_there(store, 2, 2, BODY_SIZE, start_ms));
    store_close(&store);
    store = store_of(&options);
    assert_true(sample_is_there(store, 3, 3, BODY_SIZE, start_ms));
    store_close(&store);
}

static void test_a_deleted_folder_leaves_the_store_in_memory(void **state)
{
    const struct scratch *scratch = *state;
    const struct store_options options = options_of(scratch);
    struct store *store = store_of(&options);
    scratch_empty(scratch->dir);

    for (int64_t i = 0; i < 5; i++) {
        sample_put(store, 1, 1, BODY_SIZE, start_ms + i * STORE_RETRY_MS);
        assert_int_equal(store_sync(store), -EIO);
        assert_true(sample_is_there(store, 1, 1, BODY_SIZE, start_ms + i * STORE_RETRY_MS));
    }

    assert_true(counts_of(store).degraded);
    assert_int_equal(counts_of(store).dropped, 5);
    store_close(&store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_full_queue_is_counted_and_loses_nothing_from_memory),
        TEST(test_bytes_in_the_queue_are_bounded),
        TEST(test_removals_hold_although_the_queue_is_full),
        TEST(test_more_removals_than_can_be_listed_void_the_whole_disk),
        TEST(test_a_failing_disk_leaves_memory_and_recovers_later),
        TEST(test_a_deleted_file_is_noticed_and_made_anew),
        TEST(test_a_deleted_folder_leaves_the_store_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
