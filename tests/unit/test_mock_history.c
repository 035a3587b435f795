/* Versions of what targets answer. */
#include "tools/mock-github/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tools/mock-github/limits.h"

/* One resource that all targets but "/none" show. */
struct source {
    struct mock_history history;
    struct mock_state state;
    char body[32];
};

static bool render(void *cls, const char *target, struct buffer *ret_body,
                   struct mock_state **ret_state)
{
    struct source *self = cls;
    buffer_put_text(ret_body, self->body);
    *ret_state = &self->state;
    return strcmp(target, "/none") != 0;
}

static void change(struct source *self, const char *body)
{
    snprintf(self->body, sizeof self->body, "%s", body);
    self->state.changed_ms++;
    mock_history_change(&self->history, &self->state);
}

static size_t count_versions(struct source *self, const char *target)
{
    struct buffer out;
    size_t count = 0;
    buffer_init(&out, MOCK_BODY_MAX);
    assert_true(mock_history_write(&self->history, target, &out));
    for (const char *at = strstr(out.data, "\"ms\""); at; at = strstr(at + 1, "\"ms\""))
        count++;
    buffer_done(&out);
    return count;
}

static int setup(void **state)
{
    static struct source source;
    memset(&source, 0, sizeof source);
    snprintf(source.body, sizeof source.body, "one");
    *state = &source;
    return mock_history_init(&source.history, render, &source);
}

static int teardown(void **state)
{
    struct source *source = *state;
    mock_history_done(&source->history);
    return 0;
}

static void test_answer_is_first_then_same_then_changed(void **state)
{
    struct source *source = *state;
    struct mock_history *history = &source->history;

    assert_int_equal(mock_history_see(history, "/a", &source->state), MOCK_HISTORY_FIRST);
    assert_int_equal(mock_history_see(history, "/a", &source->state), MOCK_HISTORY_SAME);
    change(source, "two");
    change(source, "three");
    assert_int_equal(mock_history_see(history, "/b", &source->state), MOCK_HISTORY_FIRST);
    assert_int_equal(mock_history_see(history, "/a", &source->state), MOCK_HISTORY_CHANGED);
    assert_int_equal(mock_history_see(history, "/a", &source->state), MOCK_HISTORY_SAME);
    mock_history_forget_seen(history);
    assert_int_equal(mock_history_see(history, "/a", &source->state), MOCK_HISTORY_FIRST);
}

static void test_change_that_leaves_the_body_is_no_version(void **state)
{
    struct source *source = *state;
    assert_int_equal(count_versions(source, "/a"), 1);

    change(source, "one");
    assert_int_equal(count_versions(source, "/a"), 1);
    change(source, "two");
    assert_int_equal(count_versions(source, "/a"), 2);
}

static void test_target_without_an_answer_has_no_versions(void **state)
{
    struct source *source = *state;
    struct buffer out;
    buffer_init(&out, MOCK_BODY_MAX);

    assert_false(mock_history_write(&source->history, "/none", &out));
    assert_int_equal(mock_history_see(&source->history, "/none", &source->state),
                     MOCK_HISTORY_UNKNOWN);
    assert_int_equal(mock_history_see(&source->history, "/a", NULL), MOCK_HISTORY_UNKNOWN);
    buffer_done(&out);
}

static void test_oldest_versions_leave_when_there_are_too_many(void **state)
{
    struct source *source = *state;
    char body[32];
    assert_int_equal(count_versions(source, "/a"), 1);

    for (int i = 0; i < MOCK_VERSIONS_MAX + 3; i++) {
        snprintf(body, sizeof body, "%d", i);
        change(source, body);
    }

    assert_int_equal(count_versions(source, "/a"), MOCK_VERSIONS_MAX);
}

static void test_targets_beyond_the_limit_push_out_the_oldest(void **state)
{
    struct source *source = *state;
    char target[32];

    for (int i = 0; i < MOCK_WATCHES_MAX + 2; i++) {
        snprintf(target, sizeof target, "/%d", i);
        assert_int_equal(mock_history_see(&source->history, target, &source->state),
                         MOCK_HISTORY_FIRST);
    }

    assert_int_equal(mock_history_see(&source->history, target, &source->state), MOCK_HISTORY_SAME);
    assert_int_equal(mock_history_see(&source->history, "/0", &source->state), MOCK_HISTORY_FIRST);
    change(source, "two");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answer_is_first_then_same_then_changed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_change_that_leaves_the_body_is_no_version, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_target_without_an_answer_has_no_versions, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_oldest_versions_leave_when_there_are_too_many, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_targets_beyond_the_limit_push_out_the_oldest, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
