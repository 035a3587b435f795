/* Readers and writers at once: nobody sees a record older than one whose put or removal had
 * returned, nor wrong bytes. Runs under ThreadSanitizer, too. */
#include "test_store_fixture.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    WRITERS = 3,
    READERS = 3,
    KEYS_PER_WRITER = 20,
    KEYS = WRITERS * KEYS_PER_WRITER,
    STEPS = 1500, /* of each writer */
    BODY_SIZE = 300,
    ABSENT = 3, /* a step number that leaves this rest by 4 is a removal */
};

struct field {
    struct store *store;
    /* Of each key: the last step that has returned; it never falls. */
    _Atomic uint64_t done[KEYS];
    _Atomic uint64_t begun[KEYS];
    _Atomic unsigned writers, wrong, reads, next_writer;
};

static bool is_removal(uint64_t step)
{
    return step % 4 == ABSENT;
}

static uint64_t body_of(uint64_t key, uint64_t step)
{
    return key << 32 | step;
}

/* The step of the item, 0 if it is none of this key's. */
static uint64_t step_of(const struct store_item *item, uint64_t key)
{
    size_t size;
    uint64_t step = 0;
    const char *meta = store_item_meta(item, &size);
    const char *slash = memchr(meta, '/', size);
    struct slice text = slash ? slice_of(slash + 1) : slice_of("");
    if (!slice_to_u64(text, UINT64_MAX, &step) || step >> 32 != key)
        return 0;
    struct sample sample;
    sample_make(&sample, key, step, BODY_SIZE);
    const bool is_right = item_is(item, &sample);
    sample_done(&sample);
    return is_right ? step & UINT32_MAX : 0;
}

/* One look at a key: what it shows must lie between the steps done before and begun after. */
static void look(struct field *field, uint64_t key, int64_t now_ms)
{
    uint8_t id[STORE_KEY_SIZE];
    struct store_item *item = NULL;
    bytes_fill(key, id, sizeof id);
    const uint64_t low = atomic_load(&field->done[key]);
    const int r = store_get(field->store, id, now_ms, &item);
    const uint64_t high = atomic_load(&field->begun[key]);
    bool is_right;
    if (r == 0) {
        const uint64_t step = step_of(item, key);
        is_right = step > 0 && step >= low && step <= high && !is_removal(step);
    } else {
        is_right = low == 0 || is_removal(low);
        for (uint64_t step = low + 1; step <= high && !is_right; step++)
            is_right = is_removal(step);
        is_right = is_right && r == -ENOENT;
    }
    store_item_release(&item);
    atomic_fetch_add(&field->reads, 1);
    if (!is_right)
        atomic_fetch_add(&field->wrong, 1);
}

static void *read_on(void *cls)
{
    struct field *field = cls;
    uint64_t random = (uint64_t)(uintptr_t)&random;
    while (atomic_load(&field->writers) > 0)
        look(field, number_next(&random) % KEYS, start_ms);
    return NULL;
}

static void do_step(struct field *field, uint64_t key, uint64_t step, int64_t now_ms)
{
    struct store_item *item = NULL;
    struct sample sample;
    atomic_store(&field->begun[key], step);
    sample_make(&sample, key, body_of(key, step), BODY_SIZE);
    if (is_removal(step))
        store_remove(field->store, sample.key);
    else if (store_put(field->store, &sample.record, now_ms, &item) != 0)
        atomic_fetch_add(&field->wrong, 1);
    if (item && step % 3 == 0 &&
        store_share(field->store, item, store_item_key(item),
                    &(const struct store_label){sample.meta, sizeof sample.meta, start_ms + day_ms},
                    now_ms, NULL) != 0)
        atomic_fetch_add(&field->wrong, 1);
    store_item_release(&item);
    sample_done(&sample);
    atomic_store(&field->done[key], step);
}

static void *write_on(void *cls)
{
    struct field *field = cls;
    const uint64_t writer = atomic_fetch_add(&field->next_writer, 1);
    uint64_t random = writer, steps[KEYS_PER_WRITER] = {0};
    for (uint64_t i = 0; i < STEPS; i++) {
        const uint64_t at = number_next(&random) % KEYS_PER_WRITER;
        const uint64_t key = writer * KEYS_PER_WRITER + at;
        do_step(field, key, ++steps[at], start_ms + (int64_t)i * 100);
        look(field, key, start_ms + (int64_t)i * 100);
        if (i % 50 == 0 && store_sync(field->store) != 0)
            atomic_fetch_add(&field->wrong, 1);
    }
    atomic_fetch_sub(&field->writers, 1);
    return NULL;
}

static bool visit(void *cls, const uint8_t *key, const uint8_t *content, const void *meta,
                  size_t meta_size, size_t body_size)
{
    (void)cls;
    (void)key;
    (void)content;
    return meta && meta_size == META_SIZE && body_size == BODY_SIZE;
}

static void *look_around(void *cls)
{
    struct field *field = cls;
    struct store_counts counts;
    while (atomic_load(&field->writers) > 0) {
        store_counts(field->store, &counts);
        if (store_each(field->store, visit, NULL) != 0)
            atomic_fetch_add(&field->wrong, 1);
    }
    return NULL;
}

static void run(const struct store_options *options)
{
    pthread_t threads[WRITERS + READERS + 1];
    unsigned count = 0;
    struct field *field = calloc(1, sizeof *field);
    field->store = store_of(options);
    atomic_store(&field->writers, WRITERS);
    for (unsigned i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[count++], NULL, write_on, field), 0);
    for (unsigned i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[count++], NULL, read_on, field), 0);
    assert_int_equal(pthread_create(&threads[count++], NULL, look_around, field), 0);
    while (count > 0)
        pthread_join(threads[--count], NULL);

    assert_int_equal(atomic_load(&field->wrong), 0);
    assert_true(atomic_load(&field->reads) > WRITERS * STEPS);
    assert_int_equal(counts_of(field->store).dropped, 0);
    assert_int_equal(counts_of(field->store).damaged, 0);
    store_close(&field->store);
    field->store = store_of(options);
    for (uint64_t key = 0; key < KEYS; key++)
        look(field, key, start_ms);
    assert_int_equal(atomic_load(&field->wrong), 0);
    store_close(&field->store);
    free(field);
}

static void test_threads_see_what_was_done_from_memory(void **state)
{
    const struct store_options options = options_of(*state);
    run(&options);
    report_of(*state);
}

static void test_threads_see_what_was_done_without_memory(void **state)
{
    struct store_options options = options_of(*state);
    options.hot_bytes_max = 0;
    run(&options);
    report_of(*state);
}

static void test_threads_see_what_was_done_with_little_memory(void **state)
{
    struct store_options options = options_of(*state);
    options.hot_bytes_max = KEYS * 300;
    run(&options);
    report_of(*state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_threads_see_what_was_done_from_memory),
        TEST(test_threads_see_what_was_done_without_memory),
        TEST(test_threads_see_what_was_done_with_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
