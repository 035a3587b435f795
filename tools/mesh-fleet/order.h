/* What the user asks of mesh-fleet, and how it answers to the shell. */
#ifndef FLEET_ORDER_H
#define FLEET_ORDER_H

#include <stddef.h>

#include "base/cert.h"

enum {
    EXIT_FINE = 0,
    EXIT_PROBLEM = 1,
    EXIT_USAGE = 64,
    EXIT_CONFIG = 78,
};

/* All texts are borrowed from the command line. */
struct order {
    const char *dir;      /* folder of the fleet */
    const char *argument; /* NULL if the command takes none */
    const char *expires;  /* "30d" */
    const char *roles;    /* "fetch,announce" */
    const char *scopes[CERT_SCOPES_MAX];
    size_t scope_count;
};

#endif
