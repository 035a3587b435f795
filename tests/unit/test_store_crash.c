/* kill -9 in the middle of writes: what was reported as committed is there, and every checksum is
 * good. */
#include "test_store_fixture.h"

#include <signal.h>
#include <sys/wait.h>

enum {
    ROUNDS = 100,
    KEYS = 400,
    PER_SYNC = 8,
    REPORTS_MAX = 12, /* before the kill */
};

/* The child's work is a function of its step alone: which key, and which body or removal. */
struct step {
    uint64_t key, body;
    size_t size;
    bool is_removal;
};

static struct step step_of(uint64_t number)
{
    static const struct step shared = {.body = UINT64_MAX, .size = 777}; /* several keys have it */
    uint64_t random = number;
    struct step step = {.body = number};
    step.key = number_next(&random) % KEYS;
    step.size = (size_t)(number_next(&random) % 6000);
    step.is_removal = number_next(&random) % 8 == 0;
    if (number % 5 == 4) {
        step.body = shared.body;
        step.size = shared.size;
    }
    return step;
}

/* No assertion of CMocka's here: this is the child. */
static void apply(struct store *store, uint64_t number)
{
    const struct step step = step_of(number);
    struct store_item *item = NULL;
    struct sample sample;
    sample_make(&sample, step.key, step.body, step.size);
    if (step.is_removal)
        store_remove(store, sample.key);
    else if (store_put(store, &sample.record, start_ms, &item) != 0)
        _exit(2);
    if (number % 3 == 0 && item &&
        store_share(store, item, store_item_key(item),
                    &(const struct store_label){sample.meta, sizeof sample.meta,
                                                sample.record.keep_until_ms},
                    start_ms, NULL) != 0)
        _exit(3);
    store_item_release(&item);
    sample_done(&sample);
}

static void child(const struct scratch *scratch, uint64_t number, int reports)
{
    struct store_options options = options_of(scratch);
    struct store *store = NULL;
    options.bytes_max = 16 * MEBIBYTE;
    options.hot_bytes_max = 100000;
    if (store_open(&options, &store) != 0)
        _exit(4);
    for (;;) {
        for (unsigned i = 0; i < PER_SYNC; i++)
            apply(store, ++number);
        if (store_sync(store) != 0 ||
            write(reports, &number, sizeof number) != (ssize_t)sizeof number)
            _exit(5);
    }
}

/* Lets a child work from that number on, kills it after some reports; returns the last one. */
static uint64_t work_and_kill(const struct scratch *scratch, uint64_t number, uint64_t *random)
{
    int reports[2];
    assert_int_equal(pipe(reports), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(reports[0]);
        child(scratch, number, reports[1]);
    }
    close(reports[1]);
    uint64_t last = number;
    const uint64_t wanted = number_next(random) % REPORTS_MAX;
    for (uint64_t i = 0; i < wanted; i++)
        assert_int_equal(read(reports[0], &last, sizeof last), sizeof last);
    for (uint64_t spin = number_next(random) % 200000; spin > 0; spin--)
        __asm__ volatile("" ::: "memory"); /* into the middle of the next commit */
    assert_int_equal(kill(pid, SIGKILL), 0);
    uint64_t late; /* reports that were on their way */
    while (read(reports[0], &late, sizeof late) == sizeof late)
        last = late;
    close(reports[0]);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return last;
}

/* Steps up to `last` are committed; up to one batch of later ones may be, in order. Each key must
 * stand as the last of its committed steps left it, or as a later one did. */
static void check_key(struct store *store, const uint64_t *last_steps, uint64_t key, uint64_t last)
{
    uint8_t id[STORE_KEY_SIZE];
    struct store_item *item = NULL;
    bool is_explained = false;
    bytes_fill(key, id, sizeof id);
    const int r = store_get(store, id, start_ms, &item);
    for (uint64_t n = last_steps[key]; n <= last + 2 * PER_SYNC && !is_explained; n++) {
        const struct step step = n ? step_of(n) : (struct step){.key = key, .is_removal = true};
        struct sample sample;
        if (step.key != key || (n > last_steps[key] && n <= last))
            continue;
        sample_make(&sample, key, step.body, step.size);
        is_explained = step.is_removal ? r == -ENOENT : r == 0 && item_is(item, &sample);
        sample_done(&sample);
    }
    assert_true(is_explained);
    store_item_release(&item);
}

static void test_kill_at_any_time_loses_nothing_that_was_committed(void **state)
{
    struct scratch *scratch = *state;
    uint64_t last_steps[KEYS] = {0}, number = 0, random = 1;
    const struct store_options options = options_of(scratch);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const uint64_t last = work_and_kill(scratch, number, &random);
        for (uint64_t n = number + 1; n <= last; n++)
            last_steps[step_of(n).key] = n;
        struct store_report report;
        const int r = store_verify(scratch->dir, &report);
        if (r == -ENOENT || r == -EUCLEAN) /* killed before the first commit ever */
            assert_int_equal(last, 0);
        else
            assert_int_equal(r, 0);
        if (r == 0) {
            assert_string_equal(report.first_problem, "");
            assert_int_equal(report.damaged, 0);
        }
        struct store *store = store_of(&options);
        assert_int_equal(counts_of(store).quarantines, r == -EUCLEAN);
        for (uint64_t key = 0; key < KEYS; key++)
            check_key(store, last_steps, key, last);
        /* What a batch beyond the last report left is settled by writing it again. */
        number = last;
        for (unsigned i = 0; i < 2 * PER_SYNC; i++) {
            apply(store, ++number);
            last_steps[step_of(number).key] = number;
        }
        assert_int_equal(store_sync(store), 0);
        store_close(&store);
    }
    assert_true(number > ROUNDS * 3 * PER_SYNC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kill_at_any_time_loses_nothing_that_was_committed,
                                        scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
