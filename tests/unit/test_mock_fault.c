/* Which requests a fault hits, and how often. */
#include "tools/mock-github/fault.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int add(struct mock_faults *faults, const char *text)
{
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    const int r = mock_fault_add(faults, json);
    cJSON_Delete(json);
    return r;
}

static bool is_hit(struct mock_faults *faults, const char *method, const char *target)
{
    struct mock_request request;
    assert_int_equal(mock_request_init(&request, method, target), 0);
    struct mock_fault *fault = mock_fault_take(faults, &request, "tok-a");
    const bool found = fault != NULL;
    mock_fault_release(&fault);
    mock_request_done(&request);
    return found;
}

static void test_path_prefix_method_and_token_choose(void **state)
{
    struct mock_faults faults = {.count = 0};
    (void)state;
    assert_int_equal(add(&faults, "{\"kind\":\"close\",\"path\":\"/a\",\"method\":\"GET\","
                                  "\"count\":-1}"),
                     0);
    assert_int_equal(add(&faults, "{\"kind\":\"close\",\"path\":\"/b*\",\"token\":\"tok-a\","
                                  "\"count\":-1}"),
                     0);
    assert_int_equal(add(&faults, "{\"kind\":\"close\",\"path\":\"/c\",\"token\":\"tok-b\"}"), 0);

    assert_true(is_hit(&faults, "GET", "/a") && is_hit(&faults, "GET", "/a?x=1"));
    assert_false(is_hit(&faults, "POST", "/a") || is_hit(&faults, "GET", "/a/b"));
    assert_true(is_hit(&faults, "GET", "/b/c?x") && is_hit(&faults, "PUT", "/bc"));
    assert_false(is_hit(&faults, "GET", "/c"));
    mock_fault_clear(&faults);
    assert_false(is_hit(&faults, "GET", "/a"));
}

static void test_fault_ends_after_its_count(void **state)
{
    struct mock_faults faults = {.count = 0};
    (void)state;
    assert_int_equal(add(&faults, "{\"kind\":\"status\",\"count\":2}"), 0);

    assert_true(is_hit(&faults, "GET", "/") && is_hit(&faults, "GET", "/"));
    assert_false(is_hit(&faults, "GET", "/"));
    assert_int_equal(faults.count, 0);
}

static void test_fault_outlives_its_removal_while_it_is_sent(void **state)
{
    struct mock_faults faults = {.count = 0};
    struct mock_request request;
    (void)state;
    assert_int_equal(mock_request_init(&request, "GET", "/"), 0);
    assert_int_equal(add(&faults, "{\"kind\":\"slow\",\"ms\":7,\"count\":-1}"), 0);
    struct mock_fault *fault = mock_fault_take(&faults, &request, "");

    mock_fault_clear(&faults);

    assert_true(mock_fault_is(fault, MOCK_FAULT_SLOW));
    assert_int_equal(mock_fault_number(fault, "ms", 1), 7);
    assert_int_equal(mock_fault_number(fault, "bytes", 1), 1);
    mock_fault_release(&fault);
    mock_request_done(&request);
}

static void test_malformed_and_too_many_are_refused(void **state)
{
    struct mock_faults faults = {.count = 0};
    (void)state;

    assert_int_equal(add(&faults, "{}"), -EINVAL);
    assert_int_equal(add(&faults, "{\"kind\":\"nonsense\"}"), -EINVAL);
    assert_int_equal(add(&faults, "{\"kind\":\"raw\"}"), -EINVAL);
    assert_int_equal(add(&faults, "[1]"), -EINVAL);
    for (size_t i = 0; i < MOCK_FAULTS_MAX; i++)
        assert_int_equal(add(&faults, "{\"kind\":\"close\"}"), 0);
    assert_int_equal(add(&faults, "{\"kind\":\"close\"}"), -ENOSPC);
    mock_fault_clear(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_prefix_method_and_token_choose),
        cmocka_unit_test(test_fault_ends_after_its_count),
        cmocka_unit_test(test_fault_outlives_its_removal_while_it_is_sent),
        cmocka_unit_test(test_malformed_and_too_many_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
