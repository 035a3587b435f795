/* The ETag recipe, against values computed apart from it; the comparison of validators. */
#include "github/etag.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ACCEPT "application/vnd.github+json"
#define TOKEN "token ghp_0123456789abcdef"
#define BODY "{\"id\":1,\"name\":\"mesh\"}"
#define HEX "be696677894841c11bd86a7b31ccf38473083227657f6475d6b9770833368ac9"
#define NO_AUTHORIZATION "\"46a8bbe5e2976f8a9fc96d6b504aba0d2e9f719a4d0370992eeb6aa4f2784c52\""
#define BODY_ONLY "\"c55ee1cd76e91ef1792908e8169971585366c70417fa34b15ecf0a3b5f29ef40\""
#define NO_ACCEPT "\"276b19fd19a10cd64d4b6ebc759302da74134580b4a28bf5e35566a70d489181\""

static const struct vector {
    const char *accept, *authorization, *body; /* NULL: absent */
    unsigned vary;
    const char *etag;
} vectors[] = {
    {ACCEPT, TOKEN, BODY, GITHUB_VARY_ALL, "\"" HEX "\""},
    {ACCEPT, TOKEN, BODY, GITHUB_VARY_ACCEPT | GITHUB_VARY_AUTHORIZATION, "\"" HEX "\""},
    {NULL, TOKEN, BODY, GITHUB_VARY_ALL, NO_ACCEPT},
    {ACCEPT, NULL, BODY, GITHUB_VARY_ALL, NO_AUTHORIZATION},
    {NULL, NULL, BODY, GITHUB_VARY_ALL, BODY_ONLY},
    {ACCEPT, TOKEN, BODY, GITHUB_VARY_AUTHORIZATION, NO_ACCEPT},
    {ACCEPT, TOKEN, BODY, GITHUB_VARY_ACCEPT, NO_AUTHORIZATION},
    {ACCEPT, TOKEN, BODY, GITHUB_VARY_COOKIE, BODY_ONLY},
    {ACCEPT, TOKEN, BODY, 0, BODY_ONLY},
    {"", TOKEN, BODY, GITHUB_VARY_ALL,
     "\"16ce43d0ee1de312f251f6060e5dd832dc7db70d58975067de33fd75257357d6\""},
    {ACCEPT, "Bearer ghp_0123456789abcdef", BODY, GITHUB_VARY_ALL,
     "\"45e9c2aaa842fc18ce7778d64aace710bb75513b617fd35ce0c892afe2055ba7\""},
    {ACCEPT, TOKEN, "[]", GITHUB_VARY_ALL,
     "\"3025025e478b4a43b8edc01ce69b246d92b9f2a8e5cbd6df03414cc0f8228383\""},
    {ACCEPT, TOKEN, "", GITHUB_VARY_ALL,
     "\"2509e93c6509d9674bdc1e0fdbdc9b45d4b40d6091af4feb7e0ceecc391d03e6\""},
};

static void test_the_recipe_gives_the_known_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct github_etag_request request = {
            .accept = slice_of(vectors[i].accept),
            .authorization = slice_of(vectors[i].authorization),
            .vary = vectors[i].vary,
        };
        uint8_t etag[GITHUB_ETAG_SIZE];
        char text[GITHUB_ETAG_TEXT_SIZE];

        github_etag_compute(&request, slice_of(vectors[i].body), etag);
        github_etag_format(etag, text);

        assert_string_equal(text, vectors[i].etag);
    }
}

static void test_vary_names_what_is_hashed(void **state)
{
    (void)state;
    static const struct {
        const char *vary;
        unsigned mask;
    } cases[] = {
        {NULL, GITHUB_VARY_ALL},
        {"", GITHUB_VARY_ALL},
        {" \t", GITHUB_VARY_ALL},
        {"*", GITHUB_VARY_ALL | GITHUB_VARY_UNKNOWN_FIELD},
        {"Accept, *", GITHUB_VARY_ALL | GITHUB_VARY_UNKNOWN_FIELD},
        {"Accept", GITHUB_VARY_ACCEPT},
        {"authorization", GITHUB_VARY_AUTHORIZATION},
        {"Accept, Authorization, Cookie, X-GitHub-OTP", GITHUB_VARY_ALL},
        {"Accept,Authorization,Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With",
         GITHUB_VARY_ALL},
        {"Accept-Encoding", 0},
        {"X-GitHub-Api-Version, Accept", GITHUB_VARY_ACCEPT},
        {",, Accept ,", GITHUB_VARY_ACCEPT},
        {"Accept, Origin", GITHUB_VARY_ACCEPT | GITHUB_VARY_UNKNOWN_FIELD},
        {"Accept Authorization", GITHUB_VARY_UNKNOWN_FIELD},
        {"Accep", GITHUB_VARY_UNKNOWN_FIELD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(github_etag_vary(slice_of(cases[i].vary)), cases[i].mask);
}

static void test_strong_and_weak_spellings_parse_alike(void **state)
{
    (void)state;
    static const char *const fields[] = {"\"" HEX "\"", "W/\"" HEX "\"", " \"" HEX "\"\t"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        uint8_t etag[GITHUB_ETAG_SIZE];
        char text[GITHUB_ETAG_TEXT_SIZE];

        assert_int_equal(github_etag_parse(slice_of(fields[i]), etag), 0);
        github_etag_format(etag, text);

        assert_string_equal(text, "\"" HEX "\"");
    }
}

static void test_other_forms_are_not_parsed(void **state)
{
    (void)state;
    static const char *const fields[] = {
        NULL,
        "",
        "\"\"",
        HEX,
        "\"" HEX,
        HEX "\"",
        "\"" HEX "0\"",
        "w/\"" HEX "\"",
        "W/W/\"" HEX "\"",
        "W/ \"" HEX "\"",
        "\"" HEX "\",\"" HEX "\"",
        "\"Be696677894841c11bd86a7b31ccf38473083227657f6475d6b9770833368ac9\"",
        "\"ge696677894841c11bd86a7b31ccf38473083227657f6475d6b9770833368ac9\"",
        "\"e696677894841c11bd86a7b31ccf38473083227657f6475d6b9770833368ac9\"",
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        uint8_t etag[GITHUB_ETAG_SIZE] = {0x5a};

        assert_int_equal(github_etag_parse(slice_of(fields[i]), etag), -EBADMSG);
        assert_int_equal(etag[0], 0x5a);
    }
}

static void test_conditions_match_weakly(void **state)
{
    (void)state;
    static const struct {
        const char *if_none_match, *etag;
        bool matches;
    } cases[] = {
        {"\"a\"", "\"a\"", true},
        {"W/\"a\"", "\"a\"", true},
        {"\"a\"", "W/\"a\"", true},
        {"*", "\"a\"", true},
        {" * ", "\"a\"", true},
        {"\"b\", \"a\"", "\"a\"", true},
        {"\"b\",W/\"a\"", "\"a\"", true},
        {",, \"b\" ,\t\"a\",", "\"a\"", true},
        {"\"x,\\\", \"a\"", "\"a\"", true}, /* a tag may hold commas, and knows no escapes */
        {"\"b\"", "\"a\"", false},
        {"\"A\"", "\"a\"", false},
        {"a", "\"a\"", false}, /* quotes belong to the tag */
        {"a", "a", false},
        {"\"a", "\"a", false},
        {"\"a\"b", "\"a\"", false},
        {"garbage, \"a\"", "\"a\"", false},
        {"\"*\"", "\"a\"", false},
        {"*, \"b\"", "\"a\"", false},
        {"w/\"a\"", "\"a\"", false},
        {"", "\"a\"", false},
        {NULL, "\"a\"", false},
        {"\"a\"", "", false},
        {"\"a\"", NULL, false},
        {"W/", "\"a\"", false},
        {"\"", "\"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(
            github_etag_matches(slice_of(cases[i].if_none_match), slice_of(cases[i].etag)),
            cases[i].matches);
}

static void test_a_zero_byte_does_not_end_a_list(void **state)
{
    (void)state;
    const struct slice list = {.data = "\"b\"\0\"a\"", .size = 7};

    assert_false(github_etag_matches(list, slice_of("\"a\"")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_recipe_gives_the_known_values),
        cmocka_unit_test(test_vary_names_what_is_hashed),
        cmocka_unit_test(test_strong_and_weak_spellings_parse_alike),
        cmocka_unit_test(test_other_forms_are_not_parsed),
        cmocka_unit_test(test_conditions_match_weakly),
        cmocka_unit_test(test_a_zero_byte_does_not_end_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
