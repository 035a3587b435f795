/* A root, a delegate and a node with their keys, for tests that bend one thing and ask for the
 * verdict. */
#ifndef TESTS_UNIT_CERT_OFFICE_H
#define TESTS_UNIT_CERT_OFFICE_H

#include <string.h>

#include "base/cert_chain.h"
#include "base/ed25519.h"

enum { OFFICE_NOW_S = 1000000, OFFICE_DAY_S = 86400 };

struct cert_office {
    struct sign_key root, delegate, node;
    struct cert chain[CERT_CHAIN_MAX]; /* signed by cert_office_sign */
    struct cert_revocation revoked;
    struct cert_trust trust;
};

static inline struct sign_key cert_office_key(uint8_t number)
{
    const uint8_t seed[SIGN_SEED_SIZE] = {number};
    struct sign_key key;
    sign_key_from_seed(ed25519_functions(), seed, &key);
    return key;
}

static inline struct cert_scope cert_office_scope(const char *text)
{
    struct cert_scope scope = {0};
    CHECK(cert_scope_parse(slice_of(text), &scope) == 0);
    return scope;
}

static inline void cert_office_add(struct cert *cert, const char *text)
{
    const struct cert_scope scope = cert_office_scope(text);
    CHECK(cert_add_scope(cert, &scope) == 0);
}

static inline void cert_office_sign(struct cert_office *self)
{
    cert_sign(&self->chain[0], ed25519_functions(), &self->root);
    cert_sign(&self->chain[1], ed25519_functions(), &self->delegate);
}

/* A delegate with two scopes and a node with one of them; valid. self stays where it is. */
static inline void cert_office_init(struct cert_office *self)
{
    *self = (struct cert_office){
        .root = cert_office_key(1), .delegate = cert_office_key(2), .node = cert_office_key(3)};
    self->trust = (struct cert_trust){.functions = ed25519_functions(),
                                      .roots = self->root.public_key,
                                      .root_count = 1,
                                      .revoked = &self->revoked};
    self->chain[0] = (struct cert){.type = CERT_DELEGATE,
                                   .roles = CERT_ROLE_FETCH | CERT_ROLE_ISSUE,
                                   .name = "delegate",
                                   .not_before_s = OFFICE_NOW_S - OFFICE_DAY_S,
                                   .not_after_s = OFFICE_NOW_S + OFFICE_DAY_S};
    self->chain[1] = (struct cert){.type = CERT_NODE,
                                   .roles = CERT_ROLE_FETCH,
                                   .name = "node",
                                   .not_before_s = OFFICE_NOW_S - OFFICE_DAY_S,
                                   .not_after_s = OFFICE_NOW_S + OFFICE_DAY_S};
    memcpy(self->chain[0].public_key, self->delegate.public_key, SIGN_PUBLIC_SIZE);
    memcpy(self->chain[1].public_key, self->node.public_key, SIGN_PUBLIC_SIZE);
    cert_office_add(&self->chain[0], "octocat");
    cert_office_add(&self->chain[0], "acme/tool");
    cert_office_add(&self->chain[1], "octocat/hello");
    cert_office_sign(self);
}

static inline void cert_office_revoke(struct cert_office *self, const struct sign_key *key)
{
    cert_key_id(key->public_key, self->revoked.id);
    self->revoked.until_s = OFFICE_NOW_S + OFFICE_DAY_S;
    self->trust.revoked_count = 1;
}

/* Signs what was bent, and asks. */
static inline enum cert_verdict cert_office_judge(struct cert_office *self)
{
    cert_office_sign(self);
    return cert_chain_verify(&self->trust, self->chain, CERT_CHAIN_MAX, OFFICE_NOW_S);
}

#endif
