/* Pagination: which part of a list is asked for, and the Link field. */
#ifndef MOCK_PAGE_H
#define MOCK_PAGE_H

#include "answer.h"
#include "base/slice.h"
#include "request.h"

struct mock_page {
    size_t number; /* from 1 */
    size_t size;
    size_t first, end; /* elements on it, of total */
    size_t total;
};

struct mock_page mock_page_of(const struct mock_request *request, size_t total);

/* Puts Link with prev, next, last and first as far as they exist. base is scheme and host, path the
 * canonical one (numeric ids); other parameters of the query stay as they are. */
void mock_page_link(const struct mock_page *self, const struct mock_request *request,
                    const char *base, const char *path, struct mock_answer *answer);

#endif
