/* The layout of join tokens. Text is made and read by libsodium, which takes the same time for
 * all contents. Copies on the stack are wiped. */
#include "base/join_token.h"

#include <errno.h>
#include <string.h>

#include <sodium/utils.h>

static const char prefix[] = "rmt1.";

_Static_assert(JOIN_TOKEN_TEXT_MAX + 1 >=
                   sizeof prefix - 1 +
                       sodium_base64_ENCODED_LEN(JOIN_TOKEN_BINARY_MAX,
                                                 sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "the longest token has room");

void join_token_encode(const struct join_token *self, char ret_text[static JOIN_TOKEN_TEXT_MAX + 1])
{
    uint8_t data[JOIN_TOKEN_BINARY_MAX];
    const size_t start = strlen(prefix);
    struct bytes_out out = bytes_out_over(data, sizeof data);
    bytes_put(&out, self->root, sizeof self->root);
    cert_encode(&self->delegate, &out);
    bytes_put(&out, self->seed, sizeof self->seed);
    bytes_put(&out, self->fleet_key, sizeof self->fleet_key);
    bytes_put_u32(&out, self->packet_key_number);
    bytes_put(&out, self->packet_key, sizeof self->packet_key);
    for (size_t i = 0; i < self->delegate.scope_count; i++)
        bytes_put(&out, self->scope_keys[i], sizeof self->scope_keys[i]);
    CHECK(!out.overflowed);
    memcpy(ret_text, prefix, start);
    sodium_bin2base64(ret_text + start, JOIN_TOKEN_TEXT_MAX + 1 - start, data,
                      (size_t)(out.at - data), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(data, sizeof data);
}

static void read_bytes(struct bytes_in *in, uint8_t *ret, size_t size)
{
    const uint8_t *data = bytes_read(in, size);
    if (data)
        memcpy(ret, data, size);
}

static int read_binary(const uint8_t *data, size_t size, struct join_token *ret_token)
{
    struct bytes_in in = bytes_in_over(data, size);
    read_bytes(&in, ret_token->root, sizeof ret_token->root);
    int r = cert_read(&in, &ret_token->delegate);
    if (r < 0)
        return r;
    read_bytes(&in, ret_token->seed, sizeof ret_token->seed);
    read_bytes(&in, ret_token->fleet_key, sizeof ret_token->fleet_key);
    ret_token->packet_key_number = bytes_read_u32(&in);
    read_bytes(&in, ret_token->packet_key, sizeof ret_token->packet_key);
    for (size_t i = 0; i < ret_token->delegate.scope_count; i++)
        read_bytes(&in, ret_token->scope_keys[i], sizeof ret_token->scope_keys[i]);
    if (in.failed || bytes_left(&in) > 0 || ret_token->packet_key_number == 0)
        return -EBADMSG;
    return 0;
}

/* The library takes some bytes beyond ASCII for letters: 0xb2 for '_', for one. */
static bool is_ascii(struct slice text)
{
    uint8_t all = 0;
    for (size_t i = 0; i < text.size; i++)
        all |= (uint8_t)text.data[i];
    return all <= INT8_MAX;
}

int join_token_decode(struct slice text, struct join_token *ret_token)
{
    uint8_t data[JOIN_TOKEN_BINARY_MAX];
    struct join_token token = {0};
    size_t size = 0;
    if (!slice_starts_with(text, slice_of(prefix)) || text.size > JOIN_TOKEN_TEXT_MAX ||
        !is_ascii(text))
        return -EBADMSG;
    const struct slice body = slice_skip(text, strlen(prefix));
    int r = 0;
    if (sodium_base642bin(data, sizeof data, body.data, body.size, NULL, &size, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        r = -EBADMSG;
    if (r == 0)
        r = read_binary(data, size, &token);
    if (r == 0)
        *ret_token = token;
    sodium_memzero(data, sizeof data);
    sodium_memzero(&token, sizeof token);
    return r;
}

enum cert_verdict join_token_verify(const struct join_token *self,
                                    const struct sign_functions *functions,
                                    const struct cert_revocation *revoked, size_t revoked_count,
                                    int64_t now_s)
{
    const struct cert_trust trust = {
        .functions = functions,
        .roots = self->root,
        .root_count = 1,
        .revoked = revoked,
        .revoked_count = revoked_count,
    };
    uint8_t public_key[SIGN_PUBLIC_SIZE];
    functions->public_from_seed(self->seed, public_key);
    if (memcmp(public_key, self->delegate.public_key, sizeof public_key) != 0)
        return CERT_VERDICT_wrong_key;
    return cert_chain_verify_delegate(&trust, &self->delegate, now_s);
}
