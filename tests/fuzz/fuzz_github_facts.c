/* Facts out of hostile bodies: nothing crashes, and what is told is well-formed. */
#include "fuzz.h"

#include "base/check.h"
#include "github/facts.h"
#include "github/limits.h"

static void check_repository(const struct github_facts_repository *repository)
{
    struct slice name = repository->full_name;
    const struct slice owner = slice_next(&name, '/');
    CHECK(owner.size > 0 && owner.size <= GITHUB_NAME_MAX);
    CHECK(name.size > 0 && name.size <= GITHUB_NAME_MAX);
    for (size_t i = 0; i < name.size; i++)
        CHECK(name.data[i] > ' ' && name.data[i] != '/' && name.data[i] != '"');
    CHECK(repository->id < UINT64_C(1) << 53);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice body = {.data = (const char *)data, .size = size};
    struct github_facts_repository found[GITHUB_FACTS_REPOSITORIES_MAX];
    struct github_facts *facts = github_facts_read(body);
    if (!facts)
        return 0;
    const size_t count = github_facts_repositories(facts, found, GITHUB_FACTS_REPOSITORIES_MAX);
    CHECK(count <= GITHUB_FACTS_REPOSITORIES_MAX);
    for (size_t i = 0; i < count; i++)
        check_repository(&found[i]);
    CHECK(github_facts_items(facts) >= -1 && github_facts_items(facts) <= (int64_t)size);
    CHECK(github_facts_items(facts) == -1 || !github_facts_is_completed(facts));
    github_facts_destroy(&facts);
    return 0;
}
