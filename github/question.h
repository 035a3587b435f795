/* What a client's request means: its key, its route, who asks. Made once per request. */
#ifndef GITHUB_QUESTION_H
#define GITHUB_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/check.h"
#include "github/alias.h"
#include "github/cache_control.h"
#include "github/github.h"
#include "github/limits.h"
#include "github/route.h"
#include "github/target.h"

struct github_question {
    const struct github_request *request; /* borrowed for life, with all that it points to */
    struct github_target target;
    struct github_route_match match;
    struct github_alias_name alias; /* the names behind a numeric id, when known */
    struct slice named_path;        /* the path with names instead of the id, for invalidations */
    struct slice authorization, accept, api_version;
    struct github_cache_control control;
    bool is_get;    /* GET or HEAD */
    bool is_unsafe; /* may change something at GitHub */
    bool is_graphql;
    bool is_anonymous;
    bool is_bypassed; /* never answered from the store */
    char representation[GITHUB_REPRESENTATION_MAX + 1];
    struct buffer text;       /* of the key */
    struct buffer named_text; /* holds named_path */
    uint8_t key[GITHUB_KEY_SIZE];
    uint8_t bound[GITHUB_KEY_SIZE]; /* the key of this token's own copy */
    uint8_t token_id[GITHUB_TOKEN_ID_SIZE];
    uint8_t scope_id[GITHUB_SCOPE_ID_SIZE];      /* what a proof is about */
    uint8_t repository_id[GITHUB_SCOPE_ID_SIZE]; /* of the repository; else the scope's */
    uint8_t public_id[GITHUB_SCOPE_ID_SIZE];     /* whose being public opens the answer */
};

/* -EBADMSG for a malformed target, -EMSGSIZE for one over a limit, -ENOMEM. Needs _done always. */
int github_question_init(struct github_question *self, const struct github *github,
                         const struct github_request *request) MUST_CHECK;
void github_question_done(struct github_question *self);

/* Path and query as they go upstream, into out: as received, without /api/v3. */
void github_question_target(const struct github_question *self, struct buffer *out);

/* The rate-limit resource that the request counts against: "core", "search", ... */
const char *github_question_resource(const struct github_question *self);

#endif
