/* The scan for mutations: the same verdict in whatever pieces a body comes, and never a mutation
 * that is not seen. */
#include "fuzz.h"

#include <string.h>

#include "base/check.h"
#include "github/graphql.h"

static bool scan(const uint8_t *data, size_t size, size_t piece)
{
    struct github_graphql state = {.is_suspect = false};
    for (size_t at = 0; at < size; at += piece)
        github_graphql_scan(&state, data + at, size - at < piece ? size - at : piece);
    return state.is_suspect;
}

/* The same question, asked the long way. */
static bool is_suspect(const uint8_t *data, size_t size)
{
    static const char word[] = "mutation";
    bool is_escaped = false;
    for (size_t i = 0; i < size; i++) {
        if (size - i >= sizeof word - 1 && memcmp(data + i, word, sizeof word - 1) == 0)
            return true;
        if (is_escaped && data[i] == 'u')
            return true;
        is_escaped = data[i] == '\\' && !is_escaped;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bool expected = is_suspect(data, size);
    CHECK(scan(data, size, size + 1) == expected);
    CHECK(scan(data, size, 1) == expected);
    CHECK(scan(data, size, 3) == expected);
    return 0;
}
