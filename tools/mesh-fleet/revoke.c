/* Revokes ids of keys, never single certificates: another certificate of the same key is refused
 * too. */
#include "tools/mesh-fleet/revoke.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"
#include "tools/mesh-fleet/authority.h"
#include "tools/mesh-fleet/describe.h"
#include "tools/mesh-fleet/document.h"
#include "tools/mesh-fleet/issued.h"
#include "tools/mesh-fleet/token.h"

/* Who is to be refused, and from when on it would be anyway. */
struct target {
    uint8_t id[CERT_ID_SIZE];
    int64_t until_s; /* 0: not known */
    uint8_t issuer[CERT_ID_SIZE];
    bool has_issuer;
};

static void target_cert(const struct cert *cert, struct target *ret_target)
{
    cert_key_id(cert->public_key, ret_target->id);
    memcpy(ret_target->issuer, cert->issuer, sizeof ret_target->issuer);
    ret_target->has_issuer = true;
    ret_target->until_s = cert->not_after_s;
}

static int target_document(const char *argument, struct target *ret_target)
{
    struct document document;
    int r = document_read(argument, &document);
    if (r < 0)
        return r;
    if (document.type == DOCUMENT_TOKEN)
        target_cert(&document.token.delegate, ret_target);
    else if (document.type == DOCUMENT_CERT)
        target_cert(&document.cert, ret_target);
    else
        r = -EINVAL;
    document_done(&document);
    if (r < 0)
        fprintf(stderr, "mesh-fleet: %s: a state has no key to revoke; give a token or a key id\n",
                argument);
    return r;
}

static int read_target(const char *argument, struct target *ret_target)
{
    *ret_target = (struct target){0};
    if (hex_decode(slice_of(argument), ret_target->id, CERT_ID_SIZE) == 0)
        return 0;
    return target_document(argument, ret_target);
}

static int refuse(const char *remedy)
{
    fprintf(stderr, "mesh-fleet: revoke: %s\n", remedy);
    return EXIT_PROBLEM;
}

/* A delegate's own end is when all under it ends; of an unknown key only the longest life is sure.
 */
static int64_t end_of(const struct authority *authority, const struct target *target, int64_t now_s)
{
    struct cert issued;
    if (target->until_s > 0)
        return target->until_s;
    if (issued_find(authority->folder, target->id, &issued) == 0)
        return issued.not_after_s;
    return now_s + TOKEN_LIFETIME_MAX_S;
}

static int revoke(struct authority *authority, const struct target *target, int64_t now_s)
{
    uint8_t root[CERT_ID_SIZE];
    char id[DESCRIBE_ID_SIZE], until[DESCRIBE_TIME_SIZE];
    const int64_t until_s = end_of(authority, target, now_s);
    cert_key_id(authority->root.public_key, root);
    if (memcmp(root, target->id, sizeof root) == 0)
        return refuse("this is the authority itself; make a new fleet in another --dir instead");
    if (target->has_issuer && memcmp(root, target->issuer, sizeof root) != 0)
        return refuse("signed by another authority; give the folder of its fleet as --dir, or the "
                      "key id");
    if (until_s < now_s - CERT_SKEW_S)
        return refuse("expired already, so nobody accepts it; nothing to do");
    fleet_state_prune(&authority->state, now_s);
    if (fleet_state_revoke(&authority->state, target->id, until_s) < 0)
        return refuse("the list is full; wait until the first entries expire, or make a new fleet");
    if (authority_save_state(authority, now_s) < 0)
        return EXIT_PROBLEM;
    hex_encode(target->id, CERT_ID_SIZE, id);
    describe_time(until_s, until);
    printf("revoked %s until %s, in version %llu of fleet.state\n", id, until,
           (unsigned long long)authority->state.version);
    puts("its packet key stays known to whoever had it: mesh-fleet rotate changes that");
    return EXIT_FINE;
}

int revoke_run(const struct order *order)
{
    const int64_t now_s = (int64_t)time(NULL);
    struct authority authority;
    struct target target;
    int exit_code = EXIT_CONFIG;
    if (read_target(order->argument, &target) < 0)
        return EXIT_PROBLEM;
    if (authority_open(&authority, order->dir) == 0)
        exit_code = revoke(&authority, &target, now_s);
    authority_done(&authority);
    return exit_code;
}
