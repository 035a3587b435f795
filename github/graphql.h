/* Whether a GraphQL request is plainly a query: judged byte by byte as its body passes. */
#ifndef GITHUB_GRAPHQL_H
#define GITHUB_GRAPHQL_H

#include <stdbool.h>
#include <stddef.h>

struct github_graphql {
    size_t matched;  /* letters of the word seen last */
    bool is_escaped; /* the last byte was a backslash */
    bool is_suspect;
};

/* Goes over the next bytes of the body. The word "mutation", or a \u escape that could spell it,
 * anywhere makes the request suspect: it may be a query all the same, which costs revalidations,
 * never a wrong answer. */
void github_graphql_scan(struct github_graphql *self, const void *data, size_t size);

#endif
