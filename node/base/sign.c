/* Puts purpose and bytes into one message, which is all that the algorithm sees. */
#include "base/sign.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

static const char prefix[] = "runmesh1 ";

enum { MESSAGE_MAX = sizeof prefix + SIGN_PURPOSE_MAX + SIGN_DATA_MAX };

/* Returns the size of the message. */
static size_t put_message(const char *purpose, const void *data, size_t size,
                          uint8_t ret_message[static MESSAGE_MAX])
{
    const size_t length = strlen(purpose);
    CHECK(length > 0 && length <= SIGN_PURPOSE_MAX && size <= SIGN_DATA_MAX);
    struct bytes_out out = bytes_out_over(ret_message, MESSAGE_MAX);
    bytes_put(&out, prefix, strlen(prefix));
    bytes_put(&out, purpose, length + 1);
    bytes_put(&out, data, size);
    CHECK(!out.overflowed);
    return (size_t)(out.at - ret_message);
}

void sign_key_from_seed(const struct sign_functions *functions,
                        const uint8_t seed[static SIGN_SEED_SIZE], struct sign_key *ret_key)
{
    memcpy(ret_key->seed, seed, SIGN_SEED_SIZE);
    functions->public_from_seed(seed, ret_key->public_key);
}

void sign_data(const struct sign_functions *functions, const struct sign_key *key,
               const char *purpose, const void *data, size_t size,
               uint8_t ret_signature[static SIGN_SIZE])
{
    uint8_t message[MESSAGE_MAX];
    const size_t message_size = put_message(purpose, data, size, message);
    functions->sign(key, message, message_size, ret_signature);
}

bool sign_holds(const struct sign_functions *functions,
                const uint8_t public_key[static SIGN_PUBLIC_SIZE], const char *purpose,
                const void *data, size_t size, const uint8_t signature[static SIGN_SIZE])
{
    uint8_t message[MESSAGE_MAX];
    const size_t message_size = put_message(purpose, data, size, message);
    return functions->verify(public_key, message, message_size, signature);
}
