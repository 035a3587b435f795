/* Which fields of a message go on, in either direction. */
#ifndef GITHUB_FORWARD_H
#define GITHUB_FORWARD_H

#include "base/check.h"
#include "github/headers.h"
#include "github/question.h"

/* The fields of a request that is cached: the folded Accept, the client's credential and API
 * version, nothing else, so that every client's request is the same one to GitHub. -ENOMEM,
 * -EMSGSIZE. */
int github_forward_canonical(const struct github_question *question,
                             struct github_headers *ret_headers) MUST_CHECK;

/* The fields of a request that is handed through: all but hop-by-hop ones (RFC 9110, 7.6.1), those
 * that libcurl makes anew, and those that are meant for a cache on the way. */
int github_forward_request(const struct github_question *question,
                           struct github_headers *ret_headers) MUST_CHECK;

/* Adds the fields of GitHub's answer that go to the client as they are, hop-by-hop ones and those
 * about length left out; Link and Location moved to the client's base. */
int github_forward_response(const struct github_question *question, const char *upstream,
                            const struct github_headers *response,
                            struct github_headers *ret_headers) MUST_CHECK;

/* Adds one field; the addresses of Link and Location are moved to the client's base. */
int github_forward_field(const struct github_question *question, const char *upstream,
                         const struct github_header *field,
                         struct github_headers *ret_headers) MUST_CHECK;

/* Adds those fields of GitHub's answer that belong to this one exchange and are no entry's: request
 * id, scopes of the token and the like. */
int github_forward_own(const struct github_headers *response,
                       struct github_headers *ret_headers) MUST_CHECK;

#endif
