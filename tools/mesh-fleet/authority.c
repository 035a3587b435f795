/* authority.key is the secret, fleet.state the state. Every other key is a keyed hash of a purpose,
 * so that no two purposes share one. */
#include "tools/mesh-fleet/authority.h"

#include <errno.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ed25519.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/seal.h"
#include "tools/mesh-fleet/folder_file.h"
#include "tools/mesh-fleet/token.h"

static const char key_name[] = "authority.key";
static const char state_name[] = "fleet.state";

/* Longer than any token, so that no member is left without a state before its token ends. */
enum { STATE_LIFETIME_S = 2 * TOKEN_LIFETIME_MAX_S };

static int complain(const char *dir, const char *name, int error)
{
    const char *remedy = "make it readable and writable for you, or give another --dir";
    if (error == -EEXIST)
        remedy = "this folder has an authority already: use it, or give another --dir";
    else if (error == -ENOENT)
        remedy = "no fleet was made here: run mesh-fleet init, or give its folder as --dir";
    else if (error == -EPERM)
        remedy = "it must belong to you, without access for others: chown and chmod go-rwx it";
    else if (error == -EBADMSG || error == -EFBIG)
        remedy = "it is damaged or of another fleet: restore it from a copy";
    fprintf(stderr, "mesh-fleet: %s%s%s: %s; %s\n", dir, *name ? "/" : "", name, strerror(-error),
            remedy);
    return error;
}

static void derive(const struct authority *self, const char *purpose, const void *data, size_t size,
                   uint8_t ret_key[static AUTHORITY_KEY_SIZE])
{
    struct hash hash;
    hash_start(&hash, self->secret, AUTHORITY_KEY_SIZE);
    hash_add(&hash, purpose, strlen(purpose));
    hash_add(&hash, data, size);
    hash_finish(&hash, ret_key, AUTHORITY_KEY_SIZE);
    seal_forget(&hash, sizeof hash);
}

static void derive_root(struct authority *self)
{
    uint8_t seed[SIGN_SEED_SIZE];
    derive(self, "root", NULL, 0, seed);
    sign_key_from_seed(ed25519_functions(), seed, &self->root);
    seal_forget(seed, sizeof seed);
}

void authority_fleet_key(const struct authority *self, uint8_t ret_key[static AUTHORITY_KEY_SIZE])
{
    derive(self, "fleet", NULL, 0, ret_key);
}

void authority_packet_key(const struct authority *self, uint32_t number,
                          uint8_t ret_key[static AUTHORITY_KEY_SIZE])
{
    uint8_t data[sizeof number];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    bytes_put_u32(&out, number);
    derive(self, "packet", data, sizeof data, ret_key);
}

void authority_scope_key(const struct authority *self, const struct cert_scope *scope,
                         uint8_t ret_key[static AUTHORITY_KEY_SIZE])
{
    uint8_t data[CERT_SCOPE_SIZE];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    bytes_put(&out, scope->owner, sizeof scope->owner);
    bytes_put(&out, scope->repository, sizeof scope->repository);
    derive(self, "scope", data, sizeof data, ret_key);
}

static int write_state(const struct authority *self)
{
    uint8_t data[FLEET_STATE_SIZE_MAX];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    fleet_state_encode(&self->state, &out);
    CHECK(!out.overflowed);
    return folder_file_write(self->folder, state_name, data, (size_t)(out.at - data), false);
}

int authority_save_state(struct authority *self, int64_t now_s)
{
    struct fleet_state *state = &self->state;
    fleet_state_prune(state, now_s);
    state->version++;
    state->issued_s = now_s;
    state->expires_s = now_s + STATE_LIFETIME_S;
    fleet_state_sign(state, ed25519_functions(), &self->root);
    int r = write_state(self);
    return r < 0 ? complain(self->dir, state_name, r) : 0;
}

static int read_state(int folder, struct fleet_state *ret_state)
{
    uint8_t data[FLEET_STATE_SIZE_MAX];
    size_t size = 0;
    int r = folder_file_read(folder, state_name, data, sizeof data, &size);
    return r < 0 ? r : fleet_state_decode(data, size, ret_state);
}

/* The state must be this authority's own. Its dates don't matter to whom may renew it. */
static int load_state(struct authority *self)
{
    const struct cert_trust trust = {
        .functions = ed25519_functions(),
        .roots = self->root.public_key,
        .root_count = 1,
    };
    int r = read_state(self->folder, &self->state);
    if (r == 0 &&
        fleet_state_verify(&self->state, &trust, self->state.issued_s) != CERT_VERDICT_valid)
        r = -EBADMSG;
    return r < 0 ? complain(self->dir, state_name, r) : 0;
}

static int load_secret(struct authority *self)
{
    size_t size = 0;
    int r = folder_file_read(self->folder, key_name, self->secret, sizeof self->secret, &size);
    if (r == 0 && size != sizeof self->secret)
        r = -EBADMSG;
    if (r < 0)
        return complain(self->dir, key_name, r);
    derive_root(self);
    return 0;
}

static int open_folder(struct authority *self, const char *dir)
{
    *self = (struct authority){.dir = dir, .folder = -1};
    int r = folder_file_open_folder(dir, &self->folder);
    return r < 0 ? complain(dir, "", r) : 0;
}

int authority_open(struct authority *self, const char *dir)
{
    int r = open_folder(self, dir);
    if (r == 0)
        r = load_secret(self);
    if (r == 0)
        r = load_state(self);
    return r;
}

static int refuse_existing(const struct authority *self)
{
    struct stat status;
    if (fstatat(self->folder, key_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        return complain(self->dir, key_name, -EEXIST);
    return errno == ENOENT ? 0 : complain(self->dir, key_name, -errno);
}

/* The key comes last: what was begun and not ended counts as not made, and init begins anew. */
static int make_files(struct authority *self, int64_t now_s)
{
    random_bytes(self->secret, sizeof self->secret);
    derive_root(self);
    self->state = (struct fleet_state){.packet_key_number = 1, .lowest_wire = 1, .root_count = 1};
    memcpy(self->state.roots[0], self->root.public_key, sizeof self->state.roots[0]);
    int r = authority_save_state(self, now_s);
    if (r < 0)
        return r;
    r = folder_file_write(self->folder, key_name, self->secret, sizeof self->secret, true);
    return r < 0 ? complain(self->dir, key_name, r) : 0;
}

int authority_make(struct authority *self, const char *dir, int64_t now_s)
{
    *self = (struct authority){.dir = dir, .folder = -1};
    int r = folder_file_make_folder(dir);
    if (r < 0)
        return complain(dir, "", r);
    r = open_folder(self, dir);
    if (r == 0)
        r = refuse_existing(self);
    if (r == 0)
        r = make_files(self, now_s);
    return r;
}

void authority_done(struct authority *self)
{
    if (self->folder >= 0)
        close(self->folder);
    seal_forget(self->secret, sizeof self->secret);
    seal_forget(&self->root, sizeof self->root);
    self->folder = -1;
}

int authority_peek_state(const char *dir, struct fleet_state *ret_state)
{
    int folder = -1;
    int r = folder_file_open_folder(dir, &folder);
    if (r < 0)
        return r;
    r = read_state(folder, ret_state);
    close(folder);
    return r;
}
