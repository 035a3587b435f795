/* Pretty-printing and gzip. */
#include "tools/mock-github/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { TEXT_MAX = 1024 * 1024 };

static void test_pretty_is_json_by_two_spaces(void **state)
{
    struct buffer out;
    (void)state;
    buffer_init(&out, TEXT_MAX);

    mock_encode_pretty(slice_of("{\"a\":[1,{\"b\":\"x{,\\\"}\"}],\"c\":{},\"d\":[]}"), &out);

    assert_string_equal(out.data, "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x{,\\\"}\"\n    }\n"
                                  "  ],\n  \"c\": {},\n  \"d\": []\n}\n");
    buffer_done(&out);
}

static void test_pretty_survives_what_is_no_json(void **state)
{
    static const char *const texts[] = {"", "\"", "\"\\", "]}]", "{[", ":,"};
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buffer out;
        buffer_init(&out, TEXT_MAX);
        mock_encode_pretty(slice_of(texts[i]), &out);
        assert_int_equal(out.error, 0);
        buffer_done(&out);
    }
}

static void test_gzip_is_used_only_where_it_is_wanted(void **state)
{
    (void)state;

    assert_true(mock_encode_wants_gzip("deflate, gzip;q=0.5"));
    assert_true(mock_encode_wants_gzip("GZIP"));
    assert_true(mock_encode_wants_gzip("*"));
    assert_false(mock_encode_wants_gzip("gzip;q=0, deflate"));
    assert_false(mock_encode_wants_gzip("identity, x-gzip"));
    assert_false(mock_encode_wants_gzip(""));
    assert_false(mock_encode_wants_gzip(NULL));
}

static void test_gzip_unpacks_to_what_it_was(void **state)
{
    static char text[TEXT_MAX / 2], back[TEXT_MAX];
    struct buffer out;
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * i >> 3);
    const struct slice data = {.data = text, .size = sizeof text};
    buffer_init(&out, TEXT_MAX);

    assert_int_equal(mock_encode_gzip(data, &out), 0);

    z_stream stream = {.next_in = (Bytef *)out.data, .avail_in = (uInt)out.size};
    stream.next_out = (Bytef *)back;
    stream.avail_out = sizeof back;
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, sizeof text);
    assert_memory_equal(back, text, sizeof text);
    inflateEnd(&stream);
    buffer_done(&out);
}

static void test_only_peoples_agents_get_pretty_json(void **state)
{
    (void)state;

    assert_true(mock_encode_wants_pretty("curl/8.0"));
    assert_true(mock_encode_wants_pretty("Mozilla/5.0 Firefox/100"));
    assert_false(mock_encode_wants_pretty("GitHub CLI 2.23.0"));
    assert_false(mock_encode_wants_pretty(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pretty_is_json_by_two_spaces),
        cmocka_unit_test(test_pretty_survives_what_is_no_json),
        cmocka_unit_test(test_gzip_is_used_only_where_it_is_wanted),
        cmocka_unit_test(test_gzip_unpacks_to_what_it_was),
        cmocka_unit_test(test_only_peoples_agents_get_pretty_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
