/* Finds what a path names by the routes, then changes it. */
#include "change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "git.h"
#include "serve.h"
#include "write.h"

static void merge(struct mock *mock, struct mock_item *item, const cJSON *json)
{
    const cJSON *set = cJSON_GetObjectItemCaseSensitive(json, "set");
    if (cJSON_IsObject(set))
        mock_write_merge(&mock->model, item, set);
    else
        mock_model_touch(&mock->model, item);
}

static int add(struct mock *mock, struct mock_list *list, const cJSON *json)
{
    const double count = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, "add"));
    const cJSON *set = cJSON_GetObjectItemCaseSensitive(json, "set");
    if (!(count >= 1 && count <= MOCK_ADD_MAX))
        return -EINVAL;
    for (int i = 0; i < (int)count; i++) {
        struct mock_item *item = mock_model_add(&mock->model, list);
        if (!item)
            return -ENOSPC;
        if (cJSON_IsObject(set))
            mock_write_merge(&mock->model, item, set);
    }
    return 0;
}

static int push(struct mock *mock, struct mock_item *repo, const struct mock_git_push *push)
{
    return mock_git_push(&mock->model, repo, push);
}

/* A commit that changes the file: to the given content, or by one more line. */
static int change_file(struct mock *mock, struct mock_item *repo, const char *branch,
                       const char *path, const cJSON *json)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "content"));
    const struct mock_item *commit = mock_git_resolve(&mock->model, repo, branch);
    const struct mock_item *file = commit ? mock_git_at(&mock->model, repo, commit, path) : NULL;
    char message[MOCK_TEXT_MAX + 32];
    size_t size = 0;
    snprintf(message, sizeof message, "Change %s", path);
    struct mock_git_push change = {
        .branch = branch,
        .path = path,
        .message = message,
        .content = slice_of(text ? text : "New.\n"),
        .is_removal = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "delete")),
    };
    if (text || !file || file->home->kind != MOCK_KIND_BLOBS)
        return push(mock, repo, &change);
    struct buffer longer;
    char *bytes = mock_git_blob(file, &size);
    buffer_init(&longer, MOCK_ITEM_MAX);
    buffer_put(&longer, bytes, bytes ? size : 0);
    buffer_put_text(&longer, "One more line.\n");
    change.content = buffer_slice(&longer);
    const int r = longer.error ? longer.error : push(mock, repo, &change);
    buffer_done(&longer);
    free(bytes);
    return r;
}

static int change_repo(struct mock *mock, struct mock_item *repo, const cJSON *json)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "rename"));
    const char *visibility =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "visibility"));
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "delete"))) {
        mock_model_remove(&mock->model, repo);
        return 0;
    }
    if (name)
        return mock_model_rename(&mock->model, repo, name);
    if (visibility) {
        mock_item_set_string(repo, "visibility", visibility);
        mock_item_set(repo, "private", cJSON_CreateBool(strcmp(visibility, "public") != 0));
    }
    merge(mock, repo, json);
    return 0;
}

static int change_item(struct mock *mock, struct mock_item *item, const cJSON *json)
{
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "delete")))
        mock_model_remove(&mock->model, item);
    else
        merge(mock, item, json);
    return 0;
}

/* The newest element that is there, or NULL. */
static struct mock_item *newest(const struct mock_list *list)
{
    for (size_t i = list->count; i-- > 0;)
        if (!list->items[i]->gone)
            return list->items[i];
    return NULL;
}

static int change_found(struct mock *mock, const struct mock_call *found, const cJSON *json)
{
    static const char heads[] = "heads/";
    const struct mock_route *route = found->route;
    const enum mock_kind kind = route->kind;
    const bool is_readme = slice_ends_with(slice_of(route->pattern), slice_of("/readme"));
    if (route->handler == mock_contents_get)
        return change_file(mock, found->repo, "main", is_readme ? "README.md" : found->rest, json);
    if (route->handler == mock_contents_ref && strncmp(found->rest, heads, strlen(heads)) == 0)
        return change_file(mock, found->repo, found->rest + strlen(heads), "README.md", json);
    if (kind == MOCK_KIND_BRANCHES && found->item)
        return change_file(mock, found->repo, found->item->key, "README.md", json);
    if (kind == MOCK_KIND_COMMITS && !found->item)
        return change_file(mock, found->repo, "main", "README.md", json);
    if (found->list && cJSON_HasObjectItem(json, "add"))
        return add(mock, found->list, json);
    if (found->item)
        return change_item(mock, found->item, json);
    if (found->list && newest(found->list))
        return change_item(mock, newest(found->list), json);
    if (route->handler == mock_serve_repo)
        return change_repo(mock, found->repo, json);
    return -ENOENT;
}

static int change(struct mock *mock, const char *path, const cJSON *json)
{
    static const struct mock_token owner = {.name = "", .login = "octocat", .owner = ""};
    struct mock_request request;
    struct mock_answer answer;
    struct mock_call found;
    mock_answer_init(&answer);
    int r = mock_request_init(&request, "GET", path);
    if (r == 0) {
        mock_route_init(&found, mock, &request, &answer);
        found.token = &owner;
        r = mock_route_find(&found, "GET") ? change_found(mock, &found, json) : -ENOENT;
    }
    mock_answer_done(&answer);
    mock_request_done(&request);
    return r;
}

void mock_change_serve(struct mock_call *call)
{
    const struct slice body = buffer_slice(&call->request->body);
    cJSON *json = body.size ? cJSON_ParseWithLength(body.data, body.size) : cJSON_CreateObject();
    const char *path = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "path"));
    if (!path)
        path = mock_request_parameter(call->request, "path");
    const int r = path ? change(call->mock, path, json) : -EINVAL;
    if (r == -ENOENT)
        mock_answer_fail(call->answer, 404, "the path names nothing that can change");
    else if (r < 0)
        mock_answer_fail(call->answer, 400, "malformed: see tools/mock-github/README.md");
    else
        buffer_put_format(&call->answer->body, "{\"ok\":true,\"changes\":%llu,\"ms\":%lld}",
                          (unsigned long long)call->mock->model.changes,
                          (long long)mock_clock_now_ms(&call->mock->clock));
    cJSON_Delete(json);
}
