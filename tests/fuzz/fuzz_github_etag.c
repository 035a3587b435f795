/* Validators of clients and of GitHub: two fields, split at the first zero byte. */
#include "fuzz.h"

#include <string.h>

#include "base/check.h"
#include "github/etag.h"

/* What parses comes out again, but for weakness and blanks around it, and matches itself. */
static void check_parsed(struct slice field)
{
    uint8_t etag[GITHUB_ETAG_SIZE], again[GITHUB_ETAG_SIZE];
    char text[GITHUB_ETAG_TEXT_SIZE];
    if (github_etag_parse(field, etag) != 0)
        return;
    github_etag_format(etag, text);
    CHECK(slice_ends_with(slice_trim(field), slice_of(text)));
    CHECK(github_etag_parse(slice_of(text), again) == 0);
    CHECK(memcmp(etag, again, sizeof etag) == 0);
    CHECK(github_etag_matches(field, slice_of(text)));
    CHECK(github_etag_matches(slice_of(text), field));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = {.data = (const char *)data, .size = size};
    const struct slice first = slice_next(&rest, '\0');
    const unsigned vary = github_etag_vary(first);
    CHECK((vary & ~(unsigned)(GITHUB_VARY_ALL | GITHUB_VARY_UNKNOWN_FIELD)) == 0);
    check_parsed(first);
    check_parsed(rest);
    if (github_etag_matches(first, rest))
        CHECK(slice_contains_nocase(first, slice_of("*")) ||
              slice_contains_nocase(first, slice_of("\"")));
    return 0;
}
