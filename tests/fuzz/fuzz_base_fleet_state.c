/* Fleet states of strangers: what is taken is written back byte by byte, and none is valid that the
 * trusted root did not sign. */
#include "fuzz.h"

#include <string.h>

#include "base/ed25519.h"
#include "base/fleet_state.h"

enum { NOW_S = 1000000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t root[SIGN_PUBLIC_SIZE] = {1};
    const struct cert_trust trust = {
        .functions = ed25519_functions(), .roots = root, .root_count = 1};
    struct fleet_state state;
    uint8_t again[FLEET_STATE_SIZE_MAX];
    if (fleet_state_decode(data, size, &state) < 0)
        return 0;
    struct bytes_out out = bytes_out_over(again, sizeof again);
    fleet_state_encode(&state, &out);
    CHECK(!out.overflowed && (size_t)(out.at - again) == size && memcmp(again, data, size) == 0);
    CHECK(fleet_state_verify(&state, &trust, NOW_S) != CERT_VERDICT_valid);
    fleet_state_prune(&state, NOW_S);
    for (size_t i = 0; i < state.revoked_count; i++)
        CHECK(state.revoked[i].until_s >= NOW_S - CERT_SKEW_S);
    return 0;
}
