/* Join tokens from the command line: what is taken is written back character by character. Every
 * second run puts the bytes in the right text, so that the fuzzer gets past base64. */
#include "fuzz.h"

#include <string.h>

#include <sodium/utils.h>

#include "base/check.h"
#include "base/join_token.h"

enum { PREFIX_SIZE = 5, TEXT_SIZE = 2 * JOIN_TOKEN_TEXT_MAX };

static void try_text(struct slice text)
{
    struct join_token token;
    char again[JOIN_TOKEN_TEXT_MAX + 1];
    if (join_token_decode(text, &token) < 0)
        return;
    join_token_encode(&token, again);
    CHECK(slice_equals(slice_of(again), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[TEXT_SIZE] = "rmt1.";
    try_text((struct slice){(const char *)data, size});
    if (size > JOIN_TOKEN_BINARY_MAX + 1)
        return 0;
    sodium_bin2base64(text + PREFIX_SIZE, sizeof text - PREFIX_SIZE, data, size,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    try_text(slice_of(text));
    return 0;
}
