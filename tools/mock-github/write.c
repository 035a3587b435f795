/* Writing. All changes go through model.c, so they are counted and dated. */
#include "write.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "git.h"
#include "serve.h"

static const char key_field[] = "id,number,sha,url,node_id,full_name";

/* The body as an object; NULL after the answer of its absence. Needs a token. */
static cJSON *read_body(struct mock_call *call)
{
    const struct slice body = buffer_slice(&call->request->body);
    if (!mock_serve_needs_token(call))
        return NULL;
    cJSON *json = cJSON_ParseWithLength(body.data ? body.data : "", body.size);
    if (!cJSON_IsObject(json) && !cJSON_IsArray(json)) {
        mock_answer_fail(call->answer, 400, "Problems parsing JSON");
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

static bool is_key(const char *name)
{
    struct slice rest = slice_of(key_field);
    while (rest.data)
        if (slice_equals(slice_next(&rest, ','), slice_of(name)))
            return true;
    return false;
}

/* Clients name labels; the API shows objects. */
static cJSON *label_objects(struct mock_model *model, struct mock_item *item, const cJSON *names)
{
    const struct mock_list *labels = mock_model_list(model, mock_item_repo(item), MOCK_KIND_LABELS);
    cJSON *objects = cJSON_CreateArray();
    const cJSON *name;
    cJSON_ArrayForEach(name, names)
    {
        const char *text = cJSON_GetStringValue(name);
        const struct mock_item *label = text && labels ? mock_item_find(labels, text) : NULL;
        if (label)
            cJSON_AddItemToArray(objects, cJSON_Duplicate(label->json, true));
        else if (cJSON_IsObject(name))
            cJSON_AddItemToArray(objects, cJSON_Duplicate(name, true));
    }
    return objects;
}

static void merge(struct mock_model *model, struct mock_item *item, const cJSON *json)
{
    for (const cJSON *field = json->child; field; field = field->next) {
        if (!field->string || is_key(field->string))
            continue;
        cJSON *value = strcmp(field->string, "labels") == 0 ? label_objects(model, item, field)
                                                            : cJSON_Duplicate(field, true);
        mock_item_set(item, field->string, value);
    }
}

void mock_write_merge(struct mock_model *model, struct mock_item *item, const cJSON *json)
{
    merge(model, item, json);
    mock_model_touch(model, item);
}

/* An issue counts its comments. */
static void count_comment(struct mock_call *call)
{
    if (call->list->kind != MOCK_KIND_COMMENTS)
        return;
    mock_item_set(call->list->owner, "comments", cJSON_CreateNumber((double)call->list->count));
    mock_model_touch(&call->mock->model, call->list->owner);
}

void mock_write_element(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    cJSON *json = read_body(call);
    if (!json)
        return;
    struct mock_item *item = mock_model_add(model, call->list);
    if (!item) {
        mock_answer_fail(call->answer, 422, "Validation Failed");
        cJSON_Delete(json);
        return;
    }
    merge(model, item, json);
    mock_item_set_string(item, "state", "open");
    if (call->list->kind == MOCK_KIND_LABELS || call->list->kind == MOCK_KIND_COMMENTS)
        cJSON_DeleteItemFromObjectCaseSensitive(item->json, "state");
    mock_model_touch(model, item);
    count_comment(call);
    mock_serve_put(call, item, false, &call->answer->body);
    call->answer->status = 201;
    mock_answer_put(call->answer, "Location", "%s", mock_item_string(item, "url"));
    cJSON_Delete(json);
}

static void write_to(struct mock_call *call, struct mock_item *item)
{
    cJSON *json = read_body(call);
    if (!json)
        return;
    mock_write_merge(&call->mock->model, item, json);
    mock_serve_put(call, item, false, &call->answer->body);
    cJSON_Delete(json);
}

void mock_write_item(struct mock_call *call)
{
    write_to(call, call->item);
}

void mock_write_repo(struct mock_call *call)
{
    write_to(call, call->repo);
}

void mock_write_remove(struct mock_call *call)
{
    if (!mock_serve_needs_token(call))
        return;
    mock_model_remove(&call->mock->model, call->item);
    call->answer->status = 204;
}

void mock_write_labels(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    const bool is_read = mock_request_is_read(call->request);
    const bool is_removal = mock_request_is(call->request, "DELETE");
    cJSON *json = is_read || is_removal ? cJSON_CreateObject() : read_body(call);
    if (!json || (is_removal && !mock_serve_needs_token(call))) {
        cJSON_Delete(json);
        return;
    }
    const cJSON *names = cJSON_IsArray(json) ? json : cJSON_GetObjectItem(json, "labels");
    cJSON *objects = label_objects(model, call->item, names);
    const cJSON *before = cJSON_GetObjectItem(call->item->json, "labels");
    const cJSON *label;
    if (mock_request_is(call->request, "POST"))
        cJSON_ArrayForEach(label, before)
            cJSON_AddItemToArray(objects, cJSON_Duplicate(label, true));
    if (!is_read) {
        mock_item_set(call->item, "labels", objects);
        mock_model_touch(model, call->item);
    } else {
        cJSON_Delete(objects);
    }
    cJSON_Delete(json);
    if (is_removal)
        call->answer->status = 204;
    else
        mock_answer_json(call->answer, 200,
                         cJSON_Duplicate(cJSON_GetObjectItem(call->item->json, "labels"), true));
    call->answer->state = &call->item->state;
}

static void commit_answer(struct mock_call *call, const char *branch, bool is_new)
{
    struct mock_model *model = &call->mock->model;
    const struct mock_item *commit = mock_git_resolve(model, call->repo, branch);
    const struct mock_item *object =
        commit ? mock_git_at(model, call->repo, commit, call->rest) : NULL;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddItemToObject(json, "content",
                          object ? mock_contents_json(call, object, call->rest, branch, false)
                                 : cJSON_CreateNull());
    if (commit)
        cJSON_AddItemToObject(json, "commit", cJSON_Duplicate(commit->json, true));
    mock_answer_json(call->answer, is_new ? 201 : 200, json);
}

/* GitHub demands the sha of the file that is replaced; another one is a conflict. */
static bool knows_file(const struct mock_item *file, const cJSON *json)
{
    const char *sha = cJSON_GetStringValue(cJSON_GetObjectItem(json, "sha"));
    return file ? sha && strcmp(sha, file->key) == 0 : !sha;
}

static char *read_content(const cJSON *json, size_t *ret_size)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(json, "content"));
    const size_t max = text ? strlen(text) + 1 : 1;
    char *bytes = malloc(max);
    *ret_size = 0;
    if (bytes && text &&
        sodium_base642bin((uint8_t *)bytes, max, text, strlen(text), "\n", ret_size, NULL,
                          sodium_base64_VARIANT_ORIGINAL) < 0) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static void push(struct mock_call *call, const cJSON *json, const char *branch,
                 const struct mock_item *file)
{
    const char *message = cJSON_GetStringValue(cJSON_GetObjectItem(json, "message"));
    size_t size = 0;
    char *bytes = read_content(json, &size);
    const struct mock_git_push change = {
        .branch = branch,
        .path = call->rest,
        .message = message ? message : "Change",
        .content = {.data = bytes, .size = size},
        .is_removal = mock_request_is(call->request, "DELETE"),
    };
    const int r = bytes ? mock_git_push(&call->mock->model, call->repo, &change) : -EINVAL;
    if (r < 0)
        mock_answer_fail(call->answer, 422, "Invalid request.");
    else
        commit_answer(call, branch, !file);
    free(bytes);
}

void mock_write_contents(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    cJSON *json = read_body(call);
    if (!json)
        return;
    const char *asked = cJSON_GetStringValue(cJSON_GetObjectItem(json, "branch"));
    const char *branch = asked ? asked : "main";
    const struct mock_item *commit = mock_git_resolve(model, call->repo, branch);
    const struct mock_item *file =
        commit ? mock_git_at(model, call->repo, commit, call->rest) : NULL;
    if (!commit) {
        mock_answer_fail(call->answer, 404, "Branch not found");
    } else if (!knows_file(file, json)) {
        char message[MOCK_TEXT_MAX * 2];
        snprintf(message, sizeof message, "%s does not match %s", call->rest,
                 file ? file->key : "a new file");
        mock_answer_fail(call->answer, 409, message);
    } else {
        push(call, json, branch, file);
    }
    cJSON_Delete(json);
}

void mock_write_rerun(struct mock_call *call)
{
    if (!mock_serve_needs_token(call))
        return;
    mock_item_set_string(call->item, "status", "queued");
    mock_item_set(call->item, "conclusion", cJSON_CreateNull());
    mock_item_set(call->item, "run_attempt",
                  cJSON_CreateNumber((double)mock_item_number(call->item, "run_attempt") + 1));
    mock_model_touch(&call->mock->model, call->item);
    buffer_put_text(&call->answer->body, "{}");
    call->answer->status = 201;
}

void mock_write_runner_token(struct mock_call *call)
{
    enum { HOUR_MS = 3600 * 1000 };
    char expires[MOCK_CLOCK_TEXT_SIZE];
    if (!mock_serve_needs_token(call))
        return;
    mock_clock_format(mock_clock_now_ms(&call->mock->clock) + HOUR_MS, expires);
    const unsigned long long token = mock_model_draw(&call->mock->model, call->request->target,
                                                     call->mock->stats.all.requests, UINT64_MAX);
    buffer_put_format(&call->answer->body, "{\"token\":\"A%020llX\",\"expires_at\":\"%s\"}", token,
                      expires);
    call->answer->status = 201;
}

void mock_write_reset(struct mock_call *call)
{
    if (mock_serve_needs_token(call))
        call->answer->status = 205;
}
