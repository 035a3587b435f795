/* The recipe, by libsodium's SHA-256. */
#include "etag.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "request.h"

static void quote(const uint8_t *hash, size_t size, char *ret)
{
    ret[0] = '"';
    hex_encode(hash, size, ret + 1);
    memcpy(ret + 1 + 2 * size, "\"", 2);
}

void mock_etag_make(const struct mock_request *request, struct slice body,
                    char ret[static MOCK_ETAG_SIZE])
{
    static const char *const varying[] = {"Accept", "Authorization", "Cookie"};
    const bool anonymous = !mock_request_header(request, "Authorization");
    crypto_hash_sha256_state state;
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < (anonymous ? 1 : sizeof varying / sizeof *varying); i++) {
        for (size_t h = 0; h < request->header_count; h++) {
            const struct mock_header *header = &request->headers[h];
            if (!slice_equals_nocase(slice_of(header->name), slice_of(varying[i])))
                continue;
            crypto_hash_sha256_update(&state, (const uint8_t *)header->value,
                                      strlen(header->value));
            crypto_hash_sha256_update(&state, (const uint8_t *)":", 1);
        }
    }
    crypto_hash_sha256_update(&state, (const uint8_t *)body.data, body.size);
    crypto_hash_sha256_final(&state, hash);
    quote(hash, sizeof hash, ret);
}

void mock_etag_make_short(struct slice body, char ret[static MOCK_ETAG_SIZE])
{
    enum { MD5_SIZE = 16 };
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const uint8_t *)body.data, body.size);
    quote(hash, MD5_SIZE, ret);
}

bool mock_etag_matches(struct slice if_none_match, const char *etag)
{
    struct slice rest = if_none_match;
    while (rest.data) {
        struct slice one = slice_trim(slice_next(&rest, ','));
        if (slice_equals(one, slice_of("*")))
            return true;
        if (slice_starts_with(one, slice_of("W/")))
            one = slice_skip(one, 2);
        if (slice_equals(one, slice_of(etag)))
            return true;
    }
    return false;
}
