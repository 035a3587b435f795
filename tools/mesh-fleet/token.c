/* Issues join tokens: a fresh delegate key, its certificate, and the keys of its scopes. */
#include "tools/mesh-fleet/token.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/ed25519.h"
#include "base/random.h"
#include "base/seal.h"
#include "tools/mesh-fleet/authority.h"
#include "tools/mesh-fleet/issued.h"

bool token_is_one(struct slice text)
{
    return slice_starts_with(text, slice_of("rmt1."));
}

static int refuse(const char *option, const char *value, const char *remedy)
{
    fprintf(stderr, "mesh-fleet: %s %s: %s; see mesh-fleet --help\n", option, value, remedy);
    return -EINVAL;
}

/* "30d" as seconds. */
static int read_lifetime(const char *text, int64_t *ret_lifetime_s)
{
    static const struct {
        char unit;
        int64_t unit_s;
    } units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 7 * 86400}};
    const struct slice all = slice_of(text);
    uint64_t count = 0;
    if (all.size > 1 &&
        slice_to_u64((struct slice){text, all.size - 1}, TOKEN_LIFETIME_MAX_S, &count))
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
            const int64_t lifetime_s = (int64_t)count * units[i].unit_s;
            if (text[all.size - 1] == units[i].unit && lifetime_s >= TOKEN_LIFETIME_MIN_S &&
                lifetime_s <= TOKEN_LIFETIME_MAX_S) {
                *ret_lifetime_s = lifetime_s;
                return 0;
            }
        }
    return refuse("--expires", text, "give 1m to 366d, in m, h, d or w");
}

static int read_roles(const char *text, uint8_t *ret_roles)
{
    struct slice rest = slice_of(text);
    uint8_t roles = 0;
    while (rest.data) {
        const struct slice role = slice_next(&rest, ',');
        if (slice_equals(role, slice_of("fetch")))
            roles |= CERT_ROLE_FETCH;
        else if (slice_equals(role, slice_of("announce")))
            roles |= CERT_ROLE_ANNOUNCE;
        else
            return refuse("--roles", text, "give fetch, announce, or both with a comma");
    }
    *ret_roles = roles | CERT_ROLE_ISSUE;
    return 0;
}

static int read_scopes(const struct order *order, struct cert *cert)
{
    for (size_t i = 0; i < order->scope_count; i++) {
        struct cert_scope scope;
        if (cert_scope_parse(slice_of(order->scopes[i]), &scope) < 0)
            return refuse("--scope", order->scopes[i], "give OWNER or OWNER/REPO");
        CHECK(cert_add_scope(cert, &scope) == 0); /* an order holds no more than fit */
    }
    return 0;
}

/* What the user wants in the certificate; all but its key and signature. */
static int read_order(const struct order *order, int64_t now_s, struct cert *ret_cert)
{
    struct cert cert = {.type = CERT_DELEGATE, .name = "token", .not_before_s = now_s};
    int64_t lifetime_s = 0;
    int r = read_lifetime(order->expires, &lifetime_s);
    if (r == 0)
        r = read_roles(order->roles, &cert.roles);
    if (r == 0)
        r = read_scopes(order, &cert);
    cert.not_after_s = now_s + lifetime_s;
    if (r == 0)
        *ret_cert = cert;
    return r;
}

static void issue(const struct authority *authority, const struct cert *wish,
                  struct join_token *ret_token)
{
    struct sign_key key;
    ret_token->delegate = *wish;
    random_bytes(ret_token->seed, sizeof ret_token->seed);
    sign_key_from_seed(ed25519_functions(), ret_token->seed, &key);
    memcpy(ret_token->delegate.public_key, key.public_key, sizeof key.public_key);
    cert_sign(&ret_token->delegate, ed25519_functions(), &authority->root);
    memcpy(ret_token->root, authority->root.public_key, sizeof ret_token->root);
    authority_fleet_key(authority, ret_token->fleet_key);
    ret_token->packet_key_number = authority->state.packet_key_number;
    authority_packet_key(authority, ret_token->packet_key_number, ret_token->packet_key);
    for (size_t i = 0; i < wish->scope_count; i++)
        authority_scope_key(authority, &wish->scopes[i], ret_token->scope_keys[i]);
    seal_forget(&key, sizeof key);
}

/* Remembers first, then prints: a token that nobody remembers could not be listed by rotate. */
static int hand_out(struct authority *authority, const struct join_token *token, int64_t now_s)
{
    char text[JOIN_TOKEN_TEXT_MAX + 1];
    int r = issued_put(authority->folder, &token->delegate);
    if (r < 0) {
        fprintf(stderr, "mesh-fleet: %s/issued: %s; make it writable for you\n", authority->dir,
                strerror(-r));
        return r;
    }
    if (authority->state.expires_s < token->delegate.not_after_s) {
        r = authority_save_state(authority, now_s);
        if (r < 0)
            return r;
    }
    join_token_encode(token, text);
    if (puts(text) < 0 || fflush(stdout) != 0)
        r = -EIO;
    seal_forget(text, sizeof text);
    return r;
}

static void explain(const struct order *order)
{
    if (order->scope_count == 0)
        return;
    fputs("mesh-fleet: note: every host that joins with this token may read all private data of "
          "its scopes that a member has fetched:",
          stderr);
    for (size_t i = 0; i < order->scope_count; i++)
        fprintf(stderr, " %s", order->scopes[i]);
    fputc('\n', stderr);
}

int token_run(const struct order *order)
{
    const int64_t now_s = (int64_t)time(NULL);
    struct authority authority;
    struct join_token token = {0};
    struct cert wish;
    int exit_code = EXIT_CONFIG;
    if (read_order(order, now_s, &wish) < 0)
        return EXIT_USAGE;
    if (authority_open(&authority, order->dir) == 0) {
        issue(&authority, &wish, &token);
        exit_code = hand_out(&authority, &token, now_s) < 0 ? EXIT_PROBLEM : EXIT_FINE;
    }
    if (exit_code == EXIT_FINE)
        explain(order);
    seal_forget(&token, sizeof token);
    authority_done(&authority);
    return exit_code;
}
