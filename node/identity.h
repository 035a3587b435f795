/* Who this node is: its Ed25519 key pair, and the secrets of this user's fleet. Both are files in
 * the fleet's folder, made on first start; what the rest of the node needs is derived from them.
 * The memory is locked against swapping and surrounded by guard pages. */
#ifndef NODE_IDENTITY_H
#define NODE_IDENTITY_H

#include <stdint.h>

#include "base/check.h"
#include "base/peer_id.h"
#include "node/log.h"

enum {
    NODE_IDENTITY_SEED_SIZE = 32,
    NODE_IDENTITY_SECRET_SIZE = 64, /* libsodium's Ed25519 secret key */
    NODE_IDENTITY_KEY_SIZE = 32,    /* of each derived key */
};

/* Bytes only, so that it can stand right before a guard page. */
struct node_identity {
    uint8_t public_key[PEER_ID_KEY_SIZE];
    uint8_t secret_key[NODE_IDENTITY_SECRET_SIZE];
    uint8_t seal_key[NODE_IDENTITY_KEY_SIZE];  /* this node's: seals private values in its store */
    uint8_t cache_key[NODE_IDENTITY_KEY_SIZE]; /* the fleet's: keyed hash of request keys */
    char peer_id[PEER_ID_TEXT_SIZE];           /* "12D3KooW..." */
};

/* Reads or makes the keys of the node that uses data_dir, which must exist. fleet_dir is made if
 * needed. Two nodes that start at once agree on one key. Logs what is wrong with a remedy and
 * returns -EPERM for a key that others could have read or written, -EBADMSG for a damaged one, else
 * the errno of the call that failed. */
int node_identity_new(const char *fleet_dir, const char *data_dir, struct node_log *log,
                      struct node_identity **ret_identity) MUST_CHECK;

/* Wipes and frees. */
void node_identity_destroy(struct node_identity **self_p);

#endif
