/* Every limit of the GitHub side, in one place. Periods that the rules fix are here too; what an
 * operator may change is in node/config.def. */
#ifndef GITHUB_LIMITS_H
#define GITHUB_LIMITS_H

enum {
    GITHUB_KEY_SIZE = 32,      /* BLAKE2b-256 of the canonical request */
    GITHUB_CONTENT_SIZE = 32,  /* SHA-256 of a body */
    GITHUB_ETAG_SIZE = 32,     /* SHA-256 inside an ETag */
    GITHUB_TOKEN_ID_SIZE = 16, /* keyed BLAKE2b-128 of a credential */
    GITHUB_SCOPE_ID_SIZE = 16, /* BLAKE2b-128 of what a proof is about */
    GITHUB_SECRET_SIZE = 32,

    GITHUB_TARGET_MAX = 8 * 1024,         /* bytes of a request target; over it: 414 */
    GITHUB_QUERY_PARAMETERS_MAX = 128,    /* in one target; over it: 414 */
    GITHUB_HEADERS_MAX = 100,             /* fields of one message; over it: 431 or 502 */
    GITHUB_HEADERS_BYTES_MAX = 64 * 1024, /* of one message; over it: 431 or 502 */
    GITHUB_HEADER_VALUE_MAX = 8 * 1024,   /* bytes of one field; over it: 431 or 502 */
    GITHUB_REPRESENTATION_MAX = 512,      /* bytes of a folded Accept; over it: passed through */
    GITHUB_KEY_TEXT_MAX = 12 * 1024,      /* bytes of a canonical key text */
    GITHUB_NAME_MAX = 100,                /* bytes of an owner or repository name */
    GITHUB_BODY_MAX = 8 * 1024 * 1024, /* bytes of a body that is kept; over it: passed through */
    GITHUB_FACTS_MAX = 1024 * 1024,    /* bytes of a body that is read for facts */
    GITHUB_STREAM_MAX = 256 * 1024,    /* bytes buffered in one direction of a pass-through */

    GITHUB_PROOFS_MAX = 65536,    /* (token, scope, permission) */
    GITHUB_PUBLICS_MAX = 8192,    /* repositories seen public */
    GITHUB_DIRTY_MAX = 4096,      /* tokens that wrote lately */
    GITHUB_NEGATIVES_MAX = 4096,  /* (token, key) that GitHub did not find */
    GITHUB_ETAGS_MAX = 65536,     /* ETags that a token was given or would be given */
    GITHUB_ALIASES_MAX = 8192,    /* numeric repository ids */
    GITHUB_OVERSIZE_MAX = 4096,   /* keys whose bodies are too large to keep */
    GITHUB_TOMBSTONES_MAX = 1024, /* prefixes that were invalidated */
    GITHUB_BUDGETS_MAX = 4096,    /* (token, resource) whose limits are known */

    GITHUB_FLIGHTS_MAX = 4096, /* keys being fetched at one time; over it: 503 */
    GITHUB_WAITERS_MAX = 8192, /* clients waiting for them; over it: 503 */

    GITHUB_PUBLIC_S = 300,         /* how long a repository counts as seen public */
    GITHUB_DIRTY_S = 600,          /* how long after a write older entries are revalidated */
    GITHUB_TOMBSTONE_S = 600,      /* how long an invalidation stays known */
    GITHUB_NEGATIVE_S = 5,         /* how long a 404 is answered again to the same token */
    GITHUB_STALE_MAX_S = 600,      /* a stale answer is never older than this past its ttl */
    GITHUB_KEEP_S = 7 * 24 * 3600, /* entries stay this long for revalidation */
    GITHUB_UNSHAREABLE_S = 60,     /* a body over the limit is passed through for this long */
    GITHUB_CONTRADICTIONS_MAX = 3, /* a key with so many is treated as bound to the token */
    GITHUB_CANARY_WINDOW = 5,      /* own 200s that the ETag model is judged by */
    GITHUB_CANARY_MISSES_MAX = 3,  /* of them: the model no longer holds */
};

#endif
