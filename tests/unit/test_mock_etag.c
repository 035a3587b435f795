/* The recipe, against values that were computed elsewhere (Python's hashlib). */
#include "tools/mock-github/etag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tools/mock-github/request.h"

static void make(const char *const *headers, const char *body, char *ret)
{
    struct mock_request request;
    assert_int_equal(mock_request_init(&request, "GET", "/"), 0);
    for (; headers[0]; headers += 2)
        assert_int_equal(mock_request_add_header(&request, headers[0], headers[1]), 0);
    mock_etag_make(&request, slice_of(body), ret);
    mock_request_done(&request);
}

static void test_values_are_hashed_in_the_recipes_order(void **state)
{
    static const char *const headers[] = {
        "Cookie", "c=1", "authorization", "token t", "Accept", "text/a", "X-Other", "no", NULL};
    char etag[MOCK_ETAG_SIZE];
    (void)state;

    make(headers, "[]", etag);

    /* sha256("text/a:token t:c=1:[]") */
    assert_string_equal(etag,
                        "\"247009e68548c380caa78201dba5b1391e056174984673e462d0b85d866a34ff\"");
}

static void test_anonymous_hash_has_accept_alone(void **state)
{
    static const char *const headers[] = {"Cookie", "c=1", "Accept", "text/a", NULL};
    static const char *const none[] = {NULL};
    char etag[MOCK_ETAG_SIZE];
    (void)state;

    make(headers, "[]", etag);
    assert_string_equal(etag,
                        "\"427ed33d93e8ea58bd92b817272cdba89f82684396fc63c5ff10e651e6e90640\"");
    make(none, "[]", etag);
    assert_string_equal(etag,
                        "\"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945\"");
}

static void test_match_is_weak_and_wants_quotes(void **state)
{
    (void)state;

    assert_true(mock_etag_matches(slice_of("\"a\""), "\"a\""));
    assert_true(mock_etag_matches(slice_of("\"b\" , W/\"a\""), "\"a\""));
    assert_true(mock_etag_matches(slice_of("*"), "\"a\""));
    assert_false(mock_etag_matches(slice_of("a"), "\"a\""));
    assert_false(mock_etag_matches(slice_of("w/\"a\""), "\"a\""));
    assert_false(mock_etag_matches(slice_of("\"ab\", \"\""), "\"a\""));
    assert_false(mock_etag_matches(slice_of(""), "\"a\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_hashed_in_the_recipes_order),
        cmocka_unit_test(test_anonymous_hash_has_accept_alone),
        cmocka_unit_test(test_match_is_weak_and_wants_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
