/* Text for people, on standard output. */
#include "tools/mesh-fleet/describe.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/hex.h"

void describe_key(const uint8_t public_key[static SIGN_PUBLIC_SIZE],
                  char ret[static DESCRIBE_ID_SIZE])
{
    uint8_t id[CERT_ID_SIZE];
    cert_key_id(public_key, id);
    hex_encode(id, sizeof id, ret);
}

void describe_time(int64_t time_s, char ret[static DESCRIBE_TIME_SIZE])
{
    struct tm parts;
    const time_t when = (time_t)time_s;
    CHECK(gmtime_r(&when, &parts));
    CHECK(strftime(ret, DESCRIBE_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0);
}

void describe_roles(uint8_t roles, char ret[static DESCRIBE_ROLES_SIZE])
{
    static const struct {
        const char *name;
        uint8_t bit;
    } known[] = {
#define ROLE(name, bit) {#name, bit},
#include "tools/mesh-fleet/roles.def"
#undef ROLE
    };
    struct bytes_out out = bytes_out_over(ret, DESCRIBE_ROLES_SIZE);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!(roles & known[i].bit))
            continue;
        if (out.at != (uint8_t *)ret)
            bytes_put_u8(&out, ',');
        bytes_put(&out, known[i].name, strlen(known[i].name));
    }
    if (!roles)
        bytes_put(&out, "none", strlen("none"));
    bytes_put_u8(&out, '\0');
    CHECK(!out.overflowed);
}

static void print_scope(const struct cert_scope *scope)
{
    static const uint8_t none[HASH_ID_SIZE];
    char owner[2 * HASH_ID_SIZE + 1], repository[2 * HASH_ID_SIZE + 1] = "*";
    hex_encode(scope->owner, sizeof scope->owner, owner);
    if (memcmp(scope->repository, none, sizeof none) != 0)
        hex_encode(scope->repository, sizeof scope->repository, repository);
    printf("scope:       %s/%s\n", owner, repository);
}

void describe_cert(const struct cert *cert)
{
    char id[DESCRIBE_ID_SIZE], issuer[2 * CERT_ID_SIZE + 1], roles[DESCRIBE_ROLES_SIZE];
    char from[DESCRIBE_TIME_SIZE], until[DESCRIBE_TIME_SIZE];
    describe_key(cert->public_key, id);
    describe_roles(cert->roles, roles);
    describe_time(cert->not_before_s, from);
    describe_time(cert->not_after_s, until);
    hex_encode(cert->issuer, sizeof cert->issuer, issuer);
    printf("key id:      %s\ntype:        %s\nname:        %s\nissuer:      %s\nroles:       %s\n",
           id, cert->type == CERT_DELEGATE ? "delegate" : "node", cert->name, issuer, roles);
    printf("not before:  %s\nexpires:     %s\n", from, until);
    if (cert->flags & CERT_FLAG_ALL)
        puts("scope:       all");
    else if (cert->scope_count == 0)
        puts("scope:       public only");
    for (size_t i = 0; i < cert->scope_count; i++)
        print_scope(&cert->scopes[i]);
}
