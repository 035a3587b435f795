/* The header fields that every answer of GitHub's has. */
#ifndef MOCK_HEADERS_H
#define MOCK_HEADERS_H

#include "limit.h"
#include "route.h"

/* Adds them. serial tells requests apart. The quota is NULL where none applies. */
void mock_headers_put(const struct mock_call *call, const struct mock_quota *quota,
                      uint64_t serial);

#endif
