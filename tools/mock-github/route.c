/* Matching and finding. Makes no answer but for what can't be found. */
#include "route.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "action.h"
#include "contents.h"
#include "derived.h"
#include "git.h"
#include "graphql.h"

#include "make.h"
#include "root.h"
#include "search.h"
#include "serve.h"
#include "write.h"

static const struct mock_route routes[] = {
#define ROUTE(method, pattern, handler, kind, parent)                                              \
    {method, pattern, handler, MOCK_KIND_##kind, MOCK_KIND_##parent},
#include "routes.def"
#undef ROUTE
};

static void put_base(struct mock_call *call)
{
    const char *host = mock_request_header(call->request, "Host");
    const char *base = call->mock->options.base_url;
    if (*base)
        snprintf(call->base, sizeof call->base, "%s", base);
    else if (!host || strcasecmp(host, "api.github.com") == 0)
        snprintf(call->base, sizeof call->base, "https://api.github.com");
    else
        snprintf(call->base, sizeof call->base, "http://%s", host);
}

void mock_route_init(struct mock_call *call, struct mock *mock, const struct mock_request *request,
                     struct mock_answer *answer)
{
    memset(call, 0, sizeof *call);
    call->mock = mock;
    call->request = request;
    call->answer = answer;
    call->media = mock_media_read(mock_request_header(request, "Accept"));
    call->is_2026 = mock_media_is_2026(request);
    put_base(call);
}

static bool fail(struct mock_call *call, unsigned status, const char *message)
{
    mock_answer_fail(call->answer, status, message);
    return false;
}

static bool not_found(struct mock_call *call)
{
    return fail(call, 404, "Not Found");
}

/* What a numeric id stands for: "name" or "owner/name" of an item of the root. */
static const char *name_of_id(struct mock_call *call, enum mock_kind kind, const char *id)
{
    const struct mock_list *list =
        mock_model_list(&call->mock->model, call->mock->model.root, kind);
    uint64_t number = 0;
    if (!list || !slice_to_u64(slice_of(id), INT64_MAX, &number))
        return NULL;
    for (size_t i = 0; i < list->count; i++)
        if (mock_item_number(list->items[i], "id") == (int64_t)number)
            return list->items[i]->key;
    return NULL;
}

/* /repositories/{id}/... is /repos/{owner}/{name}/..., and so for organizations and users. */
static bool take_segments(struct mock_call *call)
{
    static const struct {
        const char *numbered, *named;
        enum mock_kind kind;
    } aliases[] = {
        {"repositories", "repos", MOCK_KIND_REPOS},
        {"organizations", "orgs", MOCK_KIND_ORGS},
        {"user", "users", MOCK_KIND_USERS},
    };
    char *const *given = call->request->segments;
    size_t from = 0;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases && from == 0; i++) {
        const bool is_numbered = given[0] && given[1] &&
                                 strcmp(given[0], aliases[i].numbered) == 0 && given[1][0] >= '0' &&
                                 given[1][0] <= '9';
        const char *name = is_numbered ? name_of_id(call, aliases[i].kind, given[1]) : NULL;
        if (is_numbered && !name)
            return false;
        if (!name)
            continue;
        call->segments[call->segment_count++] = aliases[i].named;
        call->segments[call->segment_count++] = name;
        call->is_numbered = true;
        from = 2;
    }
    for (size_t i = from; given[i] && call->segment_count < MOCK_SEGMENTS_MAX; i++)
        call->segments[call->segment_count++] = given[i];
    return true;
}

static bool join_rest(struct mock_call *call, size_t from)
{
    size_t size = 0;
    if (from >= call->segment_count)
        return false;
    for (size_t i = from; i < call->segment_count; i++) {
        const int more = snprintf(call->rest + size, sizeof call->rest - size, "%s%s",
                                  i > from ? "/" : "", call->segments[i]);
        size += (size_t)more;
        if (size >= sizeof call->rest)
            return false;
    }
    return true;
}

/* Compares one pattern; notes key, parent and rest on the way. Behind "repos" come owner and name,
 * or both in one segment: an id was replaced by the full name. */
static bool matches(struct mock_call *call, const struct mock_route *route)
{
    struct slice rest = slice_of(route->pattern + 1);
    size_t at = 0;
    call->key = call->parent = NULL;
    while (rest.size) {
        const struct slice part = slice_next(&rest, '/');
        const char *segment = call->segments[at];
        if (slice_equals(part, slice_of("{rest}")))
            return join_rest(call, at);
        if (!segment)
            return false;
        if (slice_equals(part, slice_of("{repo}"))) {
            if (strcmp(segment, "repos") != 0)
                return false;
            at += call->is_numbered ? 2 : 3;
        } else if (slice_equals(part, slice_of("{key}"))) {
            call->key = call->segments[at++];
        } else if (slice_equals(part, slice_of("{parent}"))) {
            call->parent = call->segments[at++];
        } else if (slice_equals(part, slice_of("{any}"))) {
            at++;
        } else if (!slice_equals(part, slice_of(call->segments[at++]))) {
            return false;
        }
    }
    return at == call->segment_count;
}

static bool find_route(struct mock_call *call, const char *method)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes && !call->route; i++)
        if (strcmp(routes[i].method, method) == 0 && matches(call, &routes[i]))
            call->route = &routes[i];
    return call->route != NULL;
}

static bool redirect(struct mock_call *call, const struct mock_item *repo)
{
    const size_t taken = 3;
    const char *rest = call->request->target;
    for (size_t i = 0; i < taken && rest; i++)
        rest = strpbrk(rest + 1, "/?");
    char *location = NULL;
    const long long id = (long long)mock_item_number(repo, "id");
    if (asprintf(&location, "/repositories/%lld%s", id, rest ? rest : "") < 0)
        return not_found(call);
    cJSON *json = cJSON_CreateObject();
    char url[MOCK_TEXT_MAX];
    snprintf(url, sizeof url, "%s%s", call->mock->options.body_base, location);
    cJSON_AddStringToObject(json, "message", "Moved Permanently");
    cJSON_AddStringToObject(json, "url", url);
    cJSON_AddStringToObject(json, "documentation_url",
                            "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-"
                            "api#follow-redirects");
    const bool is_read = mock_request_is_read(call->request);
    mock_answer_json(call->answer, is_read ? 301 : 307, json);
    mock_answer_put(call->answer, "Location", "%s%s", call->base, location);
    free(location);
    return false;
}

static bool find_repo(struct mock_call *call)
{
    const char *owner = call->segments[1], *name = call->segments[2];
    const char *slash = call->is_numbered && owner ? strchr(owner, '/') : NULL;
    char both[MOCK_TEXT_MAX];
    struct mock_item *repo = NULL, *renamed = NULL;
    if (slash) {
        snprintf(both, sizeof both, "%.*s", (int)(slash - owner), owner);
        owner = both;
        name = slash + 1;
    }
    if (!owner || !name)
        return not_found(call);
    repo = mock_model_repo(&call->mock->model, owner, name);
    renamed = repo ? NULL : mock_model_renamed(&call->mock->model, owner, name);
    if (!repo && !renamed)
        return not_found(call);
    if (!mock_token_may_read(call->token, repo ? repo : renamed) || (repo && repo->gone))
        return not_found(call);
    if (renamed)
        return redirect(call, renamed);
    call->repo = call->owner = repo;
    return true;
}

/* Comments and jobs are found by ids that tell their issue or run. */
static struct mock_list *list_of_id(struct mock_call *call, enum mock_kind kind)
{
    struct mock_model *model = &call->mock->model;
    const bool is_job = kind == MOCK_KIND_JOBS;
    struct mock_list *owners =
        mock_model_list(model, call->repo, is_job ? MOCK_KIND_RUNS : MOCK_KIND_ISSUES);
    const struct mock_list shape = {.kind = kind, .owner = call->repo};
    const uint64_t first = is_job ? 0 : mock_make_id(&shape, 0);
    const uint64_t each = is_job ? MOCK_ACTION_JOBS_MAX : MOCK_MAKE_COMMENTS_MAX;
    uint64_t id = 0;
    char key[32];
    if (!owners || !call->key || !slice_to_u64(slice_of(call->key), INT64_MAX, &id) || id < first)
        return NULL;
    snprintf(key, sizeof key, "%llu", (unsigned long long)((id - first) / each));
    struct mock_item *owner = mock_item_find(owners, key);
    if (!owner && !is_job)
        owner = mock_item_find(mock_model_list(model, call->repo, MOCK_KIND_PULLS), key);
    return owner ? mock_model_list(model, owner, kind) : NULL;
}

static struct mock_item *find_item(struct mock_call *call, struct mock_list *list, const char *key)
{
    struct mock_model *model = &call->mock->model;
    if (!list || !key)
        return NULL;
    if (list->kind == MOCK_KIND_COMMITS)
        return mock_git_resolve(model, call->repo, key);
    struct mock_item *item = mock_item_find(list, key);
    if (!item && list->kind == MOCK_KIND_ISSUES && call->route->kind != MOCK_KIND_ISSUES)
        item = mock_item_find(mock_model_list(model, call->repo, MOCK_KIND_PULLS), key);
    for (size_t i = 0; !item && list->kind == MOCK_KIND_WORKFLOWS && i < list->count; i++)
        if (slice_ends_with(slice_of(mock_item_string(list->items[i], "path")), slice_of(key)))
            item = list->items[i];
    return item;
}

static bool find_parent(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    if (!call->parent)
        return true;
    struct mock_item *owner = call->repo ? call->repo : model->root;
    call->owner = find_item(call, mock_model_list(model, owner, call->route->parent), call->parent);
    return call->owner && !call->owner->gone;
}

static bool is_below_root(enum mock_kind kind)
{
    return kind == MOCK_KIND_REPOS || kind == MOCK_KIND_USERS || kind == MOCK_KIND_ORGS;
}

static bool find_list(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    const enum mock_kind kind = call->route->kind;
    const bool is_by_id =
        (kind == MOCK_KIND_COMMENTS || kind == MOCK_KIND_JOBS) && call->owner == call->repo;
    struct mock_item *owner = call->owner;
    if (kind == MOCK_KIND_ROOT)
        return true;
    if (is_below_root(kind))
        owner = model->root;
    else if (kind == MOCK_KIND_RUNS || kind == MOCK_KIND_COMMITS)
        owner = call->repo;
    call->list = is_by_id ? list_of_id(call, kind) : mock_model_list(model, owner, kind);
    if (!call->list)
        return false;
    if (call->key)
        call->item = find_item(call, call->list, call->key);
    return !call->key || call->item;
}

bool mock_route_find(struct mock_call *call, const char *method)
{
    if (!take_segments(call) || !find_route(call, method))
        return not_found(call);
    if (strstr(call->route->pattern, "{repo}") && !find_repo(call))
        return false;
    if (!find_parent(call) || !find_list(call))
        return not_found(call);
    if (call->item && call->item->gone)
        return call->list->kind == MOCK_KIND_ISSUES ? fail(call, 410, "This issue was deleted")
                                                    : not_found(call);
    return true;
}

char *mock_route_canonical(const struct mock_call *call)
{
    char *path = NULL;
    struct slice target = slice_of(call->request->target);
    const struct slice plain = slice_next(&target, '?');
    const struct mock_item *owner = call->repo ? call->repo : call->owner;
    const size_t taken = call->repo ? 3 : 2;
    const char *rest = plain.data;
    if (!owner || !owner->home || call->is_numbered)
        return slice_copy(plain);
    for (size_t i = 0; i < taken && rest; i++)
        rest = memchr(rest + 1, '/', (size_t)(plain.data + plain.size - rest - 1));
    const char *name = call->repo                            ? "repositories"
                       : owner->home->kind == MOCK_KIND_ORGS ? "organizations"
                                                             : "user";
    const size_t size = rest ? (size_t)(plain.data + plain.size - rest) : 0;
    if (asprintf(&path, "/%s/%lld%.*s", name, (long long)mock_item_number(owner, "id"), (int)size,
                 rest ? rest : "") < 0)
        return NULL;
    return path;
}
