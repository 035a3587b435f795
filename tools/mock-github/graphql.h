/* POST /graphql: the queries of common clients, answered from the same items as REST. */
#ifndef MOCK_GRAPHQL_H
#define MOCK_GRAPHQL_H

#include "route.h"

void mock_graphql_answer(struct mock_call *call);

#endif
