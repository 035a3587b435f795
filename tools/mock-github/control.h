/* The mock's own paths, /_...: what it counted, and what it shall do. Not counted, not delayed. */
#ifndef MOCK_CONTROL_H
#define MOCK_CONTROL_H

#include "route.h"

/* False when the path is not one of them. */
bool mock_control_serve(struct mock_call *call);

#endif
