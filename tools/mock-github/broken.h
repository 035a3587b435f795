/* What a fault does to an answer, where it is an answer still; what it does to a connection is
 * server.c's. All take NULL for no fault. */
#ifndef MOCK_BROKEN_H
#define MOCK_BROKEN_H

#include "fault.h"
#include "limit.h"
#include "route.h"

/* Answers in the place of GitHub; false when this fault does not. */
bool mock_broken_answer(const struct mock_fault *fault, struct mock_call *call,
                        struct mock_quota *quota, bool *ret_limited);

/* Replaces the ETag of a body. */
void mock_broken_etag(const struct mock_fault *fault, struct slice body, char *etag);

/* Adds and replaces header fields. */
void mock_broken_fields(const struct mock_fault *fault, struct mock_answer *answer);

/* Spoils the body after it was hashed. */
void mock_broken_body(const struct mock_fault *fault, struct mock_answer *answer);

/* The bytes of an answer that no HTTP library would send, for the caller to free; NULL when this
 * fault has none. */
char *mock_broken_raw(const struct mock_fault *fault, size_t *ret_size);

#endif
