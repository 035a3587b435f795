/* What certificates promise: one layout, rights that only narrow, dates, revocation; and each
 * broken rule has its own name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cert_office.h"

enum {
    /* Where fields are. */
    AT_TYPE = 4,
    AT_ROLES = 5,
    AT_FLAGS = 6,
    AT_SCOPE_COUNT = 7,
    AT_NOT_BEFORE = 8,
    AT_NOT_AFTER = 16,
    AT_NAME = 24 + 32 + 16,
    AT_SCOPES = AT_NAME + 32,
    TIME_SIZE = 8,
};

static size_t encode(const struct cert *cert, uint8_t ret_data[static CERT_SIZE_MAX])
{
    struct bytes_out out = bytes_out_over(ret_data, CERT_SIZE_MAX);
    cert_encode(cert, &out);
    assert_false(out.overflowed);
    return (size_t)(out.at - ret_data);
}

static void put_time(uint8_t *at, uint64_t time_s)
{
    struct bytes_out out = bytes_out_over(at, TIME_SIZE);
    bytes_put_u64(&out, time_s);
}

static void test_a_certificate_reads_back_as_it_was_written(void **state)
{
    (void)state;
    struct cert_office office;
    struct cert cert;
    uint8_t data[CERT_SIZE_MAX], again[CERT_SIZE_MAX];
    cert_office_init(&office);

    const size_t size = encode(&office.chain[0], data);

    assert_int_equal(size, CERT_SIZE_MIN + 2 * CERT_SCOPE_SIZE);
    assert_int_equal(cert_decode(data, size, &cert), 0);
    assert_int_equal(encode(&cert, again), size);
    assert_memory_equal(data, again, size);
    assert_string_equal(cert.name, "delegate");
    assert_int_equal(cert.not_after_s, OFFICE_NOW_S + OFFICE_DAY_S);
}

static void test_every_length_but_the_right_one_is_refused(void **state)
{
    (void)state;
    struct cert_office office;
    struct cert cert;
    uint8_t data[CERT_SIZE_MAX + 1] = {0};
    cert_office_init(&office);
    const size_t size = encode(&office.chain[0], data);

    for (size_t i = 0; i < size; i++)
        assert_int_equal(cert_decode(data, i, &cert), -EBADMSG);
    assert_int_equal(cert_decode(data, size + 1, &cert), -EBADMSG);
    assert_int_equal(cert_decode(data, size, &cert), 0);
}

static void test_each_field_is_taken_at_its_limit_and_refused_beyond(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t good, bad;
    } fields[] = {
        {0, 'R', 'r'},
        {3, '1', '2'},
        {AT_TYPE, CERT_DELEGATE, 0},
        {AT_TYPE, CERT_NODE, CERT_NODE + 1},
        {AT_ROLES, CERT_ROLES_ALL, CERT_ROLES_ALL + 1},
        {AT_FLAGS, CERT_FLAG_ALL, CERT_FLAGS_ALL + 1},
        {AT_NAME, '~', '~' + 1},
        {AT_NAME, '!', ' '},
        {AT_NAME + 31, 0, 'x'}, /* after the zero that ends the name */
    };
    struct cert_office office;
    struct cert cert;
    uint8_t data[CERT_SIZE_MAX];
    cert_office_init(&office);
    office.chain[0].scope_count = 0;
    const size_t size = encode(&office.chain[0], data);

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const uint8_t before = data[fields[i].at];
        data[fields[i].at] = fields[i].bad;
        assert_int_equal(cert_decode(data, size, &cert), -EBADMSG);
        data[fields[i].at] = fields[i].good;
        assert_int_equal(cert_decode(data, size, &cert), 0);
        data[fields[i].at] = before;
    }
}

static void test_times_are_taken_up_to_the_year_9999_and_in_order(void **state)
{
    (void)state;
    struct cert_office office;
    struct cert cert;
    uint8_t data[CERT_SIZE_MAX];
    cert_office_init(&office);
    const size_t size = encode(&office.chain[0], data);

    put_time(data + AT_NOT_AFTER, (uint64_t)CERT_TIME_MAX);
    assert_int_equal(cert_decode(data, size, &cert), 0);
    put_time(data + AT_NOT_AFTER, (uint64_t)CERT_TIME_MAX + 1);
    assert_int_equal(cert_decode(data, size, &cert), -EBADMSG);
    put_time(data + AT_NOT_AFTER, UINT64_MAX);
    assert_int_equal(cert_decode(data, size, &cert), -EBADMSG);

    put_time(data + AT_NOT_AFTER, 5);
    put_time(data + AT_NOT_BEFORE, 5);
    assert_int_equal(cert_decode(data, size, &cert), 0);
    put_time(data + AT_NOT_BEFORE, 6);
    assert_int_equal(cert_decode(data, size, &cert), -EBADMSG);
}

static void test_a_name_may_fill_its_field(void **state)
{
    (void)state;
    struct cert_office office;
    struct cert cert;
    uint8_t data[CERT_SIZE_MAX];
    cert_office_init(&office);
    memset(office.chain[0].name, 'n', CERT_NAME_MAX);

    const size_t size = encode(&office.chain[0], data);

    assert_int_equal(cert_decode(data, size, &cert), 0);
    assert_int_equal(strlen(cert.name), CERT_NAME_MAX);
}

static void test_eight_scopes_are_taken_and_nine_refused(void **state)
{
    (void)state;
    struct cert_office office;
    struct cert cert;
    uint8_t data[CERT_SIZE_MAX + CERT_SCOPE_SIZE] = {0};
    char name[] = "owner0";
    cert_office_init(&office);
    office.chain[0].scope_count = 0;
    for (; office.chain[0].scope_count < CERT_SCOPES_MAX; name[5]++)
        cert_office_add(&office.chain[0], name);
    const struct cert_scope ninth = cert_office_scope("ninth");
    const size_t size = encode(&office.chain[0], data);

    assert_int_equal(cert_add_scope(&office.chain[0], &ninth), -ENOSPC);
    assert_int_equal(cert_add_scope(&office.chain[0], &office.chain[0].scopes[3]), 0);
    assert_int_equal(office.chain[0].scope_count, CERT_SCOPES_MAX);
    assert_int_equal(size, CERT_SIZE_MAX);
    assert_int_equal(cert_decode(data, size, &cert), 0);
    /* A ninth that is in order, so that nothing but the number is wrong. */
    memset(data + AT_SCOPES + CERT_SCOPES_MAX * CERT_SCOPE_SIZE, UINT8_MAX,
           CERT_SCOPE_SIZE + SIGN_SIZE);
    data[AT_SCOPE_COUNT]++;
    assert_int_equal(cert_decode(data, sizeof data, &cert), -EBADMSG);
}

static void test_scopes_out_of_order_twice_or_of_nobody_are_refused(void **state)
{
    (void)state;
    struct cert_office office;
    struct cert cert;
    uint8_t data[CERT_SIZE_MAX];
    cert_office_init(&office);
    struct cert *bent = &office.chain[0];
    const struct cert_scope first = bent->scopes[0], second = bent->scopes[1];

    bent->scopes[0] = second;
    bent->scopes[1] = first;
    assert_int_equal(cert_decode(data, encode(bent, data), &cert), -EBADMSG);
    bent->scopes[0] = first;
    assert_int_equal(cert_decode(data, encode(bent, data), &cert), -EBADMSG);
    memset(bent->scopes[0].owner, 0, sizeof first.owner);
    assert_int_equal(cert_decode(data, encode(bent, data), &cert), -EBADMSG);
    *bent = (struct cert){.type = CERT_NODE, .flags = CERT_FLAG_ALL, .scope_count = 1};
    bent->scopes[0] = first;
    assert_int_equal(cert_decode(data, encode(bent, data), &cert), -EBADMSG);
}

static void test_scopes_are_of_names_that_github_could_have_in_any_case(void **state)
{
    (void)state;
    struct cert_scope scope, same;
    char text[CERT_REPOSITORY_NAME_MAX + 4] = "o/";
    static const char *const bad[] = {"",    "/",    "a/", "/b",      "a/b/c",
                                      "a b", "a/..", "..", "\xc3\xa9"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(cert_scope_parse(slice_of(bad[i]), &scope), -EINVAL);
    assert_int_equal(cert_scope_parse(slice_of("Octo-Cat/Hello.World"), &scope), 0);
    assert_int_equal(cert_scope_parse(slice_of("octo-cat/hello.world"), &same), 0);
    assert_memory_equal(&scope, &same, sizeof scope);

    memset(text + 2, 'r', CERT_REPOSITORY_NAME_MAX + 1);
    assert_int_equal(cert_scope_parse(slice_of(text), &scope), -EINVAL);
    text[2 + CERT_REPOSITORY_NAME_MAX] = '\0';
    assert_int_equal(cert_scope_parse(slice_of(text), &scope), 0);
    assert_int_equal(cert_scope_parse((struct slice){text + 2, CERT_OWNER_NAME_MAX}, &scope), 0);
    assert_int_equal(cert_scope_parse((struct slice){text + 2, CERT_OWNER_NAME_MAX + 1}, &scope),
                     -EINVAL);
}

static void test_an_owner_covers_its_repositories_and_not_the_reverse(void **state)
{
    (void)state;
    const struct cert_scope owner = cert_office_scope("octocat");
    const struct cert_scope one = cert_office_scope("octocat/hello");
    const struct cert_scope two = cert_office_scope("octocat/other");
    const struct cert_scope stranger = cert_office_scope("acme/hello");

    assert_true(cert_scope_is_within(&one, &owner));
    assert_true(cert_scope_is_within(&one, &one));
    assert_true(cert_scope_is_within(&owner, &owner));
    assert_false(cert_scope_is_within(&owner, &one));
    assert_false(cert_scope_is_within(&two, &one));
    assert_false(cert_scope_is_within(&stranger, &owner));
}

static void test_each_verdict_has_a_name_and_a_text(void **state)
{
    (void)state;
    for (int i = 0; i < CERT_VERDICTS; i++) {
        assert_true(strlen(cert_verdict_name((enum cert_verdict)i)) > 0);
        assert_true(strlen(cert_verdict_text((enum cert_verdict)i)) > 0);
    }
    assert_int_equal(CERT_VERDICT_valid, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_certificate_reads_back_as_it_was_written),
        cmocka_unit_test(test_every_length_but_the_right_one_is_refused),
        cmocka_unit_test(test_each_field_is_taken_at_its_limit_and_refused_beyond),
        cmocka_unit_test(test_times_are_taken_up_to_the_year_9999_and_in_order),
        cmocka_unit_test(test_a_name_may_fill_its_field),
        cmocka_unit_test(test_eight_scopes_are_taken_and_nine_refused),
        cmocka_unit_test(test_scopes_out_of_order_twice_or_of_nobody_are_refused),
        cmocka_unit_test(test_scopes_are_of_names_that_github_could_have_in_any_case),
        cmocka_unit_test(test_an_owner_covers_its_repositories_and_not_the_reverse),
        cmocka_unit_test(test_each_verdict_has_a_name_and_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
