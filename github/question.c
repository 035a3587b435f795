/* From a raw request to its meaning. */
#include "github/question.h"

#include <errno.h>
#include <string.h>

#include "github/accept.h"
#include "github/key.h"
#include "github/state.h"

static bool has(const struct github_request *request, const char *name)
{
    return github_headers_find(request->headers, name).data != NULL;
}

static void read_method(struct github_question *self)
{
    const struct slice method = self->request->method;
    self->is_get = slice_equals(method, slice_of("GET")) || slice_equals(method, slice_of("HEAD"));
    self->is_graphql = slice_equals(self->target.path, slice_of("/graphql"));
    self->is_unsafe = !self->is_get && !slice_equals(method, slice_of("OPTIONS"));
}

/* A credential in the address would be stored with the key's text. A name with an escape may spell
 * one. */
static bool has_credential(struct slice query)
{
    static const char *const names[] = {"access_token", "client_secret", "token"};
    while (query.data) {
        struct slice parameter = slice_next(&query, '&');
        const struct slice name = slice_next(&parameter, '=');
        if (name.size > 0 && memchr(name.data, '%', name.size))
            return true;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (slice_equals_nocase(name, slice_of(names[i])))
                return true;
    }
    return false;
}

static void read_headers(struct github_question *self, const struct github *github)
{
    const struct github_headers *headers = self->request->headers;
    self->authorization = github_headers_find(headers, "Authorization");
    self->accept = github_headers_find(headers, "Accept");
    self->api_version = github_headers_find(headers, "X-GitHub-Api-Version");
    self->control = github_cache_control_parse(github_headers_find(headers, "Cache-Control"),
                                               github_headers_find(headers, "Pragma"));
    self->is_anonymous =
        !github_access_token_id(github->access, self->authorization, self->token_id);
    self->is_bypassed = has(self->request, "Range") || has(self->request, "Cookie") ||
                        has(self->request, "X-GitHub-OTP") || has_credential(self->target.query) ||
                        github_headers_count(headers, "Accept") > 1 ||
                        github_headers_count(headers, "Cache-Control") > 1 ||
                        self->request->body_size != 0 || !github->options.store;
    if (github_accept_fold(self->accept, self->representation) < 0) {
        self->representation[0] = '\0';
        self->is_bypassed = true;
    }
}

/* The names of a numeric repository id stand in for the path's. */
static void resolve_alias(struct github_question *self, const struct github *github)
{
    self->named_path = self->target.path;
    const uint64_t id = self->match.repository_id;
    if (id == 0 || !github_alias_find(github->alias, id, &self->alias))
        return;
    struct slice rest = slice_skip(self->target.path, strlen("/repositories/"));
    slice_next(&rest, '/');
    self->match.owner = slice_of(self->alias.owner);
    self->match.repository = slice_of(self->alias.repository);
    buffer_put_format(&self->named_text, "/repos/%s/%s", self->alias.owner, self->alias.repository);
    if (rest.data) {
        buffer_put_char(&self->named_text, '/');
        buffer_put_slice(&self->named_text, rest);
    }
    self->named_path = buffer_slice(&self->named_text);
}

/* Runners and settings of a public repository are as closed as those of a private one. */
static void make_scopes(struct github_question *self)
{
    const struct github_route_match *match = &self->match;
    github_route_scope(match, self->key, self->scope_id);
    memcpy(self->repository_id, self->scope_id, sizeof self->repository_id);
    if (match->repository.size > 0)
        github_route_repository_scope(match->owner, match->repository, self->repository_id);
    const bool is_closed = github_route_reach(match->route->permission) == GITHUB_REACH_KEY;
    memcpy(self->public_id, is_closed ? self->scope_id : self->repository_id,
           sizeof self->public_id);
}

static int make_key(struct github_question *self, const struct github *github)
{
    const struct github_key_parts parts = {
        .upstream = slice_of(github->upstream),
        .path = self->target.path,
        .query = self->target.query,
        .representation = slice_of(self->representation),
        .api_version = self->api_version,
    };
    int r = github_key_write(&parts, &self->text);
    if (r == 0)
        r = self->text.error ? self->text.error : self->named_text.error;
    if (r < 0)
        return r;
    github_key_hash(buffer_slice(&self->text), github->secret, self->key);
    github_key_bind(self->key, self->token_id, self->bound);
    make_scopes(self);
    return 0;
}

int github_question_init(struct github_question *self, const struct github *github,
                         const struct github_request *request)
{
    struct slice host;
    self->request = request;
    buffer_init(&self->text, GITHUB_KEY_TEXT_MAX);
    buffer_init(&self->named_text, GITHUB_KEY_TEXT_MAX);
    int r = github_target_parse(request->target, &self->target, &host);
    if (r < 0)
        return r;
    read_method(self);
    read_headers(self, github);
    self->match = github_route_find(self->target.path);
    resolve_alias(self, github);
    return make_key(self, github);
}

void github_question_done(struct github_question *self)
{
    buffer_done(&self->text);
    buffer_done(&self->named_text);
}

void github_question_target(const struct github_question *self, struct buffer *out)
{
    buffer_put_slice(out, self->target.path);
    if (self->target.query.data) {
        buffer_put_char(out, '?');
        buffer_put_slice(out, self->target.query);
    }
}

const char *github_question_resource(const struct github_question *self)
{
    if (self->is_graphql)
        return "graphql";
    if (slice_starts_with(self->target.path, slice_of("/search/code")))
        return "code_search";
    if (slice_starts_with(self->target.path, slice_of("/search/")))
        return "search";
    return "core";
}
