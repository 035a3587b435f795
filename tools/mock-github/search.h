/* Handlers of /search. */
#ifndef MOCK_SEARCH_H
#define MOCK_SEARCH_H

#include "route.h"

void mock_search_issues(struct mock_call *call);
void mock_search_repositories(struct mock_call *call);

#endif
