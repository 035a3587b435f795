/* The table in memory: what stays, what goes, and what is known to be void on disk. */
#include "test_store_fixture.h"

#include "store/hot.h"

enum { BODY_SIZE = 1000, BYTES_MAX = 10000 };

static int make(void **state)
{
    struct store_hot *self = calloc(1, sizeof *self);
    *state = self;
    return self ? store_hot_init(self, BYTES_MAX) : -1;
}

static int end(void **state)
{
    store_hot_done(*state);
    free(*state);
    return 0;
}

static struct store_item *item_of(uint64_t key)
{
    struct sample sample;
    sample_make(&sample, key, key, BODY_SIZE);
    struct store_body *body = store_body_new(BODY_SIZE);
    assert_non_null(body);
    memcpy(body->bytes, sample.body, BODY_SIZE);
    struct store_item *item = store_item_new(&sample.record, body);
    assert_non_null(item);
    store_body_release(&body);
    sample_done(&sample);
    return item;
}

static const uint8_t *key_of(uint64_t key, uint8_t space[static STORE_KEY_SIZE])
{
    bytes_fill(key, space, STORE_KEY_SIZE);
    return space;
}

/* A write that is queued. */
static void set(struct store_hot *self, uint64_t key)
{
    struct store_hot_dead dead = {0};
    struct store_item *item = item_of(key);
    assert_non_null(store_hot_set(self, item->key, item, &dead));
    store_item_release(&item);
    store_hot_bury(&dead);
}

static void set_absent(struct store_hot *self, uint64_t key)
{
    struct store_hot_dead dead = {0};
    uint8_t space[STORE_KEY_SIZE];
    assert_non_null(store_hot_set(self, key_of(key, space), NULL, &dead));
    store_hot_bury(&dead);
}

static void unpin(struct store_hot *self, uint64_t key, bool is_written)
{
    struct store_hot_dead dead = {0};
    uint8_t space[STORE_KEY_SIZE];
    store_hot_unpin(self, key_of(key, space), is_written, &dead);
    store_hot_bury(&dead);
}

static void give_up(struct store_hot *self, uint64_t key)
{
    struct store_hot_dead dead = {0};
    uint8_t space[STORE_KEY_SIZE];
    store_hot_give_up(self, store_hot_find(self, key_of(key, space)), &dead);
    store_hot_bury(&dead);
}

static void trim(struct store_hot *self)
{
    struct store_hot_dead dead = {0};
    store_hot_trim(self, &dead);
    store_hot_bury(&dead);
}

static struct store_hot_entry *find(struct store_hot *self, uint64_t key)
{
    uint8_t space[STORE_KEY_SIZE];
    return store_hot_find(self, key_of(key, space));
}

static void test_the_least_recently_used_goes_first(void **state)
{
    struct store_hot *self = *state;
    for (uint64_t i = 0; i < 20; i++) {
        set(self, i);
        unpin(self, i, true);
        store_hot_use(self, find(self, 0));
        trim(self);
    }

    assert_true(self->bytes <= BYTES_MAX);
    assert_non_null(find(self, 0));
    assert_non_null(find(self, 19));
    assert_null(find(self, 1));
    assert_int_equal(self->stale_count, 0);
}

static void test_what_is_queued_stays_whatever_the_limit(void **state)
{
    struct store_hot *self = *state;
    for (uint64_t i = 0; i < 30; i++)
        set(self, i);

    trim(self);
    for (uint64_t i = 0; i < 30; i++)
        assert_non_null(find(self, i)->item);
    for (uint64_t i = 0; i < 30; i++)
        unpin(self, i, true);
    trim(self);

    assert_true(self->bytes <= BYTES_MAX);
}

static void test_a_tombstone_lives_until_its_removal_is_written(void **state)
{
    struct store_hot *self = *state;
    set(self, 1);
    set_absent(self, 1);

    unpin(self, 1, true);
    assert_non_null(find(self, 1));
    assert_null(find(self, 1)->item);
    unpin(self, 1, true);

    assert_null(find(self, 1));
    assert_int_equal(self->bytes, 0);
}

static void test_a_write_given_up_leaves_a_stale_key_behind(void **state)
{
    struct store_hot *self = *state;
    set(self, 1);
    unpin(self, 1, false);
    assert_int_equal(self->stale_count, 1);
    assert_non_null(find(self, 1)->item);

    self->bytes_max = 0;
    trim(self);
    assert_null(find(self, 1)->item); /* still known not to be what the disk says */

    assert_ptr_equal(store_hot_take_stale(self), find(self, 1));
    assert_null(store_hot_take_stale(self));
    unpin(self, 1, true);
    assert_null(find(self, 1));
}

static void test_a_later_write_decides_what_is_stale(void **state)
{
    struct store_hot *self = *state;
    set(self, 1);
    set(self, 1);
    unpin(self, 1, false); /* the earlier one failed: the later one will put it right */
    assert_int_equal(self->stale_count, 0);
    unpin(self, 1, true);
    assert_int_equal(self->stale_count, 0);

    set(self, 2);
    set(self, 2);
    give_up(self, 2); /* the later one never got into the queue */
    unpin(self, 2, true);
    assert_int_equal(self->stale_count, 1);

    set(self, 2);
    unpin(self, 2, true);
    assert_int_equal(self->stale_count, 0);
}

static void test_an_item_read_before_a_change_is_not_kept(void **state)
{
    struct store_hot *self = *state;
    struct store_item *item = item_of(1);
    const uint32_t epoch = store_hot_epoch(self, item->key);
    set_absent(self, 1);
    unpin(self, 1, true);

    store_hot_offer(self, item, 0, epoch);
    assert_null(find(self, 1));
    store_hot_offer(self, item, 0, store_hot_epoch(self, item->key));
    assert_ptr_equal(find(self, 1)->item, item);

    store_item_release(&item);
}

static void test_a_shared_body_is_counted_once(void **state)
{
    struct store_hot *self = *state;
    struct store_hot_dead dead = {0};
    struct store_item *item = item_of(1);
    uint8_t key[STORE_KEY_SIZE];
    const struct store_record record = {.key = key_of(2, key), .content = item->content};
    struct store_item *other = store_item_new(&record, item->body);

    assert_non_null(store_hot_set(self, item->key, item, &dead));
    const uint64_t alone = self->bytes;
    assert_non_null(store_hot_set(self, other->key, other, &dead));

    assert_true(self->bytes < alone + BODY_SIZE);
    assert_non_null(store_hot_set(self, item->key, NULL, &dead));
    assert_true(self->bytes > BODY_SIZE);
    assert_non_null(store_hot_set(self, other->key, NULL, &dead));
    assert_int_equal(self->bytes, 0);
    store_hot_bury(&dead);
    store_item_release(&item);
    store_item_release(&other);
}

static void test_too_many_stale_keys_void_the_disk(void **state)
{
    struct store_hot *self = *state;
    for (uint64_t i = 0; i < STORE_STALE_MAX; i++) {
        set_absent(self, i);
        unpin(self, i, false);
    }
    assert_int_equal(self->stale_count, STORE_STALE_MAX);
    assert_false(self->is_void);

    set_absent(self, STORE_STALE_MAX);
    unpin(self, STORE_STALE_MAX, false);
    assert_true(self->is_void);
    assert_int_equal(self->stale_count, 0);
    assert_null(find(self, 0));

    const uint64_t number = self->void_number;
    struct store_hot_dead dead = {0};
    store_hot_declare_void(self, &dead);
    store_hot_end_void(self, number); /* that one was overtaken */
    assert_true(self->is_void);
    store_hot_end_void(self, number + 1);
    assert_false(self->is_void);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_least_recently_used_goes_first),
        TEST(test_what_is_queued_stays_whatever_the_limit),
        TEST(test_a_tombstone_lives_until_its_removal_is_written),
        TEST(test_a_write_given_up_leaves_a_stale_key_behind),
        TEST(test_a_later_write_decides_what_is_stale),
        TEST(test_an_item_read_before_a_change_is_not_kept),
        TEST(test_a_shared_body_is_counted_once),
        TEST(test_too_many_stale_keys_void_the_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
