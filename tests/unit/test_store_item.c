/* Items: what they carry besides the record, and who shares it. */
#include "test_store_fixture.h"

static void *make_upper(const void *body, size_t size, size_t *ret_size)
{
    char *made = malloc(size);
    for (size_t i = 0; i < size; i++)
        made[i] = (char)(((const char *)body)[i] ^ ' ');
    *ret_size = size;
    return made;
}

static void *make_nothing(const void *body, size_t size, size_t *ret_size)
{
    (void)body;
    (void)size;
    (void)ret_size;
    return NULL;
}

static void test_a_variant_is_made_once_and_shared_with_renewed_items(void **state)
{
    const struct store_options options = options_of(*state);
    struct store *store = store_of(&options);
    struct store_item *item = NULL, *renewed = NULL;
    struct sample sample;
    size_t size = 0;
    sample_make(&sample, 1, 1, 4);
    memcpy(sample.body, "body", 4);
    assert_int_equal(store_put(store, &sample.record, start_ms, &item), 0);

    assert_null(store_item_variant(item, make_nothing, &size));
    const void *variant = store_item_variant(item, make_upper, &size);
    assert_memory_equal(variant, "BODY", 4);
    assert_int_equal(size, 4);
    assert_ptr_equal(store_item_variant(item, make_nothing, &size), variant);
    assert_int_equal(store_share(store, item, store_item_key(item),
                                 &(const struct store_label){"", 0, start_ms}, start_ms, &renewed),
                     0);
    assert_ptr_equal(store_item_variant(renewed, make_nothing, &size), variant);

    store_item_release(&item);
    store_item_release(&renewed);
    sample_done(&sample);
    store_close(&store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_variant_is_made_once_and_shared_with_renewed_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
