/* Four bounded tables and the key that token ids are made with. What is remembered here only ever
 * saves a question to GitHub: losing an entry costs a call, except for a token that wrote, where
 * forgetting would break its read-your-writes; see github_access_soil. */
#include "github/access.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "github/table.h"

enum { ACCESS_SKEW_MS = 60 * 1000 }; /* a clock set back further than this voids what came before */

/* What a hash is about, so that two kinds never share one. */
enum access_domain {
    ACCESS_TOKEN = 't',      /* a credential behind a scheme that names one */
    ACCESS_CREDENTIAL = 'c', /* any other Authorization value */
    ACCESS_PROOF = 'p',
    ACCESS_ETAG = 'e',
    ACCESS_MEMO = 'm',
};

struct github_access {
    uint8_t process_key[HASH_KEY_SIZE];
    uint32_t time_scale;
    _Atomic int64_t proof_ttl_ms;
    _Atomic int64_t soiled_floor_ms; /* latest time at which a token that wrote was forgotten */
    struct github_table *proofs;     /* value: when */
    struct github_table *publics;    /* value: when */
    struct github_table *soiled;     /* value: when */
    struct github_table *etags;      /* given by GitHub: struct github_access_etag */
    struct github_table *memos;      /* computed for clients: the ETag */
};

static int make_tables(struct github_access *self)
{
    int r = github_table_new(GITHUB_PROOFS_MAX, HASH_ID_SIZE, sizeof(int64_t), &self->proofs);
    if (r == 0)
        r = github_table_new(GITHUB_PUBLICS_MAX, GITHUB_SCOPE_ID_SIZE, sizeof(int64_t),
                             &self->publics);
    if (r == 0)
        r = github_table_new(GITHUB_DIRTY_MAX, GITHUB_TOKEN_ID_SIZE, sizeof(int64_t),
                             &self->soiled);
    if (r == 0)
        r = github_table_new(GITHUB_ETAGS_MAX, HASH_ID_SIZE, sizeof(struct github_access_etag),
                             &self->etags);
    if (r == 0)
        r = github_table_new(GITHUB_ETAGS_MAX, HASH_ID_SIZE, GITHUB_ETAG_SIZE, &self->memos);
    return r;
}

int github_access_new(const struct github_access_options *options,
                      struct github_access **ret_access)
{
    CHECK(options->time_scale >= 1);
    struct github_access *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    random_bytes(self->process_key, sizeof self->process_key);
    self->time_scale = options->time_scale;
    atomic_store(&self->proof_ttl_ms, options->proof_ttl_ms);
    atomic_store(&self->soiled_floor_ms, INT64_MIN);
    const int r = make_tables(self);
    if (r == 0)
        *ret_access = self;
    else
        github_access_destroy(&self);
    return r;
}

void github_access_destroy(struct github_access **self_p)
{
    struct github_access *self = *self_p;
    if (!self)
        return;
    github_table_destroy(&self->proofs);
    github_table_destroy(&self->publics);
    github_table_destroy(&self->soiled);
    github_table_destroy(&self->etags);
    github_table_destroy(&self->memos);
    explicit_bzero(self->process_key, sizeof self->process_key);
    free(self);
    *self_p = NULL;
}

void github_access_set_proof_ttl(struct github_access *self, int64_t proof_ttl_ms)
{
    atomic_store(&self->proof_ttl_ms, proof_ttl_ms);
}

static int64_t scaled_ms(const struct github_access *self, int64_t ms)
{
    return ms / self->time_scale;
}

static void start(const struct github_access *self, struct hash *hash, enum access_domain domain)
{
    const uint8_t byte = (uint8_t)domain;
    hash_start(hash, self->process_key, HASH_ID_SIZE);
    hash_add(hash, &byte, sizeof byte);
}

/* The credential behind a scheme that only says "here is one"; empty when the scheme is another. */
static struct slice bearer_credential(struct slice authorization)
{
    struct slice rest = authorization;
    const struct slice scheme = slice_next(&rest, ' ');
    const struct slice none = {.data = NULL, .size = 0};
    const bool is_bearer = slice_equals_nocase(scheme, slice_of("token")) ||
                           slice_equals_nocase(scheme, slice_of("bearer"));
    return is_bearer ? slice_trim(rest) : none;
}

bool github_access_token_id(const struct github_access *self, struct slice authorization,
                            uint8_t ret[static GITHUB_TOKEN_ID_SIZE])
{
    const struct slice value = slice_trim(authorization);
    const struct slice credential = bearer_credential(value);
    struct hash hash;
    memset(ret, 0, GITHUB_TOKEN_ID_SIZE);
    if (slice_is_empty(value))
        return false;
    start(self, &hash, slice_is_empty(credential) ? ACCESS_CREDENTIAL : ACCESS_TOKEN);
    hash_add_text(&hash, slice_is_empty(credential) ? value : credential);
    hash_finish(&hash, ret, GITHUB_TOKEN_ID_SIZE);
    return true;
}

static void proof_key(const struct github_access *self, const struct github_access_subject *subject,
                      uint8_t ret[static HASH_ID_SIZE])
{
    const uint8_t permission = (uint8_t)subject->permission;
    struct hash hash;
    start(self, &hash, ACCESS_PROOF);
    hash_add(&hash, subject->token_id, GITHUB_TOKEN_ID_SIZE);
    hash_add(&hash, subject->scope_id, GITHUB_SCOPE_ID_SIZE);
    hash_add(&hash, &permission, sizeof permission);
    hash_finish(&hash, ret, HASH_ID_SIZE);
}

/* A permission that was seen holds only forward: when the clock was set back, its end would come
 * later than promised. */
static bool holds(struct github_table *table, const void *key, int64_t now_ms)
{
    int64_t since_ms = 0;
    return github_table_get(table, key, now_ms, &since_ms) && since_ms <= now_ms + ACCESS_SKEW_MS;
}

void github_access_prove(struct github_access *self, const struct github_access_subject *subject,
                         int64_t now_ms)
{
    uint8_t key[HASH_ID_SIZE];
    proof_key(self, subject, key);
    const int64_t ttl_ms = scaled_ms(self, atomic_load(&self->proof_ttl_ms));
    github_table_put(self->proofs, key, &now_ms, now_ms, now_ms + ttl_ms);
}

bool github_access_is_proved(struct github_access *self,
                             const struct github_access_subject *subject, int64_t now_ms)
{
    uint8_t key[HASH_ID_SIZE];
    proof_key(self, subject, key);
    return holds(self->proofs, key, now_ms);
}

void github_access_withdraw(struct github_access *self, const struct github_access_subject *subject)
{
    uint8_t key[HASH_ID_SIZE];
    proof_key(self, subject, key);
    github_table_remove(self->proofs, key);
}

void github_access_set_public(struct github_access *self, const uint8_t *scope_id, bool is_public,
                              int64_t now_ms)
{
    const int64_t ttl_ms = scaled_ms(self, GITHUB_PUBLIC_S * INT64_C(1000));
    if (is_public)
        github_table_put(self->publics, scope_id, &now_ms, now_ms, now_ms + ttl_ms);
    else
        github_table_remove(self->publics, scope_id);
}

bool github_access_is_public(struct github_access *self, const uint8_t *scope_id, int64_t now_ms)
{
    return holds(self->publics, scope_id, now_ms);
}

static int64_t dirty_ttl_ms(const struct github_access *self)
{
    return scaled_ms(self, GITHUB_DIRTY_S * INT64_C(1000));
}

/* Who left the full table is not known by name any more, so from now on everybody counts as having
 * written up to now. */
void github_access_soil(struct github_access *self, const uint8_t *token_id, int64_t now_ms)
{
    const uint64_t evictions = github_table_evictions(self->soiled);
    github_table_extend(self->soiled, token_id, &now_ms, now_ms, now_ms + dirty_ttl_ms(self));
    if (github_table_evictions(self->soiled) != evictions)
        atomic_store(&self->soiled_floor_ms, now_ms);
}

int64_t github_access_soiled_ms(struct github_access *self, const uint8_t *token_id, int64_t now_ms)
{
    const int64_t floor_ms = atomic_load(&self->soiled_floor_ms);
    const bool has_floor = floor_ms != INT64_MIN && now_ms < floor_ms + dirty_ttl_ms(self);
    int64_t soiled_ms = has_floor ? floor_ms : INT64_MIN;
    int64_t own_ms = 0;
    if (github_table_get(self->soiled, token_id, now_ms, &own_ms) && own_ms > soiled_ms)
        soiled_ms = own_ms;
    return soiled_ms;
}

static int64_t etag_end_ms(const struct github_access *self, int64_t now_ms)
{
    return now_ms + scaled_ms(self, GITHUB_KEEP_S * INT64_C(1000));
}

static void etag_key(const struct github_access *self, const uint8_t *token_id, const uint8_t *key,
                     uint8_t ret[static HASH_ID_SIZE])
{
    struct hash hash;
    start(self, &hash, ACCESS_ETAG);
    hash_add(&hash, token_id, GITHUB_TOKEN_ID_SIZE);
    hash_add(&hash, key, GITHUB_KEY_SIZE);
    hash_finish(&hash, ret, HASH_ID_SIZE);
}

void github_access_put_etag(struct github_access *self, const uint8_t *token_id, const uint8_t *key,
                            const struct github_access_etag *etag, int64_t now_ms)
{
    uint8_t id[HASH_ID_SIZE];
    etag_key(self, token_id, key, id);
    github_table_put(self->etags, id, etag, now_ms, etag_end_ms(self, now_ms));
}

bool github_access_get_etag(struct github_access *self, const uint8_t *token_id, const uint8_t *key,
                            int64_t now_ms, struct github_access_etag *ret_etag)
{
    uint8_t id[HASH_ID_SIZE];
    etag_key(self, token_id, key, id);
    return github_table_get(self->etags, id, now_ms, ret_etag);
}

/* An absent field and an empty one hash differently in the recipe, hence here. */
static void add_field(struct hash *hash, struct slice value)
{
    const uint8_t is_present = value.data != NULL;
    hash_add(hash, &is_present, sizeof is_present);
    hash_add_text(hash, value);
}

void github_access_client_etag(struct github_access *self, const uint8_t *content,
                               const struct github_etag_request *request, struct slice body,
                               int64_t now_ms, uint8_t ret[static GITHUB_ETAG_SIZE])
{
    const uint8_t vary_byte = (uint8_t)(request->vary & GITHUB_VARY_ALL);
    uint8_t id[HASH_ID_SIZE];
    struct hash hash;
    start(self, &hash, ACCESS_MEMO);
    hash_add(&hash, content, GITHUB_CONTENT_SIZE);
    add_field(&hash, request->accept);
    add_field(&hash, request->authorization);
    hash_add(&hash, &vary_byte, sizeof vary_byte);
    hash_finish(&hash, id, sizeof id);
    if (github_table_get(self->memos, id, now_ms, ret))
        return;
    github_etag_compute(request, body, ret);
    github_table_put(self->memos, id, ret, now_ms, etag_end_ms(self, now_ms));
}

void github_access_counts(struct github_access *self, struct github_access_counts *ret_counts)
{
    ret_counts->proofs = github_table_count(self->proofs);
    ret_counts->publics = github_table_count(self->publics);
    ret_counts->soiled = github_table_count(self->soiled);
    ret_counts->etags = github_table_count(self->etags) + github_table_count(self->memos);
    ret_counts->full = github_table_evictions(self->proofs) +
                       github_table_evictions(self->publics) +
                       github_table_evictions(self->soiled) + github_table_evictions(self->etags) +
                       github_table_evictions(self->memos);
}
