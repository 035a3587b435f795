/* What operators are shown: valid JSON, within limits, and no secret in it. */
#include "github/describe.h"

#include <cjson/cJSON.h>

#include "github_kept.h"

static const char issues[] = "/repos/o/r/issues";
static const struct told told = {.body = "[1]", .share = GITHUB_SHARE_SCOPE};

enum { TEXT_MAX = 1024 * 1024 };

static const char *text_of(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_true(cJSON_IsString(value));
    return value->valuestring;
}

static double number_of(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_true(cJSON_IsNumber(value));
    return value->valuedouble;
}

static cJSON *describe_key(const struct world *world, const char *target)
{
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    assert_int_equal(github_describe_key(world->github, slice_of(target), &out), 0);
    cJSON *root = cJSON_Parse(out.data);
    assert_non_null(root);
    buffer_done(&out);
    return root;
}

static cJSON *describe_entries(struct world *world, const char *prefix, size_t limit)
{
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    assert_int_equal(store_sync(world->store), 0);
    assert_int_equal(github_describe_entries(world->github, slice_of(prefix), limit, &out), 0);
    assert_null(strstr(out.data, "alice"));
    cJSON *root = cJSON_Parse(out.data);
    assert_non_null(root);
    buffer_done(&out);
    return root;
}

static void test_a_key_that_is_not_stored_is_shown_without_entry(void **state)
{
    cJSON *root = describe_key(*state, issues);

    assert_string_equal(text_of(root, "route"), "issues");
    assert_string_equal(text_of(root, "permission"), "issues");
    assert_string_equal(text_of(root, "decision"), "fetch");
    assert_int_equal(strlen(text_of(root, "key")), 2 * GITHUB_KEY_SIZE);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(root, "entry")));
    cJSON_Delete(root);
}

static void test_a_key_is_shown_with_its_entry(void **state)
{
    keep_told(*state, "alice", issues, &told);

    cJSON *root = describe_key(*state, issues);

    const cJSON *entry = cJSON_GetObjectItem(root, "entry");
    assert_string_equal(text_of(root, "decision"), "revalidate");
    assert_string_equal(text_of(entry, "url"), issues);
    assert_string_equal(text_of(entry, "accept"), "application/vnd.github+json");
    assert_int_equal(number_of(entry, "bytes"), 3);
    assert_int_equal(number_of(entry, "ttl_seconds"), 60);
    cJSON_Delete(root);
}

static void test_a_target_that_is_none_is_refused(void **state)
{
    const struct world *world = *state;
    struct buffer out;
    buffer_init(&out, TEXT_MAX);

    assert_int_equal(github_describe_key(world->github, slice_of("x"), &out), -EBADMSG);
    assert_int_equal(github_describe_key(world->github, slice_of(""), &out), -EBADMSG);
    assert_int_equal(out.size, 0);
    buffer_done(&out);
}

static void test_entries_are_listed_by_prefix_and_limit(void **state)
{
    struct world *world = *state;
    keep_told(world, "alice", "/repos/o/r/issues?q=%22", &told);
    keep_told(world, "alice", "/repos/o/r/labels", &told);
    keep_told(world, "alice", "/repos/other/r/labels", &told);

    cJSON *all = describe_entries(world, "", 100),
          *some = describe_entries(world, "/repos/o/", 100);
    cJSON *one = describe_entries(world, "", 1), *none = describe_entries(world, "", 0);

    assert_int_equal(number_of(all, "count"), 3);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(all, "entries")), 3);
    assert_int_equal(number_of(some, "count"), 2);
    assert_int_equal(number_of(one, "count"), 1);
    assert_int_equal(number_of(none, "count"), 0);
    cJSON_Delete(all);
    cJSON_Delete(some);
    cJSON_Delete(one);
    cJSON_Delete(none);
}

static void test_a_list_that_does_not_fit_is_an_error(void **state)
{
    struct world *world = *state;
    struct buffer out;
    keep_told(world, "alice", issues, &told);
    assert_int_equal(store_sync(world->store), 0);
    buffer_init(&out, 64);

    assert_int_equal(github_describe_entries(world->github, slice_of(""), 100, &out), -EMSGSIZE);
    buffer_done(&out);
}

static void test_the_budget_is_shown_without_tokens(void **state)
{
    struct world *world = *state;
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    github_describe_budget(world->github, &out);

    cJSON *root = cJSON_Parse(out.data);
    assert_non_null(root);
    assert_int_equal(number_of(root, "credentials"), 0);
    cJSON_Delete(root);
    buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_key_that_is_not_stored_is_shown_without_entry),
        WORLD_TEST(test_a_key_is_shown_with_its_entry),
        WORLD_TEST(test_a_target_that_is_none_is_refused),
        WORLD_TEST(test_entries_are_listed_by_prefix_and_limit),
        WORLD_TEST(test_a_list_that_does_not_fit_is_an_error),
        WORLD_TEST(test_the_budget_is_shown_without_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
