/* The node's keys: where they are, and what is derived from them. Files are key_file.c's. */
#include "node/identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/hash.h"
#include "base/hex.h"
#include "node/folder.h"
#include "node/key_file.h"

/* What each derived key is for; two purposes never share one. */
static const char data_folder_context[] = "runmesh1 data folder";
static const char seal_context[] = "runmesh1 store seal";
static const char cache_context[] = "runmesh1 cache key";

static void derive(const uint8_t secret[static NODE_KEY_FILE_SIZE], const char *context,
                   uint8_t ret_key[static NODE_IDENTITY_KEY_SIZE])
{
    hash_of(secret, context, strlen(context), ret_key, NODE_IDENTITY_KEY_SIZE);
}

/* "<fleet_dir>/nodes/<hash of the data folder's real path>.key"; the caller frees it. */
static int node_key_path(const char *fleet_dir, const char *data_dir, char **ret_path)
{
    uint8_t id[HASH_ID_SIZE];
    char id_text[2 * HASH_ID_SIZE + 1];
    struct hash hash;
    char *real = realpath(data_dir, NULL);
    if (!real)
        return -errno;
    hash_start(&hash, NULL, sizeof id);
    hash_add_text(&hash, slice_of(data_folder_context));
    hash_add_text(&hash, slice_of(real));
    hash_finish(&hash, id, sizeof id);
    free(real);
    hex_encode(id, sizeof id, id_text);
    return asprintf(ret_path, "%s/nodes/%s.key", fleet_dir, id_text) < 0 ? -ENOMEM : 0;
}

static const char *remedy_for(int error)
{
    if (error == -EPERM)
        return "it must belong to the user of the node, without access for others: chown and chmod "
               "go-rwx it, or give another --fleet folder";
    if (error == -EBADMSG)
        return "it is damaged: restore it, or remove it to get a new key";
    return "make it readable and writable for the user of the node, or give another --fleet folder";
}

static int report(struct node_log *log, const char *path, int error)
{
    NODE_LOG(log, NODE_LOG_ERROR, "identity_unusable", node_log_text("key", "fleet.dir"),
             node_log_text("path", path), node_log_errno(error),
             node_log_text("remedy", remedy_for(error)));
    return error;
}

/* Makes the folder if it is absent and refuses one that others could write in. */
static int prepare_folder(const char *path, struct node_log *log)
{
    int r = node_folder_make(path);
    if (r == 0)
        r = node_folder_check_private(path);
    return r < 0 ? report(log, path, r) : 0;
}

static int load_fleet_key(struct node_identity *self, const char *fleet_dir, struct node_log *log)
{
    uint8_t secret[NODE_KEY_FILE_SIZE];
    char *path = NULL;
    if (asprintf(&path, "%s/fleet.key", fleet_dir) < 0)
        return -ENOMEM;
    int r = node_key_file_load(path, secret);
    if (r == 0)
        derive(secret, cache_context, self->cache_key);
    else
        report(log, path, r);
    sodium_memzero(secret, sizeof secret);
    free(path);
    return r;
}

static int load_node_key(struct node_identity *self, const char *path, struct node_log *log)
{
    uint8_t seed[NODE_KEY_FILE_SIZE];
    int r = node_key_file_load(path, seed);
    if (r == 0) {
        CHECK(crypto_sign_seed_keypair(self->public_key, self->secret_key, seed) == 0);
        derive(seed, seal_context, self->seal_key);
        peer_id_format(self->public_key, self->peer_id);
    } else {
        report(log, path, r);
    }
    sodium_memzero(seed, sizeof seed);
    return r;
}

static int load(struct node_identity *self, const char *fleet_dir, const char *data_dir,
                struct node_log *log)
{
    char *path = NULL, *nodes = NULL;
    int r = node_key_path(fleet_dir, data_dir, &path);
    if (r < 0)
        return report(log, data_dir, r);
    if (asprintf(&nodes, "%s/nodes", fleet_dir) < 0)
        r = -ENOMEM;
    if (r == 0)
        r = prepare_folder(fleet_dir, log);
    if (r == 0)
        r = prepare_folder(nodes, log);
    if (r == 0)
        r = load_fleet_key(self, fleet_dir, log);
    if (r == 0)
        r = load_node_key(self, path, log);
    free(path);
    free(nodes);
    return r;
}

int node_identity_new(const char *fleet_dir, const char *data_dir, struct node_log *log,
                      struct node_identity **ret_identity)
{
    CHECK(sodium_init() >= 0);
    /* Locks the pages where the limit allows it, and goes on where it does not. */
    struct node_identity *self = sodium_malloc(sizeof *self);
    if (!self)
        return -ENOMEM;
    memset(self, 0, sizeof *self);
    int r = load(self, fleet_dir, data_dir, log);
    if (r == 0)
        r = sodium_mprotect_readonly(self) < 0 ? -errno : 0;
    if (r == 0)
        *ret_identity = self;
    else
        node_identity_destroy(&self);
    return r;
}

void node_identity_destroy(struct node_identity **self_p)
{
    if (!*self_p)
        return;
    /* Wipes, also what is read-only by now. */
    sodium_free(*self_p);
    *self_p = NULL;
}
