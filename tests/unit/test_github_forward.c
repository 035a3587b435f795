/* Which fields go on, in either direction, and which never do. */
#include "github/forward.h"

#include "github_asked.h"

static const char upstream[] = "https://api.github.com";

/* The fields of a list as text, in order, one a line. */
static const char *text_of(const struct github_headers *headers)
{
    static char text[4096];
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < headers->count; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%.*s: %.*s\n",
                               (int)headers->list[i].name.size, headers->list[i].name.data,
                               (int)headers->list[i].value.size, headers->list[i].value.data);
    return text;
}

static void test_a_cached_request_carries_what_its_key_says_and_nothing_else(void **state)
{
    struct asked asked;
    struct github_headers headers;
    const struct asker_request request = {
        .target = "/user",
        .token = "alice",
        .fields = "Accept: */*\nUser-Agent: gh\nIf-None-Match: \"x\"\nX-Other: y\n"
                  "X-GitHub-Api-Version: 2022-11-28\nAccept-Language: de"};
    github_headers_init(&headers);
    asked_init(&asked, *state, &request);

    assert_int_equal(github_forward_canonical(&asked.question, &headers), 0);

    assert_string_equal(text_of(&headers), "Accept: application/vnd.github+json\n"
                                           "Authorization: Bearer alice\n"
                                           "X-GitHub-Api-Version: 2022-11-28\n");
    github_headers_done(&headers);
    asked_done(&asked);
}

static void test_a_request_that_is_handed_through_keeps_all_but_its_hops_fields(void **state)
{
    struct asked asked;
    struct github_headers headers;
    const struct asker_request request = {
        .method = "POST",
        .target = "/repos/o/r/issues",
        .token = "alice",
        .fields = "Host: localhost\nConnection: close, X-Hop\nX-Hop: 1\nKeep-Alive: 5\n"
                  "Proxy-Authorization: secret\nTE: trailers\nTransfer-Encoding: chunked\n"
                  "Content-Length: 2\nExpect: 100-continue\nX-Forwarded-For: 10.0.0.1\n"
                  "Content-Type: application/json\nUser-Agent: gh"};
    github_headers_init(&headers);
    asked_init(&asked, *state, &request);

    assert_int_equal(github_forward_request(&asked.question, &headers), 0);

    assert_string_equal(text_of(&headers), "Authorization: Bearer alice\n"
                                           "Content-Type: application/json\n"
                                           "User-Agent: gh\n");
    github_headers_done(&headers);
    asked_done(&asked);
}

static void expect_response(const struct world *world, const char *base, const char *expected)
{
    struct asked asked;
    struct github_headers response, headers;
    const struct asker_request request = {.target = "/user", .base = base};
    github_headers_init(&response);
    github_headers_init(&headers);
    asked_init(&asked, world, &request);
    add_field(&response, "Link", "<https://api.github.com/user?page=2>; rel=\"next\"");
    add_field(&response, "Location", "https://api.github.com.evil.example/user");
    add_field(&response, "Connection", "X-Hop");
    add_field(&response, "X-Hop", "1");
    add_field(&response, "Content-Length", "2");
    add_field(&response, "X-GitHub-Request-Id", "1:2");

    assert_int_equal(github_forward_response(&asked.question, upstream, &response, &headers), 0);

    assert_string_equal(text_of(&headers), expected);
    github_headers_done(&headers);
    github_headers_done(&response);
    asked_done(&asked);
}

static void test_addresses_of_the_upstream_are_moved_and_no_others(void **state)
{
    expect_response(*state, "http://127.0.0.1:9480",
                    "Link: <http://127.0.0.1:9480/user?page=2>; rel=\"next\"\n"
                    "Location: https://api.github.com.evil.example/user\n"
                    "X-GitHub-Request-Id: 1:2\n");
}

static void test_a_stand_in_may_name_itself_or_the_api_it_stands_in_for(void **state)
{
    struct asked asked;
    struct github_headers headers;
    const struct asker_request request = {.target = "/user", .base = "http://127.0.0.1:9480"};
    const struct github_header own = {.name = slice_of("Location"),
                                      .value = slice_of("http://127.0.0.1:1/user")};
    const struct github_header public = {.name = slice_of("Location"),
                                         .value = slice_of("https://api.github.com/user")};
    github_headers_init(&headers);
    asked_init(&asked, *state, &request);

    assert_int_equal(github_forward_field(&asked.question, "http://127.0.0.1:1", &own, &headers),
                     0);
    assert_int_equal(github_forward_field(&asked.question, "http://127.0.0.1:1", &public, &headers),
                     0);

    assert_string_equal(text_of(&headers), "Location: http://127.0.0.1:9480/user\n"
                                           "Location: http://127.0.0.1:9480/user\n");
    github_headers_done(&headers);
    asked_done(&asked);
}

static void test_on_the_unix_socket_addresses_stay_as_they_are(void **state)
{
    expect_response(*state, NULL,
                    "Link: <https://api.github.com/user?page=2>; rel=\"next\"\n"
                    "Location: https://api.github.com.evil.example/user\n"
                    "X-GitHub-Request-Id: 1:2\n");
}

static void test_an_address_that_grows_over_the_limit_is_an_error(void **state)
{
    struct asked asked;
    struct github_headers headers;
    static char value[GITHUB_HEADER_VALUE_MAX + 1];
    const struct github_header field = {.name = slice_of("Location"),
                                        .value = {.data = value, .size = GITHUB_HEADER_VALUE_MAX}};
    const struct asker_request request = {.target = "/user",
                                          .base = "http://a.rather.long.name.internal:9480"};
    memset(value, 'x', GITHUB_HEADER_VALUE_MAX);
    memcpy(value, "https://api.github.com/", strlen("https://api.github.com/"));
    github_headers_init(&headers);
    asked_init(&asked, *state, &request);

    assert_int_equal(github_forward_field(&asked.question, upstream, &field, &headers), -EMSGSIZE);

    assert_int_equal(headers.count, 0);
    asked_done(&asked);
}

static void test_an_exchanges_own_fields_are_those_of_no_entry(void **state)
{
    struct github_headers response, headers;
    (void)state;
    github_headers_init(&response);
    github_headers_init(&headers);
    add_field(&response, "X-GitHub-Request-Id", "1:2");
    add_field(&response, "X-OAuth-Scopes", "repo");
    add_field(&response, "Content-Type", "application/json");
    add_field(&response, "ETag", "\"x\"");
    add_field(&response, "x-ratelimit-remaining", "1");
    add_field(&response, "Content-Encoding", "gzip");
    add_field(&response, "Age", "1");

    assert_int_equal(github_forward_own(&response, &headers), 0);

    assert_string_equal(text_of(&headers), "X-GitHub-Request-Id: 1:2\nX-OAuth-Scopes: repo\n");
    github_headers_done(&headers);
    github_headers_done(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_a_cached_request_carries_what_its_key_says_and_nothing_else),
        WORLD_TEST(test_a_request_that_is_handed_through_keeps_all_but_its_hops_fields),
        WORLD_TEST(test_addresses_of_the_upstream_are_moved_and_no_others),
        WORLD_TEST(test_a_stand_in_may_name_itself_or_the_api_it_stands_in_for),
        WORLD_TEST(test_on_the_unix_socket_addresses_stay_as_they_are),
        WORLD_TEST(test_an_address_that_grows_over_the_limit_is_an_error),
        cmocka_unit_test(test_an_exchanges_own_fields_are_those_of_no_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
