/* The layout of fleet states, and who may sign one. */
#include "base/fleet_state.h"

#include <errno.h>
#include <string.h>

static const uint8_t magic[] = {'R', 'M', 'S', '1'};
static const char purpose[] = "fleet state";

enum { UNSIGNED_MAX = FLEET_STATE_SIZE_MAX - SIGN_SIZE };

_Static_assert((int)UNSIGNED_MAX <= (int)SIGN_DATA_MAX, "the largest state can be signed");

static void put_unsigned(const struct fleet_state *self, struct bytes_out *out)
{
    bytes_put(out, magic, sizeof magic);
    bytes_put_u64(out, self->version);
    bytes_put_u64(out, (uint64_t)self->issued_s);
    bytes_put_u64(out, (uint64_t)self->expires_s);
    bytes_put_u32(out, self->packet_key_number);
    bytes_put_u8(out, self->lowest_wire);
    bytes_put_u8(out, self->root_count);
    for (size_t i = 0; i < self->root_count; i++)
        bytes_put(out, self->roots[i], sizeof self->roots[i]);
    bytes_put_u16(out, self->revoked_count);
    for (size_t i = 0; i < self->revoked_count; i++) {
        bytes_put(out, self->revoked[i].id, sizeof self->revoked[i].id);
        bytes_put_u64(out, (uint64_t)self->revoked[i].until_s);
    }
    bytes_put(out, self->signer, sizeof self->signer);
}

static bool is_time(int64_t time_s)
{
    return time_s >= 0 && time_s <= CERT_TIME_MAX;
}

static bool are_revoked_ok(const struct fleet_state *self)
{
    for (size_t i = 0; i < self->revoked_count; i++)
        if (!is_time(self->revoked[i].until_s) ||
            (i > 0 && memcmp(self->revoked[i - 1].id, self->revoked[i].id, CERT_ID_SIZE) >= 0))
            return false;
    return true;
}

static bool are_roots_distinct(const struct fleet_state *self)
{
    for (size_t i = 0; i < self->root_count; i++)
        for (size_t j = 0; j < i; j++)
            if (memcmp(self->roots[i], self->roots[j], SIGN_PUBLIC_SIZE) == 0)
                return false;
    return true;
}

static bool are_counts_ok(const struct fleet_state *self)
{
    return self->root_count > 0 && self->root_count <= FLEET_STATE_ROOTS_MAX &&
           self->revoked_count <= FLEET_STATE_REVOKED_MAX;
}

static bool is_well_formed(const struct fleet_state *self)
{
    return are_counts_ok(self) && self->version > 0 && self->packet_key_number > 0 &&
           is_time(self->issued_s) && is_time(self->expires_s) &&
           self->issued_s <= self->expires_s && are_roots_distinct(self) && are_revoked_ok(self);
}

/* Times beyond the limit become -1, which is no valid one. */
static int64_t read_time(struct bytes_in *in)
{
    const uint64_t value = bytes_read_u64(in);
    return value > (uint64_t)CERT_TIME_MAX ? -1 : (int64_t)value;
}

static void read_bytes(struct bytes_in *in, void *ret, size_t size)
{
    const uint8_t *data = bytes_read(in, size);
    if (data)
        memcpy(ret, data, size);
}

/* What stands before the lists, the number of roots included. */
static bool read_head(struct bytes_in *in, struct fleet_state *state)
{
    const uint8_t *found = bytes_read(in, sizeof magic);
    if (!found || memcmp(found, magic, sizeof magic) != 0)
        return false;
    state->version = bytes_read_u64(in);
    state->issued_s = read_time(in);
    state->expires_s = read_time(in);
    state->packet_key_number = bytes_read_u32(in);
    state->lowest_wire = bytes_read_u8(in);
    state->root_count = bytes_read_u8(in);
    return !in->failed && state->root_count <= FLEET_STATE_ROOTS_MAX;
}

static bool read_lists(struct bytes_in *in, struct fleet_state *state)
{
    for (size_t i = 0; i < state->root_count; i++)
        read_bytes(in, state->roots[i], sizeof state->roots[i]);
    state->revoked_count = bytes_read_u16(in);
    if (in->failed || state->revoked_count > FLEET_STATE_REVOKED_MAX)
        return false;
    for (size_t i = 0; i < state->revoked_count; i++) {
        read_bytes(in, state->revoked[i].id, sizeof state->revoked[i].id);
        state->revoked[i].until_s = read_time(in);
    }
    return true;
}

int fleet_state_decode(const void *data, size_t size, struct fleet_state *ret_state)
{
    struct bytes_in in = bytes_in_over(data, size);
    struct fleet_state state = {0};
    if (!read_head(&in, &state) || !read_lists(&in, &state))
        return -EBADMSG;
    read_bytes(&in, state.signer, sizeof state.signer);
    read_bytes(&in, state.signature, sizeof state.signature);
    if (in.failed || bytes_left(&in) > 0 || !is_well_formed(&state))
        return -EBADMSG;
    *ret_state = state;
    return 0;
}

void fleet_state_encode(const struct fleet_state *self, struct bytes_out *out)
{
    put_unsigned(self, out);
    bytes_put(out, self->signature, sizeof self->signature);
}

void fleet_state_sign(struct fleet_state *self, const struct sign_functions *functions,
                      const struct sign_key *root)
{
    uint8_t data[UNSIGNED_MAX];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    CHECK(is_well_formed(self));
    cert_key_id(root->public_key, self->signer);
    put_unsigned(self, &out);
    CHECK(!out.overflowed);
    sign_data(functions, root, purpose, data, (size_t)(out.at - data), self->signature);
}

static bool signature_holds(const struct fleet_state *self, const struct sign_functions *functions,
                            const uint8_t root[static SIGN_PUBLIC_SIZE])
{
    uint8_t data[UNSIGNED_MAX];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    put_unsigned(self, &out);
    return !out.overflowed &&
           sign_holds(functions, root, purpose, data, (size_t)(out.at - data), self->signature);
}

enum cert_verdict fleet_state_verify(const struct fleet_state *self, const struct cert_trust *trust,
                                     int64_t now_s)
{
    if (now_s < self->issued_s - CERT_SKEW_S)
        return CERT_VERDICT_not_yet_valid;
    if (now_s > self->expires_s + CERT_SKEW_S)
        return CERT_VERDICT_expired;
    if (cert_chain_is_revoked(trust, self->signer, now_s))
        return CERT_VERDICT_revoked;
    for (size_t i = 0; i < trust->root_count; i++) {
        const uint8_t *root = trust->roots + i * SIGN_PUBLIC_SIZE;
        uint8_t id[CERT_ID_SIZE];
        cert_key_id(root, id);
        if (memcmp(id, self->signer, sizeof id) == 0)
            return signature_holds(self, trust->functions, root) ? CERT_VERDICT_valid
                                                                 : CERT_VERDICT_bad_signature;
    }
    return CERT_VERDICT_wrong_root;
}

struct cert_trust fleet_state_trust(const struct fleet_state *self,
                                    const struct sign_functions *functions)
{
    return (struct cert_trust){
        .functions = functions,
        .roots = self->roots[0],
        .root_count = self->root_count,
        .revoked = self->revoked,
        .revoked_count = self->revoked_count,
    };
}

int fleet_state_revoke(struct fleet_state *self, const uint8_t id[static CERT_ID_SIZE],
                       int64_t until_s)
{
    size_t at = 0;
    while (at < self->revoked_count && memcmp(self->revoked[at].id, id, CERT_ID_SIZE) < 0)
        at++;
    if (at < self->revoked_count && memcmp(self->revoked[at].id, id, CERT_ID_SIZE) == 0) {
        if (self->revoked[at].until_s < until_s)
            self->revoked[at].until_s = until_s;
        return 0;
    }
    if (self->revoked_count == FLEET_STATE_REVOKED_MAX)
        return -ENOSPC;
    memmove(&self->revoked[at + 1], &self->revoked[at],
            (self->revoked_count - at) * sizeof self->revoked[0]);
    memcpy(self->revoked[at].id, id, CERT_ID_SIZE);
    self->revoked[at].until_s = until_s;
    self->revoked_count++;
    return 0;
}

void fleet_state_prune(struct fleet_state *self, int64_t now_s)
{
    uint16_t kept = 0;
    for (size_t i = 0; i < self->revoked_count; i++)
        if (now_s - CERT_SKEW_S <= self->revoked[i].until_s)
            self->revoked[kept++] = self->revoked[i];
    self->revoked_count = kept;
}
