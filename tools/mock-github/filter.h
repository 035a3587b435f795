/* Which elements of a list a request asks for, by its parameters and by what the caller may see. */
#ifndef MOCK_FILTER_H
#define MOCK_FILTER_H

#include "route.h"

bool mock_filter_accepts(const struct mock_call *call, const struct mock_item *item);

#endif
