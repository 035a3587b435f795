/* Certificates RMC1: who may take part in a fleet, in which roles, for which scopes, until when.
 * Pure: bytes, keys and the time come in. Which chain belongs to whom is not known here. */
#ifndef BASE_CERT_H
#define BASE_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "base/sign.h"
#include "base/slice.h"

enum {
    CERT_ID_SIZE = HASH_ID_SIZE,
    CERT_NAME_MAX = 32, /* printable ASCII, filled up with zeros */
    CERT_SCOPES_MAX = 8,
    CERT_SCOPE_SIZE = 2 * HASH_ID_SIZE,
    CERT_SIZE_MIN = 168,
    CERT_SIZE_MAX = CERT_SIZE_MIN + CERT_SCOPES_MAX * CERT_SCOPE_SIZE,
    CERT_CHAIN_MAX = 2,       /* a delegate and a node */
    CERT_SKEW_S = 60,         /* by how much a clock may be wrong */
    CERT_OWNER_NAME_MAX = 39, /* characters: GitHub's limit for a login */
    CERT_REPOSITORY_NAME_MAX = 100,
};

/* The last second of the year 9999, so that sums with any period stay in range. */
#define CERT_TIME_MAX INT64_C(253402300799)

enum cert_type {
    CERT_DELEGATE = 1,
    CERT_NODE = 2,
};

enum cert_role {
    CERT_ROLE_FETCH = 1 << 0,
    CERT_ROLE_ANNOUNCE = 1 << 1,
    CERT_ROLE_ISSUE = 1 << 2,
    CERT_ROLE_STATE = 1 << 3,
    CERT_ROLES_ALL = (1 << 4) - 1,
};

enum cert_flag {
    CERT_FLAG_ALL = 1 << 0, /* every scope: for the fleet of one user on one host */
    CERT_FLAGS_ALL = (1 << 1) - 1,
};

enum cert_verdict {
#define CERT_VERDICT(name, text) CERT_VERDICT_##name,
#include "base/cert_verdicts.def"
#undef CERT_VERDICT
    CERT_VERDICTS,
};

/* An owner's repositories, or one of them. Names don't occur: a certificate is shown to others. */
struct cert_scope {
    uint8_t owner[HASH_ID_SIZE];
    uint8_t repository[HASH_ID_SIZE]; /* zero: all of the owner */
};

struct cert {
    enum cert_type type;
    uint8_t roles;                     /* enum cert_role */
    uint8_t flags;                     /* enum cert_flag */
    uint8_t scope_count;               /* 0: public only, unless CERT_FLAG_ALL */
    int64_t not_before_s, not_after_s; /* Unix time; both inclusive */
    uint8_t public_key[SIGN_PUBLIC_SIZE];
    uint8_t issuer[CERT_ID_SIZE];
    char name[CERT_NAME_MAX + 1];
    struct cert_scope scopes[CERT_SCOPES_MAX]; /* ascending, none twice */
    uint8_t signature[SIGN_SIZE];
};

/* The id of a key: BLAKE2b-128. */
void cert_key_id(const uint8_t public_key[static SIGN_PUBLIC_SIZE],
                 uint8_t ret_id[static CERT_ID_SIZE]);

/* The name of a verdict, as in metrics, and what it means. */
const char *cert_verdict_name(enum cert_verdict verdict);
const char *cert_verdict_text(enum cert_verdict verdict);

/* Reads "OWNER" or "OWNER/REPO", in any case. -EINVAL when it can't be a name of GitHub's. */
int cert_scope_parse(struct slice text, struct cert_scope *ret_scope) MUST_CHECK;

/* Whether all that scope names is within outer. */
bool cert_scope_is_within(const struct cert_scope *scope, const struct cert_scope *outer);

/* Adds a scope at its place; one that is there already is not added again. -ENOSPC beyond
 * CERT_SCOPES_MAX. */
int cert_add_scope(struct cert *self, const struct cert_scope *scope) MUST_CHECK;

/* Whether the certificate's own words cover the scope. */
bool cert_covers(const struct cert *self, const struct cert_scope *scope);

/* Names the issuer and signs. Everything else must be set and in its limits. */
void cert_sign(struct cert *self, const struct sign_functions *functions,
               const struct sign_key *issuer);

/* Writes the certificate, CERT_SIZE_MAX bytes at most. */
void cert_encode(const struct cert *self, struct bytes_out *out);

/* Takes one certificate off the front of in. -EBADMSG, with *ret_cert left alone, when it is not
 * exactly what cert_encode would write: short, unknown bits, values out of range or order. */
int cert_read(struct bytes_in *in, struct cert *ret_cert) MUST_CHECK;

/* The same over all of the bytes: what trails is refused too. */
int cert_decode(const void *data, size_t size, struct cert *ret_cert) MUST_CHECK;

/* Whether the issuer signed this certificate. Says nothing about its dates and rights. */
bool cert_signature_holds(const struct cert *self, const struct sign_functions *functions,
                          const uint8_t issuer[static SIGN_PUBLIC_SIZE]);

#endif
