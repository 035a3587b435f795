/* Runs a query over the model: objects are items or plain JSON, connections are lists. */
#include "graphql.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "field.h"
#include "query.h"
#include "root.h"
#include "serve.h"

struct run {
    struct mock_call *call;
    const struct mock_query *query;
    cJSON *errors;
    size_t depth;
};

/* An item, or JSON that is none; json is the item's own then. */
struct object {
    struct mock_item *item;
    const cJSON *json;
};

static cJSON *select_object(struct run *run, struct object object,
                            const struct mock_selection *first);

static void put_error(struct run *run, const char *type, const char *message, const char *field)
{
    cJSON *error = cJSON_CreateObject();
    cJSON *path = cJSON_CreateArray();
    if (field)
        cJSON_AddItemToArray(path, cJSON_CreateString(field));
    cJSON_AddStringToObject(error, "type", type);
    cJSON_AddItemToObject(error, "path", path);
    cJSON_AddStringToObject(error, "message", message);
    cJSON_AddItemToArray(run->errors, error);
}

static cJSON *select_value(struct run *run, const cJSON *value,
                           const struct mock_selection *selection)
{
    if (cJSON_IsArray(value)) {
        cJSON *list = cJSON_CreateArray();
        for (const cJSON *one = value->child; one; one = one->next)
            cJSON_AddItemToArray(list, select_value(run, one, selection));
        return list;
    }
    if (cJSON_IsObject(value) && selection->first) {
        const struct object object = {.json = value};
        return select_object(run, object, selection->first);
    }
    return value ? cJSON_Duplicate(value, true) : cJSON_CreateNull();
}

static cJSON *upper(const cJSON *value)
{
    char *text = cJSON_IsString(value) ? strdup(value->valuestring) : NULL;
    for (char *c = text; c && *c; c++)
        *c = (char)(toupper)((unsigned char)*c);
    cJSON *json = text ? cJSON_CreateString(text) : cJSON_CreateNull();
    free(text);
    return json;
}

/* The nodes of a connection, or its edges around them. */
static cJSON *select_members(struct run *run, const struct mock_selection *selection,
                             const struct object *members, struct mock_window window)
{
    const bool is_nodes = slice_equals(selection->name, slice_of("nodes"));
    const struct mock_selection *below = is_nodes ? selection : selection->first;
    cJSON *list = cJSON_CreateArray();
    for (size_t i = window.begin; below && i < window.end; i++) {
        cJSON *node = select_object(run, members[i], below->first);
        cJSON *edge = is_nodes ? node : cJSON_CreateObject();
        if (!is_nodes)
            cJSON_AddItemToObject(edge, "node", node);
        cJSON_AddItemToArray(list, edge);
    }
    return list;
}

static cJSON *select_of_connection(struct run *run, const struct mock_selection *selection,
                                   const struct object *members, struct mock_window window)
{
    if (slice_equals(selection->name, slice_of("totalCount")))
        return cJSON_CreateNumber((double)window.total);
    if (slice_equals(selection->name, slice_of("nodes")) ||
        slice_equals(selection->name, slice_of("edges")))
        return select_members(run, selection, members, window);
    if (!slice_equals(selection->name, slice_of("pageInfo")))
        return cJSON_CreateNull();
    cJSON *info = mock_connection_page_info(window);
    cJSON *out = select_value(run, info, selection);
    cJSON_Delete(info);
    return out;
}

static cJSON *select_connection(struct run *run, const struct mock_selection *selection,
                                const struct object *members, size_t count)
{
    const struct mock_window window = mock_connection_window(selection->arguments, count);
    cJSON *out = cJSON_CreateObject();
    for (const struct mock_selection *s = selection->first; s; s = s->next) {
        char *alias = s->type == MOCK_SELECTION_FIELD ? slice_copy(s->alias) : NULL;
        if (alias)
            cJSON_AddItemToObject(out, alias, select_of_connection(run, s, members, window));
        free(alias);
    }
    return out;
}

/* Repositories of one account, as far as the caller may read them; all of other lists. */
static bool is_visible(const struct run *run, const struct mock_item *account,
                       const struct mock_item *item)
{
    if (item->home->kind != MOCK_KIND_REPOS)
        return true;
    const struct slice login = slice_of(account->key);
    return mock_token_may_read(run->call->token, item) &&
           slice_starts_with(slice_of(item->key), login) && item->key[login.size] == '/';
}

static cJSON *connect_list(struct run *run, const struct mock_selection *selection,
                           const struct mock_item *account, const struct mock_list *list)
{
    struct object *members = list ? calloc(list->count + 1, sizeof *members) : NULL;
    const cJSON *order = cJSON_GetObjectItemCaseSensitive(selection->arguments, "orderBy");
    const char *direction =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(order, "direction"));
    const bool is_newest_first = direction && strcmp(direction, "DESC") == 0;
    size_t count = 0;
    if (!members)
        return cJSON_CreateNull();
    for (size_t i = 0; i < list->count; i++) {
        struct mock_item *item = list->items[is_newest_first ? list->count - 1 - i : i];
        if (!mock_connection_wants(selection->arguments, item) || !is_visible(run, account, item))
            continue;
        members[count].item = item;
        members[count++].json = item->json;
    }
    cJSON *out = select_connection(run, selection, members, count);
    free(members);
    return out;
}

static cJSON *connect_array(struct run *run, const struct mock_selection *selection,
                            const cJSON *array)
{
    const size_t max = (size_t)cJSON_GetArraySize(array);
    struct object *members = calloc(max + 1, sizeof *members);
    size_t count = 0;
    const cJSON *one;
    if (!members)
        return cJSON_CreateNull();
    cJSON_ArrayForEach(one, array) members[count++].json = one;
    cJSON *out = select_connection(run, selection, members, count);
    free(members);
    return out;
}

static const char *type_of(const struct mock_item *item)
{
    switch (item ? item->home->kind : MOCK_KIND_USERS) {
    case MOCK_KIND_REPOS:
        return "Repository";
    case MOCK_KIND_ISSUES:
        return "Issue";
    case MOCK_KIND_PULLS:
        return "PullRequest";
    case MOCK_KIND_RELEASES:
        return "Release";
    default:
        return "User";
    }
}

/* What REST says in another way or of another type. */
static const char *word_of_pull(const struct mock_item *pull, struct slice name)
{
    if (slice_equals(name, slice_of("mergeable")))
        return "MERGEABLE";
    if (slice_equals(name, slice_of("mergeStateStatus")))
        return "CLEAN";
    if (slice_equals(name, slice_of("state")) && mock_item_is(pull, "merged"))
        return "MERGED";
    return NULL;
}

/* What no REST object has under any name. NULL: look on. */
static cJSON *computed(const struct run *run, const struct object *object, struct slice name)
{
    const struct mock_item *item = object->item;
    const char *word = NULL;
    if (slice_equals(name, slice_of("__typename")))
        word = type_of(item);
    else if (slice_equals(name, slice_of("viewerPermission")))
        word = run->call->token->is_admin ? "ADMIN" : "READ";
    else if (item && item->home->kind == MOCK_KIND_PULLS)
        word = word_of_pull(item, name);
    if (word)
        return cJSON_CreateString(word);
    if (slice_equals(name, slice_of("isLatest")) && item)
        return cJSON_CreateBool(item->index + 1 == item->home->count);
    if (slice_equals(name, slice_of("isCrossRepository")) ||
        slice_equals(name, slice_of("isEmpty")))
        return cJSON_CreateFalse();
    if (slice_equals(name, slice_of("viewerCanAdminister")))
        return cJSON_CreateBool(run->call->token->is_admin);
    return NULL;
}

static cJSON *select_count(struct run *run, const struct mock_selection *selection,
                           const cJSON *number)
{
    cJSON *count = cJSON_CreateObject();
    cJSON_AddNumberToObject(count, "total_count", cJSON_IsNumber(number) ? number->valuedouble : 0);
    cJSON *out = select_value(run, count, selection);
    cJSON_Delete(count);
    return out;
}

static cJSON *select_ref(struct run *run, const struct object *object,
                         const struct mock_selection *selection)
{
    cJSON *ref = cJSON_CreateObject();
    cJSON_AddStringToObject(ref, "name", mock_item_string(object->item, "default_branch"));
    cJSON *out = select_value(run, ref, selection);
    cJSON_Delete(ref);
    return out;
}

/* An element by number or tag; issues and pull requests are looked for in each other's list too
 * when the field says so. */
static cJSON *select_named(struct run *run, const struct mock_selection *selection,
                           struct mock_list *list)
{
    const cJSON *arguments = selection->arguments;
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(arguments, "number");
    const char *tag = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(arguments, "tagName"));
    const bool is_either = slice_equals(selection->name, slice_of("issueOrPullRequest"));
    struct object object = {.item = NULL};
    char key[32];
    snprintf(key, sizeof key, "%.0f", cJSON_IsNumber(number) ? number->valuedouble : 0);
    if (list && !tag)
        object.item = mock_item_find(list, key);
    for (size_t i = 0; list && tag && i < list->count; i++)
        if (strcmp(mock_item_string(list->items[i], "tag_name"), tag) == 0)
            object.item = list->items[i];
    if (list && is_either && !object.item)
        object.item = mock_item_find(
            mock_model_list(&run->call->mock->model, list->owner, MOCK_KIND_PULLS), key);
    if (!object.item || object.item->gone)
        return cJSON_CreateNull();
    object.json = object.item->json;
    return select_object(run, object, selection->first);
}

static cJSON *select_one(struct run *run, struct object object,
                         const struct mock_selection *selection);

/* createIssue(input: {repositoryId, title, body}): the one mutation there is. */
static cJSON *mutate(struct run *run, const struct mock_selection *selection)
{
    struct mock_model *model = &run->call->mock->model;
    const cJSON *input = cJSON_GetObjectItemCaseSensitive(selection->arguments, "input");
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(input, "repositoryId"));
    const struct mock_list *repos = mock_model_list(model, model->root, MOCK_KIND_REPOS);
    const bool is_known = slice_equals(selection->name, slice_of("createIssue"));
    struct mock_item *repo = NULL, *issue = NULL;
    for (size_t i = 0; id && is_known && i < repos->count; i++)
        if (strcmp(mock_item_string(repos->items[i], "node_id"), id) == 0)
            repo = repos->items[i];
    if (repo && mock_token_may_read(run->call->token, repo))
        issue = mock_model_add(model, mock_model_list(model, repo, MOCK_KIND_ISSUES));
    if (!issue) {
        put_error(run, "UNPROCESSABLE", "Could not resolve to a node, or no such mutation.", NULL);
        return cJSON_CreateNull();
    }
    const cJSON *title = cJSON_GetObjectItemCaseSensitive(input, "title");
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(input, "body");
    mock_item_set(issue, "title", cJSON_Duplicate(title, true));
    mock_item_set(issue, "body", cJSON_Duplicate(body, true));
    mock_model_touch(model, issue);
    const struct object object = {.item = issue, .json = issue->json};
    const struct mock_selection *below = selection->first;
    cJSON *out = cJSON_CreateObject();
    for (; below; below = below->next)
        if (slice_equals(below->name, slice_of("issue")))
            cJSON_AddItemToObject(out, "issue", select_object(run, object, below->first));
    return out;
}

/* repository(owner:, name:), viewer, user(login:), ...: the root of a query. */
static cJSON *select_root(struct run *run, const struct mock_selection *selection)
{
    struct mock_call *call = run->call;
    struct mock_model *model = &call->mock->model;
    const cJSON *arguments = selection->arguments;
    const char *owner = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(arguments, "owner"));
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(arguments, "name"));
    const char *login = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(arguments, "login"));
    struct object object = {.item = NULL};
    if (slice_equals(selection->name, slice_of("viewer")))
        object.item = mock_root_account(call->mock, call->token);
    else if (slice_equals(selection->name, slice_of("repository")) && owner && name)
        object.item = mock_model_repo(model, owner, name);
    else if (login)
        object.item = mock_item_find(mock_model_list(model, model->root, MOCK_KIND_USERS), login);
    if (object.item && object.item->home->kind == MOCK_KIND_REPOS &&
        (object.item->gone || !mock_token_may_read(call->token, object.item)))
        object.item = NULL;
    if (object.item) {
        object.json = object.item->json;
        return select_object(run, object, selection->first);
    }
    if (owner && name) {
        char message[MOCK_TEXT_MAX];
        snprintf(message, sizeof message,
                 "Could not resolve to a Repository with the name '%s/%s'.", owner, name);
        put_error(run, "NOT_FOUND", message, "repository");
    }
    return cJSON_CreateNull();
}

static cJSON *select_one(struct run *run, struct object object,
                         const struct mock_selection *selection)
{
    if (!object.json)
        return run->query->is_mutation ? mutate(run, selection) : select_root(run, selection);
    struct mock_model *model = &run->call->mock->model;
    cJSON *value = computed(run, &object, selection->name);
    const struct mock_field *field = mock_field_find(object.item, selection->name);
    if (value)
        return value;
    if (object.item && slice_equals(selection->name, slice_of("defaultBranchRef")))
        return select_ref(run, &object, selection);
    if (!field)
        return select_value(run, mock_field_at(object.json, selection->name), selection);
    switch (field->form) {
    case MOCK_FORM_UPPER:
        return upper(mock_field_at_path(object.json, field->path));
    case MOCK_FORM_LIST:
        return connect_array(run, selection, mock_field_at_path(object.json, field->path));
    case MOCK_FORM_COUNT:
        return select_count(run, selection, mock_field_at_path(object.json, field->path));
    case MOCK_FORM_KIND:
        return connect_list(
            run, selection, object.item,
            mock_model_list(model, field->below == MOCK_KIND_REPOS ? model->root : object.item,
                            field->below));
    case MOCK_FORM_ONE:
        return select_named(run, selection, mock_model_list(model, object.item, field->below));
    default:
        return select_value(run, mock_field_at_path(object.json, field->path), selection);
    }
}

static void select_into(struct run *run, struct object object, const struct mock_selection *first,
                        cJSON *out);

static void select_field(struct run *run, struct object object,
                         const struct mock_selection *selection, cJSON *out)
{
    char *alias = slice_copy(selection->alias);
    if (alias && !cJSON_HasObjectItem(out, alias))
        cJSON_AddItemToObject(out, alias, select_one(run, object, selection));
    free(alias);
}

static void select_into(struct run *run, struct object object, const struct mock_selection *first,
                        cJSON *out)
{
    if (++run->depth > MOCK_GRAPHQL_DEPTH_MAX)
        first = NULL;
    for (const struct mock_selection *s = first; s; s = s->next) {
        if (s->is_skipped)
            continue;
        if (s->type == MOCK_SELECTION_SPREAD)
            select_into(run, object, mock_query_fragment(run->query, s->name), out);
        else if (s->type == MOCK_SELECTION_INLINE)
            select_into(run, object, s->first, out);
        else
            select_field(run, object, s, out);
    }
    run->depth--;
}

static cJSON *select_object(struct run *run, struct object object,
                            const struct mock_selection *first)
{
    cJSON *out = cJSON_CreateObject();
    select_into(run, object, first, out);
    return out;
}

static void refuse(struct mock_call *call, const char *near)
{
    struct buffer *out = &call->answer->body;
    buffer_put_text(out, "{\"errors\":[{\"message\":\"Parse error near ");
    buffer_put_json(out, slice_of(near ? near : "the end"));
    buffer_put_text(out, "\"}]}");
}

void mock_graphql_answer(struct mock_call *call)
{
    const struct slice body = buffer_slice(&call->request->body);
    struct mock_query *query = NULL;
    const char *near = NULL;
    if (!call->token) {
        mock_answer_fail(call->answer, 401, "Requires authentication");
        return;
    }
    cJSON *json = cJSON_ParseWithLength(body.data ? body.data : "", body.size);
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "query"));
    const cJSON *variables = cJSON_GetObjectItemCaseSensitive(json, "variables");
    if (!text) {
        mock_answer_fail(call->answer, 400, "Problems parsing JSON");
    } else if (mock_query_new(text, variables, &query, &near) < 0) {
        refuse(call, near);
    } else {
        struct run run = {.call = call, .query = query, .errors = cJSON_CreateArray()};
        const struct object root = {.item = NULL};
        cJSON *answer = cJSON_CreateObject();
        cJSON_AddItemToObject(answer, "data", select_object(&run, root, query->first));
        if (cJSON_GetArraySize(run.errors))
            cJSON_AddItemToObject(answer, "errors", run.errors);
        else
            cJSON_Delete(run.errors);
        mock_answer_json(call->answer, 200, answer);
    }
    mock_query_destroy(&query);
    cJSON_Delete(json);
}
