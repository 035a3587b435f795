/* A request's head, checked: what is ambiguous or malformed is refused before anybody acts on it.
 * libmicrohttpd's strictest setting still lets much of it pass. */
#ifndef NODE_HTTP_REQUEST_H
#define NODE_HTTP_REQUEST_H

#include "base/check.h"
#include "node/http_exchange.h"

struct node_http_refusal {
    int status; /* 0: the request is fine */
    const char *message, *detail;
};

/* Reads fields, host, base and body length into the exchange. */
struct node_http_refusal node_http_request_read(struct node_http_exchange *exchange,
                                                const char *method);

/* Whether names, a comma-separated list, has an element that occurs in text, without case. */
bool node_http_request_is_named(struct slice text, const char *names);

#endif
