/* How a node's public key is shown to people: as libp2p prints Ed25519 keys. */
#ifndef BASE_PEER_ID_H
#define BASE_PEER_ID_H

#include <stdint.h>

enum {
    PEER_ID_KEY_SIZE = 32,  /* Ed25519 public key, bytes */
    PEER_ID_TEXT_SIZE = 64, /* room for the text and its zero byte */
};

/* Writes "12D3KooW..." to ret: base58btc over the identity multihash of the key in its protobuf
 * form (libp2p specification "peer ids", section "Ed25519"). */
void peer_id_format(const uint8_t key[static PEER_ID_KEY_SIZE], char ret[static PEER_ID_TEXT_SIZE]);

#endif
