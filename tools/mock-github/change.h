/* POST /_change: changes a resource as if somebody had used GitHub. */
#ifndef MOCK_CHANGE_H
#define MOCK_CHANGE_H

#include "route.h"

/* {"path": ...} with one of: nothing (a new version), "set": {fields}, "add": N, "delete": true,
 * "content": text (of a file), and for repositories "rename": name, "visibility": text. */
void mock_change_serve(struct mock_call *call);

#endif
