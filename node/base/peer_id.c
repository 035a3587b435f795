/* Peer ids as text. Reading them back is not needed by anything yet. */
#include "base/peer_id.h"

#include <string.h>

#include "base/check.h"

enum {
    PREFIX_SIZE = 6,
    BINARY_SIZE = PREFIX_SIZE + PEER_ID_KEY_SIZE,
};

/* Identity multihash, 36 bytes; protobuf field 1 (key type 1, Ed25519), field 2 (32 bytes). */
static const uint8_t prefix[PREFIX_SIZE] = {0x00, 0x24, 0x08, 0x01, 0x12, 0x20};

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

void peer_id_format(const uint8_t key[static PEER_ID_KEY_SIZE], char ret[static PEER_ID_TEXT_SIZE])
{
    uint8_t binary[BINARY_SIZE], digits[PEER_ID_TEXT_SIZE] = {0};
    size_t count = 0, zeros = 0;

    memcpy(binary, prefix, PREFIX_SIZE);
    memcpy(binary + PREFIX_SIZE, key, PEER_ID_KEY_SIZE);
    while (zeros < BINARY_SIZE && binary[zeros] == 0)
        zeros++;
    for (size_t i = zeros; i < BINARY_SIZE; i++) {
        unsigned carry = binary[i];
        for (size_t j = 0; j < count || carry; j++) {
            CHECK(j < sizeof digits);
            carry += (unsigned)digits[j] << 8;
            digits[j] = (uint8_t)(carry % 58);
            carry /= 58;
            if (j >= count)
                count = j + 1;
        }
    }
    CHECK(zeros + count < PEER_ID_TEXT_SIZE);
    for (size_t i = 0; i < zeros; i++)
        *ret++ = alphabet[0];
    while (count > 0)
        *ret++ = alphabet[digits[--count]];
    *ret = '\0';
}
