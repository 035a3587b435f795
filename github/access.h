/* Who may be given what: access proofs, repositories seen public, tokens that wrote lately, and the
 * ETags of tokens. All in memory, all bounded, gone with the process. Any thread. */
#ifndef GITHUB_ACCESS_H
#define GITHUB_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"
#include "github/etag.h"
#include "github/limits.h"
#include "github/route.h"

struct github_access;

struct github_access_options {
    int64_t proof_ttl_ms;
    uint32_t time_scale; /* divides every fixed period; at least 1 */
};

/* -ENOMEM. Draws the process key that token ids are made with. */
int github_access_new(const struct github_access_options *options,
                      struct github_access **ret_access) MUST_CHECK;
void github_access_destroy(struct github_access **self_p);

/* A reload may change it; proofs already given keep their end. */
void github_access_set_proof_ttl(struct github_access *self, int64_t proof_ttl_ms);

/* The id of the credential in an Authorization value: keyed with this process's key, the scheme
 * left out ("token X" and "Bearer X" are one). False, and zeros, for an absent or empty value. */
bool github_access_token_id(const struct github_access *self, struct slice authorization,
                            uint8_t ret[static GITHUB_TOKEN_ID_SIZE]);

struct github_access_subject {
    const uint8_t *token_id; /* GITHUB_TOKEN_ID_SIZE */
    const uint8_t *scope_id; /* GITHUB_SCOPE_ID_SIZE, of github_route_scope */
    enum github_permission permission;
};

/* GitHub answered 200 or 304 to this token within this scope and permission. */
void github_access_prove(struct github_access *self, const struct github_access_subject *subject,
                         int64_t now_ms);
bool github_access_is_proved(struct github_access *self,
                             const struct github_access_subject *subject, int64_t now_ms);
/* GitHub answered 401, 403 or 404. */
void github_access_withdraw(struct github_access *self,
                            const struct github_access_subject *subject);

/* This node saw the repository's visibility first-hand. */
void github_access_set_public(struct github_access *self, const uint8_t *scope_id, bool is_public,
                              int64_t now_ms);
bool github_access_is_public(struct github_access *self, const uint8_t *scope_id, int64_t now_ms);

/* The token wrote something whose effects are not known exactly. */
void github_access_soil(struct github_access *self, const uint8_t *token_id, int64_t now_ms);
/* When it last did, or INT64_MIN. */
int64_t github_access_soiled_ms(struct github_access *self, const uint8_t *token_id,
                                int64_t now_ms);

/* The ETag that GitHub gave this token for this key, and the content it belongs to. */
struct github_access_etag {
    uint8_t content[GITHUB_CONTENT_SIZE];
    uint8_t etag[GITHUB_ETAG_SIZE];
};
void github_access_put_etag(struct github_access *self, const uint8_t *token_id, const uint8_t *key,
                            const struct github_access_etag *etag, int64_t now_ms);
bool github_access_get_etag(struct github_access *self, const uint8_t *token_id, const uint8_t *key,
                            int64_t now_ms, struct github_access_etag *ret_etag);

/* The ETag of a content for a client's own spelling of Accept and Authorization: computed once,
 * then remembered, so that a hit does not hash a body. */
void github_access_client_etag(struct github_access *self, const uint8_t *content,
                               const struct github_etag_request *request, struct slice body,
                               int64_t now_ms, uint8_t ret[static GITHUB_ETAG_SIZE]);

/* Entries per table and how often each was full, for the metrics. */
struct github_access_counts {
    uint64_t proofs, publics, soiled, etags;
    uint64_t full; /* evictions of all tables */
};
void github_access_counts(struct github_access *self, struct github_access_counts *ret_counts);

#endif
