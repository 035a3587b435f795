/* GitHub's ETag: SHA-256 over what the answer's Vary names of the request, then the body. Written
 * apart from the node's own, so that one error can't hide the other. */
#ifndef MOCK_ETAG_H
#define MOCK_ETAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct mock_request;

enum { MOCK_ETAG_SIZE = 72 }; /* room for the quoted form */

/* Writes the strong form, quotes included. Anonymous answers vary by Accept alone. */
void mock_etag_make(const struct mock_request *request, struct slice body,
                    char ret[static MOCK_ETAG_SIZE]);

/* The form of a fault: what a server would send that hashes the body with MD5 size and no more. */
void mock_etag_make_short(struct slice body, char ret[static MOCK_ETAG_SIZE]);

/* Whether an If-None-Match value names the tag, compared weakly (RFC 9110, 8.8.3.2). Entries
 * without quotes do not count, as at GitHub. */
bool mock_etag_matches(struct slice if_none_match, const char *etag);

#endif
