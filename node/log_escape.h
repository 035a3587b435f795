/* Makes any bytes harmless as a value in a log line. */
#ifndef NODE_LOG_ESCAPE_H
#define NODE_LOG_ESCAPE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/slice.h"

/* Writes text bare where that is unambiguous and a value is not JSON, else in quotes. Control
 * characters (C0, DEL, C1, line and paragraph separators, direction marks) become \uXXXX, bytes
 * that are no UTF-8 \ufffd; "##[", which a CI runner obeys anywhere in a line, loses its first #.
 */
void node_log_escape_put(struct slice text, bool json, struct bytes_out *out);

#endif
