/* Members learn the new packet key from each other; tokens that were handed out carry the old. */
#include "tools/mesh-fleet/rotate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/ed25519.h"
#include "tools/mesh-fleet/authority.h"
#include "tools/mesh-fleet/describe.h"
#include "tools/mesh-fleet/issued.h"

static void print_stale(const struct cert *cert)
{
    char id[DESCRIBE_ID_SIZE], until[DESCRIBE_TIME_SIZE], roles[DESCRIBE_ROLES_SIZE];
    describe_key(cert->public_key, id);
    describe_time(cert->not_after_s, until);
    describe_roles(cert->roles, roles);
    printf("issue again: %s  %s  scopes %d  expires %s\n", id, roles, cert->scope_count, until);
}

static int list_stale(const struct authority *authority, int64_t now_s)
{
    const struct cert_trust trust = fleet_state_trust(&authority->state, ed25519_functions());
    struct cert *certs = NULL;
    size_t count = 0;
    int r = issued_list(authority->folder, now_s, &certs, &count);
    if (r < 0) {
        fprintf(stderr,
                "mesh-fleet: %s/issued: %s; the key is changed, but which tokens to issue again "
                "can't be told: make the folder readable for you\n",
                authority->dir, strerror(-r));
        return EXIT_PROBLEM;
    }
    for (size_t i = 0; i < count; i++)
        if (cert_chain_verify_delegate(&trust, &certs[i], now_s) == CERT_VERDICT_valid)
            print_stale(&certs[i]);
    free(certs);
    return EXIT_FINE;
}

static int rotate(struct authority *authority, int64_t now_s)
{
    if (authority->state.packet_key_number == UINT32_MAX) {
        fprintf(stderr, "mesh-fleet: rotate: no number is left; make a new fleet\n");
        return EXIT_PROBLEM;
    }
    authority->state.packet_key_number++;
    if (authority_save_state(authority, now_s) < 0)
        return EXIT_PROBLEM;
    printf("packet key %" PRIu32 " from version %" PRIu64 " of fleet.state on\n",
           authority->state.packet_key_number, authority->state.version);
    return list_stale(authority, now_s);
}

int rotate_run(const struct order *order)
{
    struct authority authority;
    int exit_code = EXIT_CONFIG;
    if (authority_open(&authority, order->dir) == 0)
        exit_code = rotate(&authority, (int64_t)time(NULL));
    authority_done(&authority);
    return exit_code;
}
