/* From a request to its answer: who asks, may they still, what is it, has it changed, what does it
 * cost. Sends nothing. */
#ifndef MOCK_REPLY_H
#define MOCK_REPLY_H

#include "answer.h"
#include "fault.h"
#include "mock.h"
#include "request.h"

/* Makes the answer, counts and logs the request. *ret_fault (NULL without one) is the caller's to
 * give back; *ret_delay_ms is how long the answer is to be held back. */
void mock_reply_make(struct mock *mock, const struct mock_request *request,
                     struct mock_answer *answer, struct mock_fault **ret_fault,
                     int64_t *ret_delay_ms);

/* The answer to what is no request that GitHub would read; counted and logged as well. */
void mock_reply_refuse(struct mock *mock, const struct mock_request *request,
                       struct mock_answer *answer, unsigned status, const char *message);

/* A mock_history_render: the body for a token that may read everything. */
bool mock_reply_render(void *cls, const char *target, struct buffer *ret_body,
                       struct mock_state **ret_state);

#endif
