/* The meta block of a stored answer: what is written comes back, anything else is refused. */
#include "github/entry.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { BLOCK_MAX = 128 * 1024, HEAD_SIZE = 29 };

#define TEXT "https://api.github.com/repos/o/r\napplication/vnd.github+json\n2022-11-28"

static void add(struct github_entry *entry, const char *name, const char *value)
{
    assert_int_equal(github_headers_add(&entry->headers, slice_of(name), slice_of(value)), 0);
}

static void init(struct github_entry *entry)
{
    memset(entry, 0, sizeof *entry);
    entry->text = slice_of(TEXT);
    entry->status = 200;
    entry->flags = GITHUB_ENTRY_PORTABLE | GITHUB_ENTRY_FULL_PAGE;
    entry->vary = GITHUB_VARY_ALL;
    entry->contradictions = 2;
    entry->ttl_s = 60;
    entry->validated_ms = 1700000000123;
    entry->fetched_ms = 1699999999000;
    github_headers_init(&entry->headers);
}

static struct buffer encode(const struct github_entry *entry)
{
    struct buffer block;
    buffer_init(&block, BLOCK_MAX);
    assert_int_equal(github_entry_encode(entry, &block), 0);
    return block;
}

static void assert_header(const struct github_header *header, const char *name, const char *value)
{
    assert_true(slice_equals(header->name, slice_of(name)));
    assert_true(slice_equals(header->value, slice_of(value)));
}

static void test_an_entry_comes_back_as_it_was(void **state)
{
    (void)state;
    struct github_entry entry, back;
    init(&entry);
    add(&entry, "content-TYPE", "application/json; charset=utf-8");
    add(&entry, "Link", "<https://api.github.com/repositories/1?page=2>; rel=\"next\"");
    add(&entry, "Link", "");
    struct buffer block = encode(&entry);

    assert_int_equal(github_entry_decode(block.data, block.size, &back), 0);

    assert_true(slice_equals(back.text, entry.text));
    assert_int_equal(back.status, 200);
    assert_int_equal(back.flags, entry.flags);
    assert_int_equal(back.vary, GITHUB_VARY_ALL);
    assert_int_equal(back.contradictions, 2);
    assert_int_equal(back.ttl_s, 60);
    assert_int_equal(back.validated_ms, entry.validated_ms);
    assert_int_equal(back.fetched_ms, entry.fetched_ms);
    assert_int_equal(back.headers.count, 3);
    assert_header(&back.headers.list[0], "Content-Type", "application/json; charset=utf-8");
    assert_header(&back.headers.list[1], "Link",
                  "<https://api.github.com/repositories/1?page=2>; rel=\"next\"");
    assert_header(&back.headers.list[2], "Link", "");
    buffer_done(&block);
    github_headers_done(&entry.headers);
}

/* Stores on disk outlive programs: these bytes may only change together with ENTRY_VERSION. */
static void test_the_layout_is_the_one_on_disk(void **state)
{
    (void)state;
    static const char layout[] = "\x01\x00\xc8\x00\x03\x07\x02\x00\x00\x00\x3c"
                                 "\x00\x00\x01\x8b\xcf\xe5\x68\x7b\x00\x00\x01\x8b\xcf\xe5\x64\x18"
                                 "\x00\x02/x\x02\x00\x00\x01j\x0d\x00\x01*";
    struct github_entry entry;
    init(&entry);
    entry.text = slice_of("/x");
    add(&entry, "Content-Type", "j");
    add(&entry, "Access-Control-Expose-Headers", "*");

    struct buffer block = encode(&entry);

    assert_int_equal(block.size, sizeof layout - 1);
    assert_memory_equal(block.data, layout, sizeof layout - 1);
    buffer_done(&block);
    github_headers_done(&entry.headers);
}

static void test_fields_of_one_token_or_exchange_are_left_out(void **state)
{
    (void)state;
    static const char *const names[] = {
        "X-RateLimit-Remaining", "Set-Cookie",     "ETag", "Retry-After",
        "X-GitHub-Request-Id",   "X-OAuth-Scopes", "Age",  ""};
    struct github_entry entry, back;
    init(&entry);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_null(github_entry_keeps(slice_of(names[i])));
        add(&entry, names[i], "secret");
    }
    add(&entry, "Date", "Sun, 22 Nov 2026 17:00:00 GMT");
    struct buffer block = encode(&entry);

    assert_int_equal(github_entry_decode(block.data, block.size, &back), 0);

    assert_int_equal(back.headers.count, 1);
    assert_header(&back.headers.list[0], "Date", "Sun, 22 Nov 2026 17:00:00 GMT");
    buffer_done(&block);
    github_headers_done(&entry.headers);
}

static void test_kept_names_come_in_their_canonical_spelling(void **state)
{
    (void)state;

    assert_string_equal(github_entry_keeps(slice_of("content-type")), "Content-Type");
    assert_string_equal(github_entry_keeps(slice_of("LINK")), "Link");
    assert_null(github_entry_keeps(slice_of("Content-Type ")));
}

static void test_a_value_that_breaks_its_line_is_left_out(void **state)
{
    (void)state;
    struct github_entry entry, back;
    init(&entry);
    const struct slice value = {.data = "a\r\nSet-Cookie: b", .size = 16};
    assert_int_equal(github_headers_borrow(&entry.headers, slice_of("Link"), value), 0);
    struct buffer block = encode(&entry);

    assert_int_equal(github_entry_decode(block.data, block.size, &back), 0);

    assert_int_equal(back.headers.count, 0);
    buffer_done(&block);
    github_headers_done(&entry.headers);
}

static void test_every_shortened_block_is_refused(void **state)
{
    (void)state;
    struct github_entry entry, back;
    init(&entry);
    add(&entry, "Content-Type", "application/json");
    struct buffer block = encode(&entry);

    for (size_t size = 0; size < block.size; size++)
        assert_int_equal(github_entry_decode(block.data, size, &back), -EBADMSG);

    assert_int_equal(github_entry_decode(NULL, 0, &back), -EBADMSG);
    buffer_done(&block);
    github_headers_done(&entry.headers);
}

static void test_a_byte_after_the_end_is_refused(void **state)
{
    (void)state;
    struct github_entry entry, back;
    init(&entry);
    struct buffer block = encode(&entry);
    buffer_put_char(&block, '\0');

    assert_int_equal(github_entry_decode(block.data, block.size, &back), -EBADMSG);

    buffer_done(&block);
}

static void test_bytes_that_encode_never_writes_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        char byte;
    } edits[] = {
        {0, 0},                                /* version */
        {0, 2},                                /* version */
        {2, '\xc9'},                           /* 201 */
        {2, '\x2e'},                           /* 302 in the low byte */
        {3, '\x10'},                           /* an unknown flag */
        {4, '\x13'},                           /* another */
        {5, '\x0f'},                           /* vary with an unknown field */
        {5, '\x80'},                           /* vary */
        {11, '\x80'},                          /* a time before 1970 */
        {12, '\x7f'},                          /* a time after 9999 */
        {19, '\x80'},                          /* the same for the other time */
        {HEAD_SIZE + sizeof TEXT, '\x0e'},     /* a row beyond the table */
        {HEAD_SIZE + sizeof TEXT + 3, '\x7f'}, /* a control character in a value */
        {HEAD_SIZE + sizeof TEXT + 3, '\n'},
    };
    struct github_entry entry, back;
    init(&entry);
    add(&entry, "Link", "application/json");
    struct buffer block = encode(&entry);
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        const char before = block.data[edits[i].at];
        block.data[edits[i].at] = edits[i].byte;

        assert_int_equal(github_entry_decode(block.data, block.size, &back), -EBADMSG);

        block.data[edits[i].at] = before;
        assert_int_equal(github_entry_decode(block.data, block.size, &back), 0);
    }
    buffer_done(&block);
    github_headers_done(&entry.headers);
}

static void test_as_many_fields_as_a_message_may_have_fit(void **state)
{
    (void)state;
    struct github_entry entry, back;
    init(&entry);
    for (int i = 0; i < GITHUB_HEADERS_MAX; i++)
        add(&entry, "Link", "<x>");
    struct buffer block = encode(&entry);

    assert_int_equal(github_entry_decode(block.data, block.size, &back), 0);
    assert_int_equal(back.headers.count, GITHUB_HEADERS_MAX);

    block.data[HEAD_SIZE + sizeof TEXT - 1] = GITHUB_HEADERS_MAX + 1;
    buffer_put(&block, "\x06\0\0", 3);
    assert_int_equal(github_entry_decode(block.data, block.size, &back), -EBADMSG);
    buffer_done(&block);
    github_headers_done(&entry.headers);
}

static void test_the_longest_key_text_fits(void **state)
{
    (void)state;
    static char text[GITHUB_KEY_TEXT_MAX + 1];
    struct github_entry entry, back;
    memset(text, 'a', sizeof text);
    init(&entry);
    entry.text.data = text;
    entry.text.size = GITHUB_KEY_TEXT_MAX;
    struct buffer block = encode(&entry);

    assert_int_equal(github_entry_decode(block.data, block.size, &back), 0);
    assert_int_equal(back.text.size, GITHUB_KEY_TEXT_MAX);

    buffer_done(&block);
}

static void test_a_longer_key_text_is_refused(void **state)
{
    (void)state;
    struct github_entry entry, back;
    struct buffer block;
    init(&entry);
    struct buffer head = encode(&entry);
    buffer_init(&block, BLOCK_MAX);
    buffer_put(&block, head.data, HEAD_SIZE - 2);
    buffer_put_char(&block, (char)((GITHUB_KEY_TEXT_MAX + 1) >> 8));
    buffer_put_char(&block, (char)((GITHUB_KEY_TEXT_MAX + 1) & 0xff));
    for (int i = 0; i < GITHUB_KEY_TEXT_MAX + 1; i++)
        buffer_put_char(&block, 'a');
    buffer_put_char(&block, 0);

    assert_int_equal(github_entry_decode(block.data, block.size, &back), -EBADMSG);

    buffer_done(&block);
    buffer_done(&head);
}

static void test_a_block_over_the_buffers_limit_is_reported(void **state)
{
    (void)state;
    struct github_entry entry;
    struct buffer block;
    init(&entry);
    buffer_init(&block, HEAD_SIZE + sizeof TEXT - 1);
    assert_int_equal(github_entry_encode(&entry, &block), -EMSGSIZE);
    buffer_done(&block);

    buffer_init(&block, HEAD_SIZE + sizeof TEXT);
    assert_int_equal(github_entry_encode(&entry, &block), 0);
    buffer_done(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_comes_back_as_it_was),
        cmocka_unit_test(test_the_layout_is_the_one_on_disk),
        cmocka_unit_test(test_fields_of_one_token_or_exchange_are_left_out),
        cmocka_unit_test(test_kept_names_come_in_their_canonical_spelling),
        cmocka_unit_test(test_a_value_that_breaks_its_line_is_left_out),
        cmocka_unit_test(test_every_shortened_block_is_refused),
        cmocka_unit_test(test_a_byte_after_the_end_is_refused),
        cmocka_unit_test(test_bytes_that_encode_never_writes_are_refused),
        cmocka_unit_test(test_as_many_fields_as_a_message_may_have_fit),
        cmocka_unit_test(test_the_longest_key_text_fits),
        cmocka_unit_test(test_a_longer_key_text_is_refused),
        cmocka_unit_test(test_a_block_over_the_buffers_limit_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
