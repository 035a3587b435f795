/* Recorded answers: DIR/<path>.json is the body of GET /<path>, byte for byte. */
#ifndef MOCK_FIXTURE_H
#define MOCK_FIXTURE_H

#include "route.h"

/* False when there is no recorded answer. */
bool mock_fixture_serve(struct mock_call *call);

#endif
