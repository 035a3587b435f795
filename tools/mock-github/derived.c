/* Computed answers. */
#include "derived.h"

#include <string.h>
#include <strings.h>

#include "git.h"
#include "serve.h"

/* Alone, a branch shows its whole commit. */
void mock_derived_branch(struct mock_call *call)
{
    struct mock_item *commit = mock_git_resolve(&call->mock->model, call->repo, call->item->key);
    cJSON *json = cJSON_Duplicate(call->item->json, true);
    struct slice text = slice_of(NULL);
    if (commit)
        text = mock_item_text(commit, MOCK_SHAPE_LISTED);
    cJSON_ReplaceItemInObjectCaseSensitive(json, "commit",
                                           cJSON_ParseWithLength(text.data, text.size));
    mock_answer_json(call->answer, 200, json);
    call->answer->state = &call->item->state;
}

void mock_derived_events(struct mock_call *call)
{
    mock_serve_list(call);
    mock_answer_put(call->answer, "X-Poll-Interval", "60");
}

void mock_derived_latest_release(struct mock_call *call)
{
    struct mock_list *releases =
        mock_model_list(&call->mock->model, call->repo, MOCK_KIND_RELEASES);
    for (size_t i = 0; releases && i < releases->count; i++) {
        struct mock_item *release = mock_item_at(releases, i);
        if (release->gone || mock_item_is(release, "draft") || mock_item_is(release, "prerelease"))
            continue;
        mock_serve_one(call, release);
        /* Another release may become the latest: the answer depends on the list. */
        call->answer->state = &releases->state;
        return;
    }
    mock_answer_fail(call->answer, 404, "Not Found");
}

void mock_derived_release_by_tag(struct mock_call *call)
{
    struct mock_list *releases =
        mock_model_list(&call->mock->model, call->repo, MOCK_KIND_RELEASES);
    for (size_t i = 0; releases && i < releases->count; i++) {
        struct mock_item *release = releases->items[i];
        if (release->gone || strcmp(mock_item_string(release, "tag_name"), call->rest) != 0)
            continue;
        mock_serve_one(call, release);
        return;
    }
    mock_answer_fail(call->answer, 404, "Not Found");
}

void mock_derived_status(struct mock_call *call)
{
    const struct mock_list *statuses = call->list;
    const char *state = statuses->count ? "success" : "pending";
    cJSON *json = cJSON_CreateObject();
    cJSON *all = cJSON_CreateArray();
    for (size_t i = 0; i < statuses->count; i++) {
        const struct mock_item *status = mock_item_at(statuses, i);
        if (strcmp(mock_item_string(status, "state"), "success") != 0)
            state = mock_item_string(status, "state");
        cJSON_AddItemToArray(all, cJSON_Duplicate(status->json, true));
    }
    cJSON_AddStringToObject(json, "state", state);
    cJSON_AddItemToObject(json, "statuses", all);
    cJSON_AddStringToObject(json, "sha", call->owner->key);
    cJSON_AddNumberToObject(json, "total_count", (double)statuses->count);
    mock_answer_json(call->answer, 200, json);
    call->answer->state = &call->list->state;
}

void mock_derived_statistics(struct mock_call *call)
{
    if (!call->repo->has_statistics) {
        call->repo->has_statistics = true;
        buffer_put_text(&call->answer->body, "{}");
        call->answer->status = 202;
        return;
    }
    cJSON *json = cJSON_CreateArray();
    for (size_t i = 0; i < call->list->count; i++) {
        const struct mock_item *contributor = call->list->items[i];
        cJSON *one = cJSON_CreateObject();
        cJSON_AddItemToObject(one, "author", cJSON_Duplicate(contributor->json, true));
        cJSON_AddNumberToObject(one, "total",
                                (double)mock_item_number(contributor, "contributions"));
        cJSON_AddItemToObject(one, "weeks", cJSON_CreateArray());
        cJSON_AddItemToArray(json, one);
    }
    mock_answer_json(call->answer, 200, json);
    call->answer->state = &call->list->state;
}

void mock_derived_empty(struct mock_call *call)
{
    buffer_put_text(&call->answer->body, "[]");
    call->answer->state = &call->repo->state;
}

void mock_derived_assets(struct mock_call *call)
{
    const cJSON *assets = cJSON_GetObjectItemCaseSensitive(call->item->json, "assets");
    mock_answer_json(call->answer, 200, cJSON_Duplicate(assets, true));
    call->answer->state = &call->item->state;
}

void mock_derived_public_key(struct mock_call *call)
{
    if (!mock_serve_needs_token(call))
        return;
    buffer_put_format(
        &call->answer->body,
        "{\"key_id\":\"%lld\",\"key\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}",
        (long long)mock_item_number(call->repo, "id"));
    call->answer->state = &call->repo->state;
}

static void serve_asset(struct mock_call *call)
{
    const struct mock_list *releases =
        mock_model_list(&call->mock->model, call->repo, MOCK_KIND_RELEASES);
    for (size_t i = 0; releases && i < releases->count; i++) {
        struct mock_item *release = releases->items[i];
        const cJSON *assets = cJSON_GetObjectItemCaseSensitive(release->json, "assets");
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(assets, 0), "id");
        char key[32];
        snprintf(key, sizeof key, "%.0f", cJSON_GetNumberValue(id));
        if (strcmp(key, call->key) != 0)
            continue;
        mock_answer_json(call->answer, 200, cJSON_Duplicate(cJSON_GetArrayItem(assets, 0), true));
        call->answer->state = &release->state;
        return;
    }
    mock_answer_fail(call->answer, 404, "Not Found");
}

void mock_derived_download(struct mock_call *call)
{
    const char *accept = mock_request_header(call->request, "Accept");
    const bool is_asset = strstr(call->route->pattern, "/releases/assets/") != NULL;
    const long long id = (long long)mock_item_number(call->repo, "id");
    const unsigned long long signature = mock_model_draw(
        &call->mock->model, call->request->target, call->mock->stats.all.requests, UINT64_MAX);
    if (is_asset && !(accept && strcasecmp(accept, "application/octet-stream") == 0)) {
        serve_asset(call);
        return;
    }
    call->answer->status = 302;
    call->answer->content_type = "text/html;charset=utf-8";
    mock_answer_put(call->answer, "Location",
                    "https://codeload.github.com/%lld/download?token=%016llx", id, signature);
    mock_answer_put(call->answer, "Cache-Control", "%s", "public, must-revalidate, max-age=0");
}
