/* The queue in front of the writer: order, limits in number and bytes, batches. */
#include "test_store_fixture.h"

#include "store/queue.h"

static void push(struct store_queue *queue, enum store_op_kind kind, struct store_item *item)
{
    static const uint8_t key[STORE_KEY_SIZE];
    struct store_op *op = store_queue_op_new(kind, key, item, start_ms);
    assert_non_null(op);
    store_queue_push(queue, &op);
    assert_null(op);
}

static size_t end_chain(struct store_op *ops)
{
    size_t count = 0;
    for (; ops; count++) {
        struct store_op *op = ops;
        ops = op->next;
        store_queue_op_destroy(&op);
    }
    return count;
}

static void drain(struct store_queue *queue)
{
    struct store_op *ops;
    while ((ops = store_queue_take(queue)))
        end_chain(ops);
    assert_int_equal(queue->count, 0);
    assert_int_equal(queue->bytes, 0);
}

static struct store_item *item_of(size_t size)
{
    static const uint8_t zeros[STORE_KEY_SIZE];
    const struct store_record record = {.key = zeros, .content = zeros};
    struct store_body *body = store_body_new(size);
    assert_non_null(body);
    memset(body->bytes, 0, size);
    struct store_item *item = store_item_new(&record, body);
    assert_non_null(item);
    store_body_release(&body);
    return item;
}

static void test_operations_come_out_in_order_and_in_batches(void **state)
{
    (void)state;
    struct store_queue queue;
    uint64_t expected = 0;
    store_queue_init(&queue);
    for (unsigned i = 0; i < STORE_BATCH_MAX + 10; i++)
        push(&queue, STORE_OP_REMOVE, NULL);

    struct store_op *first = store_queue_take(&queue);
    for (const struct store_op *op = first; op; op = op->next)
        assert_int_equal(op->number, ++expected);
    assert_int_equal(end_chain(first), STORE_BATCH_MAX);
    push(&queue, STORE_OP_REMOVE, NULL);
    struct store_op *second = store_queue_take(&queue);
    for (const struct store_op *op = second; op; op = op->next)
        assert_int_equal(op->number, ++expected);
    assert_int_equal(end_chain(second), 11);

    assert_null(store_queue_take(&queue));
}

static void test_the_number_of_operations_is_limited(void **state)
{
    (void)state;
    struct store_queue queue;
    store_queue_init(&queue);

    for (unsigned i = 0; i < STORE_QUEUE_MAX; i++) {
        assert_true(store_queue_has_room(&queue, NULL));
        push(&queue, STORE_OP_TOUCH, NULL);
    }

    assert_false(store_queue_has_room(&queue, NULL));
    drain(&queue);
    assert_true(store_queue_has_room(&queue, NULL));
}

static void test_the_bytes_of_operations_are_limited(void **state)
{
    (void)state;
    struct store_queue queue;
    struct store_item *big = item_of(STORE_BODY_MAX), *one = item_of(1);
    store_queue_init(&queue);

    for (unsigned i = 0; i < STORE_QUEUE_BYTES_MAX / STORE_BODY_MAX; i++) {
        assert_true(store_queue_has_room(&queue, big));
        push(&queue, STORE_OP_PUT, big);
    }

    assert_int_equal(queue.bytes, STORE_QUEUE_BYTES_MAX);
    assert_false(store_queue_has_room(&queue, one));
    assert_true(store_queue_has_room(&queue, NULL));
    drain(&queue);
    store_item_release(&big);
    store_item_release(&one);
}

static void test_a_batch_ends_where_its_bytes_do(void **state)
{
    (void)state;
    struct store_queue queue;
    struct store_item *item = item_of(STORE_BATCH_BYTES_MAX / 2);
    store_queue_init(&queue);
    for (unsigned i = 0; i < 5; i++)
        push(&queue, STORE_OP_PUT, item);

    assert_int_equal(end_chain(store_queue_take(&queue)), 2);

    drain(&queue);
    store_item_release(&item);
}

static void test_one_sweep_is_known_to_wait(void **state)
{
    (void)state;
    struct store_queue queue;
    store_queue_init(&queue);
    assert_false(queue.has_sweep);

    push(&queue, STORE_OP_SWEEP, NULL);
    assert_true(queue.has_sweep);
    drain(&queue);

    assert_false(queue.has_sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations_come_out_in_order_and_in_batches),
        cmocka_unit_test(test_the_number_of_operations_is_limited),
        cmocka_unit_test(test_the_bytes_of_operations_are_limited),
        cmocka_unit_test(test_a_batch_ends_where_its_bytes_do),
        cmocka_unit_test(test_one_sweep_is_known_to_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
