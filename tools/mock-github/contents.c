/* What is in a repository, from git.c's objects. */
#include "contents.h"

#include <stdlib.h>
#include <string.h>

#include "git.h"
#include "serve.h"
#include "template.h"

static const char readme_path[] = "README.md";

static void not_found(struct mock_call *call)
{
    mock_answer_fail(call->answer, 404, "Not Found");
}

/* What git holds depends on where the branches are. */
static void set_source(struct mock_call *call)
{
    struct mock_list *branches =
        mock_model_list(&call->mock->model, call->repo, MOCK_KIND_BRANCHES);
    call->answer->state = branches ? &branches->state : NULL;
    call->answer->media_type = mock_media_name(call->media);
}

static bool is_tree(const struct mock_item *object)
{
    return object->home->kind == MOCK_KIND_TREES;
}

cJSON *mock_contents_json(const struct mock_call *call, const struct mock_item *object,
                          const char *path, const char *ref, bool has_content)
{
    const bool is_dir = is_tree(object);
    const char *slash = strrchr(path, '/');
    struct mock_values values = {.count = 0};
    mock_template_put(&values, "api", "%s", call->mock->options.body_base);
    mock_template_put(&values, "web", "https://github.com");
    mock_template_put(&values, "full", "%s", call->repo->key);
    mock_template_put_text(&values, "file", slice_of(slash ? slash + 1 : path));
    mock_template_put_text(&values, "path", slice_of(path));
    mock_template_put_text(&values, "ref", slice_of(ref));
    mock_template_put(&values, "sha", "%s", object->key);
    mock_template_put(&values, "size", "%lld", (long long)mock_item_number(object, "size"));
    mock_template_put(&values, "kind", is_dir ? "tree" : "blob");
    mock_template_put(&values, "object", is_dir ? "trees" : "blobs");
    mock_template_put(&values, "type", is_dir ? "dir" : "file");
    char *download = NULL;
    if (!is_dir && asprintf(&download, "https://raw.githubusercontent.com/%s/%s/%s",
                            call->repo->key, ref, path) < 0)
        download = NULL;
    mock_template_put(&values, "download", "null");
    cJSON *json = mock_template_fill(MOCK_TEMPLATE_CONTENT, &values);
    if (download)
        cJSON_ReplaceItemInObjectCaseSensitive(json, "download_url", cJSON_CreateString(download));
    free(download);
    if (has_content && !is_dir) {
        cJSON_AddStringToObject(json, "content", mock_item_string(object, "content"));
        cJSON_AddStringToObject(json, "encoding", "base64");
    }
    return json;
}

static cJSON *folder_json(struct mock_call *call, const struct mock_item *tree, const char *path,
                          const char *ref)
{
    struct mock_model *model = &call->mock->model;
    const struct mock_list *trees = mock_model_list(model, call->repo, MOCK_KIND_TREES);
    const struct mock_list *blobs = mock_model_list(model, call->repo, MOCK_KIND_BLOBS);
    cJSON *json = cJSON_CreateArray();
    const cJSON *entry;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(tree->json, "tree"))
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "path"));
        const char *sha = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "sha"));
        char full[MOCK_TEXT_MAX];
        struct mock_item *object = mock_item_find(blobs, sha);
        if (!object)
            object = mock_item_find(trees, sha);
        snprintf(full, sizeof full, "%s%s%s", path, *path ? "/" : "", name);
        if (object)
            cJSON_AddItemToArray(json, mock_contents_json(call, object, full, ref, false));
    }
    return json;
}

static void serve_folder(struct mock_call *call, const struct mock_item *tree, const char *path,
                         const char *ref)
{
    cJSON *entries = folder_json(call, tree, path, ref);
    if (call->media != MOCK_MEDIA_OBJECT) {
        mock_answer_json(call->answer, 200, entries);
        return;
    }
    cJSON *json = mock_contents_json(call, tree, path, ref, false);
    cJSON_AddItemToObject(json, "entries", entries);
    mock_answer_json(call->answer, 200, json);
}

static void serve_bytes(struct mock_call *call, const struct mock_item *blob)
{
    size_t size = 0;
    char *bytes = mock_git_blob(blob, &size);
    const bool is_html = call->media == MOCK_MEDIA_HTML;
    if (is_html)
        buffer_put_text(&call->answer->body, "<div id=\"readme\"><pre>");
    buffer_put(&call->answer->body, bytes, bytes ? size : 0);
    if (is_html)
        buffer_put_text(&call->answer->body, "</pre></div>");
    call->answer->content_type = mock_media_content_type(call->media);
    free(bytes);
}

static int64_t date_of(const struct mock_item *commit)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(commit->json, "commit");
    const cJSON *committer = cJSON_GetObjectItemCaseSensitive(data, "committer");
    const char *date = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(committer, "date"));
    return date ? mock_clock_parse(date) : 0;
}

void mock_contents_get(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    const char *ref = mock_request_parameter(call->request, "ref");
    const bool is_readme = slice_ends_with(slice_of(call->route->pattern), slice_of("/readme"));
    const char *path = is_readme ? readme_path : call->rest;
    const char *name = ref && *ref ? ref : "main";
    const struct mock_item *commit = mock_git_resolve(model, call->repo, name);
    const struct mock_item *object = commit ? mock_git_at(model, call->repo, commit, path) : NULL;
    if (!object) {
        not_found(call);
        return;
    }
    if (is_tree(object))
        serve_folder(call, object, path, name);
    else if (call->media == MOCK_MEDIA_RAW || call->media == MOCK_MEDIA_HTML)
        serve_bytes(call, object);
    else
        mock_answer_json(call->answer, 200, mock_contents_json(call, object, path, name, true));
    set_source(call);
    call->answer->modified_ms = date_of(commit);
}

void mock_contents_ref(struct mock_call *call)
{
    char full[MOCK_TEXT_MAX + sizeof "refs/"];
    const struct mock_list *refs = mock_model_list(&call->mock->model, call->repo, MOCK_KIND_REFS);
    snprintf(full, sizeof full, "refs/%s", call->rest);
    struct mock_item *ref = refs ? mock_item_find(refs, full) : NULL;
    if (ref && !ref->gone)
        mock_serve_one(call, ref);
    else
        not_found(call);
}

/* Appends the entries of a tree and, below each folder, of those, with full paths. */
static void flatten(const struct mock_list *trees, const struct mock_item *tree, const char *prefix,
                    cJSON *out)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(tree->json, "tree"))
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "path"));
        const char *sha = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "sha"));
        char full[MOCK_TEXT_MAX];
        snprintf(full, sizeof full, "%s%s%s", prefix, *prefix ? "/" : "", name);
        cJSON *copy = cJSON_Duplicate(entry, true);
        cJSON_ReplaceItemInObjectCaseSensitive(copy, "path", cJSON_CreateString(full));
        cJSON_AddItemToArray(out, copy);
        const struct mock_item *below = mock_item_find(trees, sha);
        if (below)
            flatten(trees, below, full, out);
    }
}

void mock_contents_tree(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    struct mock_list *trees = mock_model_list(model, call->repo, MOCK_KIND_TREES);
    struct mock_item *tree = trees ? mock_item_find(trees, call->rest) : NULL;
    struct mock_item *commit = tree ? NULL : mock_git_resolve(model, call->repo, call->rest);
    if (commit)
        tree = mock_git_at(model, call->repo, commit, "");
    if (!tree) {
        not_found(call);
        return;
    }
    cJSON *json = cJSON_Duplicate(tree->json, true);
    if (mock_request_parameter(call->request, "recursive")) {
        cJSON *all = cJSON_CreateArray();
        flatten(trees, tree, "", all);
        cJSON_ReplaceItemInObjectCaseSensitive(json, "tree", all);
    }
    mock_answer_json(call->answer, 200, json);
    set_source(call);
}

void mock_contents_blob(struct mock_call *call)
{
    if (call->media == MOCK_MEDIA_RAW)
        serve_bytes(call, call->item);
    else
        mock_serve_one(call, call->item);
    set_source(call);
}

static void serve_diff(struct mock_call *call, const char *sha, const char *title)
{
    struct buffer *out = &call->answer->body;
    if (call->media == MOCK_MEDIA_PATCH)
        buffer_put_format(out,
                          "From %s Mon Sep 17 00:00:00 2001\nFrom: The Octocat "
                          "<octocat@github.com>\nSubject: [PATCH] %s\n\n---\n",
                          sha, title);
    buffer_put_format(out, "diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-before\n+%s\n",
                      readme_path, readme_path, readme_path, readme_path, title);
    call->answer->content_type = mock_media_content_type(call->media);
    call->answer->media_type = mock_media_name(call->media);
}

static bool is_diff(enum mock_media media)
{
    return media == MOCK_MEDIA_DIFF || media == MOCK_MEDIA_PATCH;
}

void mock_contents_commit(struct mock_call *call)
{
    const cJSON *commit = cJSON_GetObjectItemCaseSensitive(call->item->json, "commit");
    const char *title = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(commit, "message"));
    if (call->media == MOCK_MEDIA_SHA) {
        buffer_put_text(&call->answer->body, call->item->key);
        call->answer->content_type = mock_media_content_type(call->media);
    } else if (is_diff(call->media)) {
        serve_diff(call, call->item->key, title ? title : "");
    } else {
        mock_serve_one(call, call->item);
    }
    set_source(call);
}

void mock_contents_pull(struct mock_call *call)
{
    if (!is_diff(call->media)) {
        mock_serve_one(call, call->item);
        return;
    }
    serve_diff(call, mock_item_string(call->item, "merge_commit_sha"),
               mock_item_string(call->item, "title"));
    call->answer->state = &call->item->state;
}
