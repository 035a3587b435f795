/* GraphQL connections: which elements of a list the arguments ask for, and which part of them. */
#ifndef MOCK_CONNECTION_H
#define MOCK_CONNECTION_H

#include <cjson/cJSON.h>

#include "item.h"

/* Elements from begin up to end, of total; cursors are these numbers. */
struct mock_window {
    size_t begin, end, total;
};

/* What the arguments first and after choose. */
struct mock_window mock_connection_window(const cJSON *arguments, size_t total);

/* pageInfo, fields in snake case as all of REST's; for the caller to delete. */
cJSON *mock_connection_page_info(struct mock_window window);

/* Whether states, labels and filterBy let the item in. */
bool mock_connection_wants(const cJSON *arguments, const struct mock_item *item);

#endif
