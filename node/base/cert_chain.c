/* The rules of chains. What is cheap is asked before signatures are computed. */
#include "base/cert_chain.h"

#include <string.h>

bool cert_chain_is_revoked(const struct cert_trust *trust, const uint8_t id[static CERT_ID_SIZE],
                           int64_t now_s)
{
    for (size_t i = 0; i < trust->revoked_count; i++)
        if (memcmp(trust->revoked[i].id, id, CERT_ID_SIZE) == 0 &&
            now_s - CERT_SKEW_S <= trust->revoked[i].until_s)
            return true;
    return false;
}

static enum cert_verdict judge_alone(const struct cert_trust *trust, const struct cert *cert,
                                     int64_t now_s)
{
    uint8_t id[CERT_ID_SIZE];
    cert_key_id(cert->public_key, id);
    if (now_s < cert->not_before_s - CERT_SKEW_S)
        return CERT_VERDICT_not_yet_valid;
    if (now_s > cert->not_after_s + CERT_SKEW_S)
        return CERT_VERDICT_expired;
    if (cert_chain_is_revoked(trust, id, now_s))
        return CERT_VERDICT_revoked;
    return CERT_VERDICT_valid;
}

/* The outermost certificate: its issuer is one of the fleet's roots. */
static enum cert_verdict judge_first(const struct cert_trust *trust, const struct cert *cert,
                                     int64_t now_s)
{
    for (size_t i = 0; i < trust->root_count; i++) {
        const uint8_t *root = trust->roots + i * SIGN_PUBLIC_SIZE;
        uint8_t id[CERT_ID_SIZE];
        cert_key_id(root, id);
        if (memcmp(id, cert->issuer, sizeof id) != 0)
            continue;
        if (cert_chain_is_revoked(trust, id, now_s))
            return CERT_VERDICT_revoked;
        const enum cert_verdict verdict = judge_alone(trust, cert, now_s);
        if (verdict != CERT_VERDICT_valid)
            return verdict;
        return cert_signature_holds(cert, trust->functions, root) ? CERT_VERDICT_valid
                                                                  : CERT_VERDICT_bad_signature;
    }
    return CERT_VERDICT_wrong_root;
}

static bool are_scopes_within(const struct cert *cert, const struct cert *issuer)
{
    if ((cert->flags & CERT_FLAG_ALL) && !(issuer->flags & CERT_FLAG_ALL))
        return false;
    for (size_t i = 0; i < cert->scope_count; i++)
        if (!cert_covers(issuer, &cert->scopes[i]))
            return false;
    return true;
}

/* A certificate under a delegate that was found valid. Dear work comes last. */
static enum cert_verdict judge_next(const struct cert_trust *trust, const struct cert *cert,
                                    const struct cert *issuer, int64_t now_s)
{
    uint8_t id[CERT_ID_SIZE];
    cert_key_id(issuer->public_key, id);
    if (memcmp(id, cert->issuer, sizeof id) != 0)
        return CERT_VERDICT_wrong_issuer;
    if (cert->roles & ~issuer->roles)
        return CERT_VERDICT_roles_widened;
    if (!are_scopes_within(cert, issuer))
        return CERT_VERDICT_scopes_widened;
    if (cert->not_after_s > issuer->not_after_s)
        return CERT_VERDICT_outlives_issuer;
    const enum cert_verdict verdict = judge_alone(trust, cert, now_s);
    if (verdict != CERT_VERDICT_valid)
        return verdict;
    return cert_signature_holds(cert, trust->functions, issuer->public_key)
               ? CERT_VERDICT_valid
               : CERT_VERDICT_bad_signature;
}

enum cert_verdict cert_chain_verify_delegate(const struct cert_trust *trust,
                                             const struct cert *delegate, int64_t now_s)
{
    if (delegate->type != CERT_DELEGATE)
        return CERT_VERDICT_wrong_type;
    if (!(delegate->roles & CERT_ROLE_ISSUE))
        return CERT_VERDICT_may_not_issue;
    return judge_first(trust, delegate, now_s);
}

enum cert_verdict cert_chain_verify(const struct cert_trust *trust, const struct cert *chain,
                                    size_t count, int64_t now_s)
{
    if (count == 0)
        return CERT_VERDICT_empty_chain;
    if (count > CERT_CHAIN_MAX)
        return CERT_VERDICT_chain_too_long;
    if (chain[count - 1].type != CERT_NODE)
        return CERT_VERDICT_wrong_type;
    if (count == 1)
        return judge_first(trust, &chain[0], now_s);
    const enum cert_verdict verdict = cert_chain_verify_delegate(trust, &chain[0], now_s);
    if (verdict != CERT_VERDICT_valid)
        return verdict;
    return judge_next(trust, &chain[1], &chain[0], now_s);
}
