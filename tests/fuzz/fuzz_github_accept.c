/* Accept: a folded value is clean, terminated, and folds to itself. */
#include "fuzz.h"

#include <string.h>

#include "base/check.h"
#include "github/accept.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice accept = {.data = (const char *)data, .size = size};
    char folded[GITHUB_REPRESENTATION_MAX + 1], again[GITHUB_REPRESENTATION_MAX + 1];
    if (github_accept_fold(accept, folded) < 0)
        return 0;

    const size_t length = strlen(folded);
    CHECK(length > 0 && length <= GITHUB_REPRESENTATION_MAX);
    for (size_t i = 0; i < length; i++)
        CHECK(folded[i] >= ' ' && folded[i] < 0x7f && !(folded[i] >= 'A' && folded[i] <= 'Z'));
    CHECK(github_accept_fold(slice_of(folded), again) == 0);
    CHECK(strcmp(folded, again) == 0);
    return 0;
}
