/* Handlers that serve lists and items as they are. */
#ifndef MOCK_SERVE_H
#define MOCK_SERVE_H

#include "route.h"

void mock_serve_list(struct mock_call *call);
void mock_serve_item(struct mock_call *call);

/* The repository itself; the one item of a list such as LANGUAGES. */
void mock_serve_repo(struct mock_call *call);
void mock_serve_single(struct mock_call *call);

/* Lists that only a token has: 401 without one. */
void mock_serve_own_list(struct mock_call *call);
void mock_serve_installation(struct mock_call *call);

/* The item's text as this caller sees it in that place, appended to out. */
void mock_serve_put(const struct mock_call *call, struct mock_item *item, bool is_listed,
                    struct buffer *out);

/* Writes a page of items (count of them, those that belong are chosen already) with its Link;
 * wrapper is the field of the array in an object, or NULL. */
void mock_serve_page(struct mock_call *call, struct mock_item **items, size_t count,
                     const char *wrapper);

/* Sets answer to one item: body, Last-Modified, what it depends on. */
void mock_serve_one(struct mock_call *call, struct mock_item *item);

/* False, with a 401, when nobody is authenticated. */
bool mock_serve_needs_token(struct mock_call *call);

#endif
