/* From a path to what it names: the row of routes.def, the repository (by name or numeric id,
 * renamed ones redirect), the list or item, all as far as the caller may see them. */
#ifndef MOCK_ROUTE_H
#define MOCK_ROUTE_H

#include "answer.h"
#include "media.h"
#include "mock.h"
#include "request.h"

struct mock_call;

struct mock_route {
    const char *method, *pattern;
    void (*handler)(struct mock_call *call);
    enum mock_kind kind, parent;
};

/* One request on its way to an answer. All but the fields of the answer is borrowed. */
struct mock_call {
    struct mock *mock;
    const struct mock_request *request;
    const struct mock_token *token; /* NULL: anonymous */
    struct mock_answer *answer;
    enum mock_media media;
    bool is_2026;
    char base[MOCK_TEXT_MAX]; /* scheme and host of Link and Location */

    const struct mock_route *route;
    const char *segments[MOCK_SEGMENTS_MAX + 1]; /* of the path, ids replaced by names */
    size_t segment_count;
    bool is_numbered; /* the path names its repository or account by id */
    const char *key, *parent;
    char rest[MOCK_TEXT_MAX];
    struct mock_item *repo, *owner, *item; /* NULL where the route has none */
    struct mock_list *list;
};

/* Prepares a call; what it finds is empty still. */
void mock_route_init(struct mock_call *call, struct mock *mock, const struct mock_request *request,
                     struct mock_answer *answer);

/* Finds everything up to the item. False when the answer is made already: 301, 404, 410. */
bool mock_route_find(struct mock_call *call, const char *method);

/* The path of the request as GitHub writes it into Link and Location, with numeric ids; for the
 * caller to free, NULL when memory is short. */
char *mock_route_canonical(const struct mock_call *call);

#endif
