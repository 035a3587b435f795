/* Certificates of strangers: what is taken is written back byte by byte, no random bytes are ever
 * valid, and scopes read from text stay in their limits. */
#include "fuzz.h"

#include <string.h>

#include "base/cert_chain.h"
#include "base/ed25519.h"

enum { NOW_S = 1000000, CHAIN_MAX = 3 };

static void try_cert(const uint8_t *data, size_t size)
{
    struct cert cert;
    if (cert_decode(data, size, &cert) < 0)
        return;
    uint8_t again[CERT_SIZE_MAX];
    struct bytes_out out = bytes_out_over(again, sizeof again);
    cert_encode(&cert, &out);
    CHECK(!out.overflowed && (size_t)(out.at - again) == size && memcmp(again, data, size) == 0);
}

/* The trusted root signed nothing, so nothing may be valid. */
static void try_chain(const uint8_t *data, size_t size)
{
    static const uint8_t root[SIGN_PUBLIC_SIZE] = {1};
    const struct cert_trust trust = {
        .functions = ed25519_functions(), .roots = root, .root_count = 1};
    struct bytes_in in = bytes_in_over(data, size);
    struct cert chain[CHAIN_MAX];
    size_t count = 0;
    while (count < CHAIN_MAX && cert_read(&in, &chain[count]) == 0)
        count++;
    CHECK(cert_chain_verify(&trust, chain, count, NOW_S) != CERT_VERDICT_valid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cert_scope scope;
    try_cert(data, size);
    try_chain(data, size);
    if (cert_scope_parse((struct slice){(const char *)data, size}, &scope) == 0)
        CHECK(size <= CERT_OWNER_NAME_MAX + 1 + CERT_REPOSITORY_NAME_MAX &&
              cert_scope_is_within(&scope, &scope));
    return 0;
}
