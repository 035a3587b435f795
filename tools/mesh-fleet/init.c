/* The first command of a fleet. */
#include "tools/mesh-fleet/init.h"

#include <time.h>

#include "tools/mesh-fleet/authority.h"
#include "tools/mesh-fleet/describe.h"

int init_run(const struct order *order)
{
    struct authority authority;
    int exit_code = EXIT_CONFIG;
    if (authority_make(&authority, order->dir, (int64_t)time(NULL)) == 0) {
        char id[DESCRIBE_ID_SIZE];
        describe_key(authority.root.public_key, id);
        printf("fleet %s made in %s; keep a copy of authority.key in a safe place\n", id,
               order->dir);
        exit_code = EXIT_FINE;
    }
    authority_done(&authority);
    return exit_code;
}
