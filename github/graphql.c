/* A scan for one word in a stream of bytes. */
#include "github/graphql.h"

#include <string.h>

static const char word[] = "mutation";

void github_graphql_scan(struct github_graphql *self, const void *data, size_t size)
{
    const char *bytes = data;
    for (size_t i = 0; i < size && !self->is_suspect; i++) {
        const char c = bytes[i];
        /* No letter of the word occurs twice in a way that a partial match could hide a new
         * beginning, but for its first one. */
        if (c == word[self->matched])
            self->matched++;
        else
            self->matched = c == word[0] ? 1 : 0;
        if (self->matched == strlen(word) || (self->is_escaped && c == 'u'))
            self->is_suspect = true;
        self->is_escaped = c == '\\' && !self->is_escaped;
    }
}
