/* GraphQL documents: one operation and its fragments, as a tree of selections. Reads, runs nothing.
 */
#ifndef MOCK_QUERY_H
#define MOCK_QUERY_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/check.h"
#include "base/slice.h"
#include "limits.h"

enum { MOCK_QUERY_FRAGMENTS_MAX = 64 };

enum mock_selection_type {
    MOCK_SELECTION_FIELD,
    MOCK_SELECTION_INLINE, /* ... on Type { }: name is the type, empty without one */
    MOCK_SELECTION_SPREAD  /* ...Name */
};

struct mock_selection {
    enum mock_selection_type type;
    struct slice name, alias; /* of the text; alias is the name where none is given */
    cJSON *arguments;         /* variables replaced; NULL without any */
    bool is_skipped;          /* by @skip or @include */
    struct mock_selection *first, *next;
};

struct mock_query {
    struct mock_selection pool[MOCK_GRAPHQL_FIELDS_MAX];
    size_t count;
    struct {
        struct slice name, type;
        struct mock_selection *first;
    } fragments[MOCK_QUERY_FRAGMENTS_MAX];
    size_t fragment_count;
    struct mock_selection *first; /* of the operation */
    bool is_mutation;
    cJSON *variables;
};

/* Reads a document that outlives the query. variables (borrowed) may be NULL. -EINVAL with
 * *ret_near where it went wrong, -ENOMEM. */
int mock_query_new(const char *text, const cJSON *variables, struct mock_query **ret_query,
                   const char **ret_near) MUST_CHECK;
void mock_query_destroy(struct mock_query **self_p);

/* The selections of a fragment, NULL when there is none of that name. */
const struct mock_selection *mock_query_fragment(const struct mock_query *self, struct slice name);

#endif
