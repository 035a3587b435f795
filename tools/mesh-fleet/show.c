/* Judges by what the document itself carries, and by the fleet's state where the folder has it. */
#include "tools/mesh-fleet/show.h"

#include <inttypes.h>
#include <time.h>

#include "base/ed25519.h"
#include "base/hex.h"
#include "tools/mesh-fleet/authority.h"
#include "tools/mesh-fleet/describe.h"
#include "tools/mesh-fleet/document.h"

/* Whether one of the roots signed the state, whatever its dates. */
static bool is_signed_by(const struct fleet_state *state, const uint8_t *roots, size_t root_count)
{
    const struct cert_trust trust = {
        .functions = ed25519_functions(), .roots = roots, .root_count = root_count};
    return fleet_state_verify(state, &trust, state->issued_s) == CERT_VERDICT_valid;
}

static int print_verdict(enum cert_verdict verdict)
{
    printf("verdict:     %s\n", cert_verdict_text(verdict));
    return verdict == CERT_VERDICT_valid ? EXIT_FINE : EXIT_PROBLEM;
}

static void print_known(bool is_known, const char *dir)
{
    printf("revocations: %s%s\n",
           is_known ? "as of fleet.state in "
                    : "unknown: no fleet.state of "
                      "this fleet in ",
           dir);
}

static int show_token(const struct join_token *token, const struct order *order, int64_t now_s)
{
    struct fleet_state state;
    char root[DESCRIBE_ID_SIZE];
    const bool is_known =
        authority_peek_state(order->dir, &state) == 0 && is_signed_by(&state, token->root, 1);
    puts("join token");
    describe_cert(&token->delegate);
    describe_key(token->root, root);
    printf("authority:   %s\npacket key:  number %" PRIu32 "%s\n", root, token->packet_key_number,
           is_known && state.packet_key_number != token->packet_key_number
               ? ", not the current one: issue the token again"
               : "");
    print_known(is_known, order->dir);
    return print_verdict(join_token_verify(token, ed25519_functions(),
                                           is_known ? state.revoked : NULL,
                                           is_known ? state.revoked_count : 0, now_s));
}

static int show_cert(const struct cert *cert, const struct order *order, int64_t now_s)
{
    struct fleet_state state;
    puts("certificate");
    describe_cert(cert);
    if (authority_peek_state(order->dir, &state) < 0 ||
        !is_signed_by(&state, state.roots[0], state.root_count)) {
        print_known(false, order->dir);
        puts("verdict:     unknown: the fleet's authority is not known here");
        return EXIT_PROBLEM;
    }
    print_known(true, order->dir);
    const struct cert_trust trust = fleet_state_trust(&state, ed25519_functions());
    return print_verdict(cert->type == CERT_DELEGATE
                             ? cert_chain_verify_delegate(&trust, cert, now_s)
                             : cert_chain_verify(&trust, cert, 1, now_s));
}

static int show_state(const struct fleet_state *state, int64_t now_s)
{
    char id[DESCRIBE_ID_SIZE], until[DESCRIBE_TIME_SIZE];
    const struct cert_trust trust = {.functions = ed25519_functions(),
                                     .roots = state->roots[0],
                                     .root_count = state->root_count};
    describe_time(state->issued_s, until);
    printf("fleet state\nversion:     %" PRIu64 "\nissued:      %s\n", state->version, until);
    describe_time(state->expires_s, until);
    printf("expires:     %s\npacket key:  number %" PRIu32 "\nlowest wire: %d\n", until,
           state->packet_key_number, state->lowest_wire);
    for (size_t i = 0; i < state->root_count; i++) {
        describe_key(state->roots[i], id);
        printf("authority:   %s\n", id);
    }
    for (size_t i = 0; i < state->revoked_count; i++) {
        hex_encode(state->revoked[i].id, CERT_ID_SIZE, id);
        describe_time(state->revoked[i].until_s, until);
        printf("revoked:     %s until %s\n", id, until);
    }
    return print_verdict(fleet_state_verify(state, &trust, now_s));
}

int show_run(const struct order *order)
{
    const int64_t now_s = (int64_t)time(NULL);
    struct document document;
    int exit_code = EXIT_PROBLEM;
    if (document_read(order->argument, &document) < 0)
        return EXIT_PROBLEM;
    switch (document.type) {
    case DOCUMENT_TOKEN:
        exit_code = show_token(&document.token, order, now_s);
        break;
    case DOCUMENT_CERT:
        exit_code = show_cert(&document.cert, order, now_s);
        break;
    case DOCUMENT_STATE:
        exit_code = show_state(&document.state, now_s);
        break;
    }
    document_done(&document);
    return exit_code;
}
