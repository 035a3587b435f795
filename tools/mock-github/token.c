/* Table of tokens, made as they appear. */
#include "token.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "limits.h"

enum { TOKEN_SIZE_MAX = 512 };

static void drop_repos(struct mock_token_repos *repos)
{
    for (size_t i = 0; i < repos->count; i++)
        free(repos->names[i]);
    free(repos->names);
    memset(repos, 0, sizeof *repos);
}

static void leave(void *cls, void *value)
{
    struct mock_token *token = value;
    (void)cls;
    free(token->name);
    free(token->login);
    free(token->owner);
    drop_repos(&token->only);
    drop_repos(&token->deny);
}

int mock_token_init(struct mock_tokens *self)
{
    const struct lru_options options = {
        .capacity = MOCK_TOKENS_MAX,
        .key_size = HASH_ID_SIZE,
        .value_size = sizeof(struct mock_token),
        .on_leave = leave,
    };
    return lru_new(&options, &self->table);
}

void mock_token_done(struct mock_tokens *self)
{
    lru_destroy(&self->table);
}

static bool looks_valid(const char *name)
{
    static const char *const prefixes[] = {"tok-", "ghp_", "ghs_", "gho_", "ghu_", "github_pat_"};
    if (strncmp(name, "tok-invalid", strlen("tok-invalid")) == 0)
        return false;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static int replace(char **text, const char *value)
{
    char *copy = strdup(value);
    if (!copy)
        return -ENOMEM;
    free(*text);
    *text = copy;
    return 0;
}

static struct mock_token *open_token(struct mock_tokens *self, const char *name)
{
    uint8_t key[HASH_ID_SIZE];
    bool added = false;
    hash_of(NULL, name, strlen(name), key, sizeof key);
    struct mock_token *token = lru_put(self->table, key, &added);
    if (!added)
        return token;
    token->limit = -1;
    token->is_valid = looks_valid(name);
    token->limits_repos = strncmp(name, "tok-noaccess", strlen("tok-noaccess")) == 0;
    if (replace(&token->name, name) < 0 || replace(&token->login, "octocat") < 0 ||
        replace(&token->owner, name) < 0) {
        lru_remove(self->table, key);
        return NULL;
    }
    return token;
}

/* The password of "user:password" in base64, else the user. */
static bool read_basic(const char *text, char ret[static TOKEN_SIZE_MAX])
{
    size_t size = 0;
    if (sodium_base642bin((uint8_t *)ret, TOKEN_SIZE_MAX - 1, text, strlen(text), NULL, &size, NULL,
                          sodium_base64_VARIANT_ORIGINAL) < 0)
        return false;
    ret[size] = '\0';
    char *colon = strchr(ret, ':');
    if (!colon)
        return true;
    *colon = '\0';
    if (colon[1] != '\0' && strcmp(colon + 1, "x-oauth-basic") != 0)
        memmove(ret, colon + 1, strlen(colon + 1) + 1);
    return true;
}

static bool read_name(const char *authorization, char ret[static TOKEN_SIZE_MAX])
{
    struct slice rest = slice_of(authorization);
    const struct slice scheme = slice_next(&rest, ' ');
    rest = slice_trim(rest);
    if (rest.size == 0 || rest.size >= TOKEN_SIZE_MAX)
        return false;
    if (slice_equals_nocase(scheme, slice_of("Basic")))
        return read_basic(rest.data, ret);
    if (!slice_equals_nocase(scheme, slice_of("token")) &&
        !slice_equals_nocase(scheme, slice_of("Bearer")))
        return false;
    memcpy(ret, rest.data, rest.size);
    ret[rest.size] = '\0';
    return true;
}

const struct mock_token *mock_token_identify(struct mock_tokens *self, const char *authorization,
                                             bool *ret_is_anonymous)
{
    char name[TOKEN_SIZE_MAX];
    *ret_is_anonymous = authorization == NULL;
    if (!authorization || !read_name(authorization, name))
        return NULL;
    const struct mock_token *token = open_token(self, name);
    return token && token->is_valid ? token : NULL;
}

/* A list of owner/name texts. */
static int read_repos(const cJSON *json, struct mock_token_repos *repos)
{
    struct mock_token_repos read = {.names = NULL};
    const int count = cJSON_GetArraySize(json);
    if (!cJSON_IsArray(json) || count > MOCK_TOKEN_REPOS_MAX)
        return -EINVAL;
    read.names = calloc((size_t)count + 1, sizeof *read.names);
    if (!read.names)
        return -ENOMEM;
    for (const cJSON *name = json->child; name; name = name->next) {
        char *copy = cJSON_IsString(name) ? strdup(name->valuestring) : NULL;
        if (!copy) {
            drop_repos(&read);
            return -EINVAL;
        }
        read.names[read.count++] = copy;
    }
    drop_repos(repos);
    *repos = read;
    return 0;
}

static int read_access(struct mock_token *token, const cJSON *json)
{
    const cJSON *repos = cJSON_GetObjectItemCaseSensitive(json, "repos");
    const cJSON *deny = cJSON_GetObjectItemCaseSensitive(json, "deny");
    int r = deny ? read_repos(deny, &token->deny) : 0;
    if (r == 0 && cJSON_IsString(repos)) {
        token->limits_repos = false;
        return strcmp(repos->valuestring, "*") == 0 ? 0 : -EINVAL;
    }
    if (r == 0 && repos)
        r = read_repos(repos, &token->only);
    if (r == 0 && repos)
        token->limits_repos = true;
    return r;
}

int mock_token_declare(struct mock_tokens *self, const cJSON *json)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "token"));
    const char *login = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "login"));
    const char *owner = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "owner"));
    const cJSON *valid = cJSON_GetObjectItemCaseSensitive(json, "valid");
    const cJSON *admin = cJSON_GetObjectItemCaseSensitive(json, "admin");
    const cJSON *limit = cJSON_GetObjectItemCaseSensitive(json, "limit");
    if (!name || *name == '\0' || strlen(name) >= TOKEN_SIZE_MAX)
        return -EINVAL;
    struct mock_token *token = open_token(self, name);
    if (!token)
        return -ENOMEM;
    int r = read_access(token, json);
    if (r == 0 && login)
        r = replace(&token->login, login);
    if (r == 0 && owner)
        r = replace(&token->owner, owner);
    token->is_valid = !valid || cJSON_IsTrue(valid);
    token->is_admin = cJSON_IsTrue(admin);
    if (cJSON_IsNumber(limit))
        token->limit = (int64_t)limit->valuedouble;
    return r;
}

static bool names(const struct mock_token_repos *repos, const char *name)
{
    for (size_t i = 0; i < repos->count; i++)
        if (strcasecmp(repos->names[i], name) == 0)
            return true;
    return false;
}

bool mock_token_may_read(const struct mock_token *self, const struct mock_item *repo)
{
    if (self && names(&self->deny, repo->key))
        return false;
    if (!mock_item_is(repo, "private"))
        return true;
    return self && (!self->limits_repos || names(&self->only, repo->key));
}
