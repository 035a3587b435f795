/* What happens to a body after it was hashed: pretty-printing for people's user agents, gzip. */
#ifndef MOCK_ENCODE_H
#define MOCK_ENCODE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/check.h"
#include "base/slice.h"

/* Whether GitHub indents JSON for this User-Agent. */
bool mock_encode_wants_pretty(const char *user_agent);

/* Appends JSON text with an indent of two spaces. Text that is no JSON comes out in some way. */
void mock_encode_pretty(struct slice json, struct buffer *out);

/* Whether Accept-Encoding allows gzip. */
bool mock_encode_wants_gzip(const char *accept_encoding);

/* Appends data gzip-coded. -ENOMEM or the buffer's error. */
int mock_encode_gzip(struct slice data, struct buffer *out) MUST_CHECK;

#endif
