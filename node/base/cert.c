/* The layout of certificates, and the rules for one alone. */
#include "base/cert.h"

#include <errno.h>
#include <string.h>

static const uint8_t magic[] = {'R', 'M', 'C', '1'};
static const char purpose[] = "certificate";

enum { UNSIGNED_MAX = CERT_SIZE_MAX - SIGN_SIZE };

void cert_key_id(const uint8_t public_key[static SIGN_PUBLIC_SIZE],
                 uint8_t ret_id[static CERT_ID_SIZE])
{
    hash_of(NULL, public_key, SIGN_PUBLIC_SIZE, ret_id, CERT_ID_SIZE);
}

static void put_unsigned(const struct cert *self, struct bytes_out *out)
{
    char name[CERT_NAME_MAX] = {0};
    memcpy(name, self->name, strnlen(self->name, sizeof name));
    bytes_put(out, magic, sizeof magic);
    bytes_put_u8(out, (uint8_t)self->type);
    bytes_put_u8(out, self->roles);
    bytes_put_u8(out, self->flags);
    bytes_put_u8(out, self->scope_count);
    bytes_put_u64(out, (uint64_t)self->not_before_s);
    bytes_put_u64(out, (uint64_t)self->not_after_s);
    bytes_put(out, self->public_key, sizeof self->public_key);
    bytes_put(out, self->issuer, sizeof self->issuer);
    bytes_put(out, name, sizeof name);
    for (size_t i = 0; i < self->scope_count; i++) {
        bytes_put(out, self->scopes[i].owner, HASH_ID_SIZE);
        bytes_put(out, self->scopes[i].repository, HASH_ID_SIZE);
    }
}

static bool is_zero(const uint8_t *data, size_t size)
{
    uint8_t any = 0;
    for (size_t i = 0; i < size; i++)
        any |= data[i];
    return any == 0;
}

static bool is_name_ok(const char *name)
{
    for (; *name; name++)
        if (*name <= ' ' || *name > '~')
            return false;
    return true;
}

static int compare_scopes(const struct cert_scope *a, const struct cert_scope *b)
{
    const int owners = memcmp(a->owner, b->owner, sizeof a->owner);
    return owners ? owners : memcmp(a->repository, b->repository, sizeof a->repository);
}

static bool are_scopes_ok(const struct cert *self)
{
    if ((self->flags & CERT_FLAG_ALL) && self->scope_count > 0)
        return false; /* two ways to say one thing */
    for (size_t i = 0; i < self->scope_count; i++)
        if (is_zero(self->scopes[i].owner, HASH_ID_SIZE) ||
            (i > 0 && compare_scopes(&self->scopes[i - 1], &self->scopes[i]) >= 0))
            return false;
    return true;
}

static bool is_well_formed(const struct cert *self)
{
    return (self->type == CERT_DELEGATE || self->type == CERT_NODE) &&
           !(self->roles & ~CERT_ROLES_ALL) && !(self->flags & ~CERT_FLAGS_ALL) &&
           self->not_before_s >= 0 && self->not_before_s <= self->not_after_s &&
           self->not_after_s <= CERT_TIME_MAX && is_name_ok(self->name) && are_scopes_ok(self);
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

int cert_read(struct bytes_in *in, struct cert *ret_cert)
{
    struct cert cert = {0};
    uint8_t found[sizeof magic] = {0};
    read_bytes(in, found, sizeof found);
    cert.type = (enum cert_type)bytes_read_u8(in);
    cert.roles = bytes_read_u8(in);
    cert.flags = bytes_read_u8(in);
    cert.scope_count = bytes_read_u8(in);
    cert.not_before_s = read_time(in);
    cert.not_after_s = read_time(in);
    read_bytes(in, cert.public_key, sizeof cert.public_key);
    read_bytes(in, cert.issuer, sizeof cert.issuer);
    read_bytes(in, cert.name, CERT_NAME_MAX);
    if (in->failed || memcmp(found, magic, sizeof magic) != 0 || cert.scope_count > CERT_SCOPES_MAX)
        return -EBADMSG;
    for (size_t i = 0; i < cert.scope_count; i++) {
        read_bytes(in, cert.scopes[i].owner, HASH_ID_SIZE);
        read_bytes(in, cert.scopes[i].repository, HASH_ID_SIZE);
    }
    read_bytes(in, cert.signature, sizeof cert.signature);
    const size_t length = strlen(cert.name);
    if (in->failed || !is_well_formed(&cert) ||
        !is_zero((const uint8_t *)cert.name + length, CERT_NAME_MAX - length))
        return -EBADMSG;
    *ret_cert = cert;
    return 0;
}

int cert_decode(const void *data, size_t size, struct cert *ret_cert)
{
    struct bytes_in in = bytes_in_over(data, size);
    struct cert cert;
    int r = cert_read(&in, &cert);
    if (r == 0 && bytes_left(&in) > 0)
        r = -EBADMSG;
    if (r == 0)
        *ret_cert = cert;
    return r;
}

void cert_encode(const struct cert *self, struct bytes_out *out)
{
    put_unsigned(self, out);
    bytes_put(out, self->signature, sizeof self->signature);
}

void cert_sign(struct cert *self, const struct sign_functions *functions,
               const struct sign_key *issuer)
{
    uint8_t data[UNSIGNED_MAX];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    CHECK(self->scope_count <= CERT_SCOPES_MAX && is_well_formed(self));
    cert_key_id(issuer->public_key, self->issuer);
    put_unsigned(self, &out);
    CHECK(!out.overflowed);
    sign_data(functions, issuer, purpose, data, (size_t)(out.at - data), self->signature);
}

bool cert_signature_holds(const struct cert *self, const struct sign_functions *functions,
                          const uint8_t issuer[static SIGN_PUBLIC_SIZE])
{
    uint8_t data[UNSIGNED_MAX];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    put_unsigned(self, &out);
    return !out.overflowed &&
           sign_holds(functions, issuer, purpose, data, (size_t)(out.at - data), self->signature);
}

int cert_add_scope(struct cert *self, const struct cert_scope *scope)
{
    size_t at = 0;
    while (at < self->scope_count && compare_scopes(&self->scopes[at], scope) < 0)
        at++;
    if (at < self->scope_count && compare_scopes(&self->scopes[at], scope) == 0)
        return 0;
    if (self->scope_count == CERT_SCOPES_MAX)
        return -ENOSPC;
    memmove(&self->scopes[at + 1], &self->scopes[at],
            (self->scope_count - at) * sizeof self->scopes[0]);
    self->scopes[at] = *scope;
    self->scope_count++;
    return 0;
}

bool cert_covers(const struct cert *self, const struct cert_scope *scope)
{
    if (self->flags & CERT_FLAG_ALL)
        return true;
    for (size_t i = 0; i < self->scope_count; i++)
        if (cert_scope_is_within(scope, &self->scopes[i]))
            return true;
    return false;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_name_character(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

/* Hashes the lower-cased name. -EINVAL when it is none. */
static int hash_name(struct slice name, size_t max, uint8_t ret_hash[static HASH_ID_SIZE])
{
    char text[CERT_REPOSITORY_NAME_MAX];
    CHECK(max <= sizeof text);
    if (slice_is_empty(name) || name.size > max || slice_equals(name, slice_of(".")) ||
        slice_equals(name, slice_of("..")))
        return -EINVAL;
    for (size_t i = 0; i < name.size; i++) {
        if (!is_name_character(name.data[i]))
            return -EINVAL;
        text[i] = lower(name.data[i]);
    }
    hash_of(NULL, text, name.size, ret_hash, HASH_ID_SIZE);
    return 0;
}

int cert_scope_parse(struct slice text, struct cert_scope *ret_scope)
{
    struct cert_scope scope = {0};
    struct slice rest = text;
    const struct slice owner = slice_next(&rest, '/');
    int r = hash_name(owner, CERT_OWNER_NAME_MAX, scope.owner);
    if (r == 0 && rest.data)
        r = hash_name(rest, CERT_REPOSITORY_NAME_MAX, scope.repository);
    if (r == 0)
        *ret_scope = scope;
    return r;
}

bool cert_scope_is_within(const struct cert_scope *scope, const struct cert_scope *outer)
{
    return memcmp(scope->owner, outer->owner, sizeof scope->owner) == 0 &&
           (is_zero(outer->repository, sizeof outer->repository) ||
            memcmp(scope->repository, outer->repository, sizeof scope->repository) == 0);
}

static const char *const names[] = {
#define CERT_VERDICT(name, text) #name,
#include "base/cert_verdicts.def"
#undef CERT_VERDICT
};

static const char *const texts[] = {
#define CERT_VERDICT(name, text) text,
#include "base/cert_verdicts.def"
#undef CERT_VERDICT
};

const char *cert_verdict_name(enum cert_verdict verdict)
{
    CHECK(verdict < CERT_VERDICTS);
    return names[verdict];
}

const char *cert_verdict_text(enum cert_verdict verdict)
{
    CHECK(verdict < CERT_VERDICTS);
    return texts[verdict];
}
