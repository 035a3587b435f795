/* GitHub's ETag: SHA-256 over the request fields that Vary names (Accept, Authorization, Cookie, in
 * this order, each value followed by ':') and the identity-coded body. So the ETag of any body for
 * any token can be computed; a 304 to it proves that this token may read this body now. An ETag
 * made with a token is as secret as the token: it is never stored, logged or sent to anyone but
 * GitHub and the client who brought the token. */
#ifndef GITHUB_ETAG_H
#define GITHUB_ETAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"
#include "github/limits.h"

enum github_vary {
    GITHUB_VARY_ACCEPT = 1 << 0,
    GITHUB_VARY_AUTHORIZATION = 1 << 1,
    GITHUB_VARY_COOKIE = 1 << 2,
    GITHUB_VARY_ALL = 7,
    GITHUB_VARY_UNKNOWN_FIELD = 1 << 3, /* a field beyond those that the key or we account for */
};

enum { GITHUB_ETAG_TEXT_SIZE = 2 * GITHUB_ETAG_SIZE + 3 }; /* quotes and zero byte included */

/* The mask for a Vary value: all three for an absent value or "*" (with the unknown bit for "*").
 * X-GitHub-OTP, Accept-Encoding and X-Requested-With are known and harmless; any other field
 * sets GITHUB_VARY_UNKNOWN_FIELD. */
unsigned github_etag_vary(struct slice vary);

struct github_etag_request {
    struct slice accept, authorization; /* as sent; data NULL when absent: nothing is hashed */
    unsigned vary;                      /* of the stored response */
};

void github_etag_compute(const struct github_etag_request *request, struct slice body,
                         uint8_t ret[static GITHUB_ETAG_SIZE]);

/* The 32 bytes of an ETag field ("hex", W/"hex"); -EBADMSG when it is of another form. */
int github_etag_parse(struct slice field, uint8_t ret[static GITHUB_ETAG_SIZE]) MUST_CHECK;

/* "\"<hex>\"", terminated. */
void github_etag_format(const uint8_t etag[static GITHUB_ETAG_SIZE],
                        char ret[static GITHUB_ETAG_TEXT_SIZE]);

/* Whether a client's If-None-Match matches the ETag: weak comparison (RFC 9110, 13.1.2), lists and
 * "*" included. etag is the field's text. */
bool github_etag_matches(struct slice if_none_match, struct slice etag);

#endif
