/* Who asks: tokens, what each may read, and whose quota it uses. Tokens are pretended ones; those
 * of the usual prefixes are valid without being declared. */
#ifndef MOCK_TOKEN_H
#define MOCK_TOKEN_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/lru.h"
#include "item.h"

/* owner/name texts; they belong to the token. */
struct mock_token_repos {
    char **names;
    size_t count;
};

struct mock_token {
    char *name;
    char *login;
    char *owner;                  /* whose quota it uses; several tokens may share one */
    struct mock_token_repos only; /* private repositories it may read, when limits_repos */
    struct mock_token_repos deny; /* and what it may not, private or not */
    bool limits_repos;
    bool is_valid;
    bool is_admin;
    int64_t limit; /* calls per hour, -1 for the usual */
};

struct mock_tokens {
    struct lru *table;
};

/* -ENOMEM. */
int mock_token_init(struct mock_tokens *self) MUST_CHECK;
void mock_token_done(struct mock_tokens *self);

/* The token of an Authorization value ("token X", "Bearer X", Basic), or NULL: *ret_is_anonymous
 * then tells no credential at all (value NULL) from a bad one. Lives until the next call. */
const struct mock_token *mock_token_identify(struct mock_tokens *self, const char *authorization,
                                             bool *ret_is_anonymous);

/* Sets what json says of json.token: repos ("*" or a list), deny, login, owner, valid, admin,
 * limit. -EINVAL when that is malformed, -ENOMEM. */
int mock_token_declare(struct mock_tokens *self, const cJSON *json) MUST_CHECK;

/* Whether the token (NULL: nobody) may read the repository. */
bool mock_token_may_read(const struct mock_token *self, const struct mock_item *repo);

#endif
