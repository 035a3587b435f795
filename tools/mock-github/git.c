/* A small git: one row of files, written as objects at each commit. Serves nothing itself. */
#include "git.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "limits.h"
#include "make.h"
#include "object.h"

enum {
    COMMITS_FEW = 8,
    COMMITS_MANY = 35,
    TAGS_FEW = 3,
    TAGS_MANY = 12,
    BRANCHES_FEW = 2,
    BRANCHES_MANY = 12,
    DAY_MS = 24 * 3600 * 1000
};
static const int64_t first_commit_ms = 1764576000000; /* 2025-12-01T08:00:00Z */

struct mock_git {
    struct mock_file files[MOCK_FILES_MAX]; /* sorted by path */
    size_t count;
};

static const struct {
    const char *path, *content;
} first_files[] = {
    {".github/workflows/ci.yml",
     "name: CI\non: [push]\njobs:\n  build:\n    runs-on: self-hosted\n"},
    {".github/workflows/nightly.yml", "name: Nightly\non:\n  schedule:\n    - cron: '0 3 * * *'\n"},
    {".github/workflows/release.yml", "name: Release\non:\n  release:\n    types: [published]\n"},
    {"LICENSE", "MIT License\n\nPermission is hereby granted, free of charge, to any person.\n"},
    {"README.md", "# A repository\n\nIt serves tests.\n"},
    {"docs/index.md", "# Documentation\n\nSee the README.\n"},
    {"src/lib/list.c", "int list_count(void)\n{\n    return 0;\n}\n"},
    {"src/main.c", "int main(void)\n{\n    return 0;\n}\n"},
};

void mock_git_destroy(struct mock_git **self_p)
{
    struct mock_git *self = *self_p;
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++) {
        free(self->files[i].path);
        free(self->files[i].content);
    }
    free(self);
    *self_p = NULL;
}

static size_t find_file(const struct mock_git *self, const char *path, bool *ret_found)
{
    size_t at = 0;
    while (at < self->count && strcmp(self->files[at].path, path) < 0)
        at++;
    *ret_found = at < self->count && strcmp(self->files[at].path, path) == 0;
    return at;
}

static int set_file(struct mock_git *self, const char *path, struct slice content)
{
    bool found = false;
    const size_t at = find_file(self, path, &found);
    if (!found && self->count == MOCK_FILES_MAX)
        return -ENOSPC;
    char *bytes = slice_copy(content);
    char *name = found ? self->files[at].path : strdup(path);
    if (!bytes || !name) {
        free(bytes);
        if (!found)
            free(name);
        return -ENOMEM;
    }
    if (found)
        free(self->files[at].content);
    else
        memmove(&self->files[at + 1], &self->files[at], (self->count++ - at) * sizeof *self->files);
    self->files[at].path = name;
    self->files[at].content = bytes;
    self->files[at].size = content.size;
    mock_object_name("blob", content, self->files[at].sha);
    return 0;
}

static int remove_file(struct mock_git *self, const char *path)
{
    bool found = false;
    const size_t at = find_file(self, path, &found);
    if (!found)
        return -ENOENT;
    free(self->files[at].path);
    free(self->files[at].content);
    memmove(&self->files[at], &self->files[at + 1], (--self->count - at) * sizeof *self->files);
    return 0;
}

struct stamp {
    const struct mock_item *parent; /* NULL for the first commit */
    const struct mock_git_push *push;
    const char *tree;
    int64_t at_ms;
};

static void name_commit(const struct stamp *stamp, char ret_sha[static MOCK_OBJECT_NAME_SIZE])
{
    const char *person = "The Octocat <octocat@github.com>";
    const long long seconds = stamp->at_ms / 1000;
    struct buffer text;
    buffer_init(&text, MOCK_ITEM_MAX);
    buffer_put_format(&text, "tree %s\n", stamp->tree);
    if (stamp->parent)
        buffer_put_format(&text, "parent %s\n", stamp->parent->key);
    buffer_put_format(&text, "author %s %lld +0000\ncommitter %s %lld +0000\n\n%s", person, seconds,
                      person, seconds, stamp->push->message);
    mock_object_name("commit", buffer_slice(&text), ret_sha);
    buffer_done(&text);
}

static void put_parents(const struct mock_item *parent, struct mock_values *values)
{
    char *text = NULL;
    if (parent) {
        mock_template_put(values, "sha", "%s", parent->key);
        text = mock_template_text(MOCK_TEMPLATE_PARENT, values);
    }
    mock_template_put(values, "parents", "%s", text ? text : "");
    free(text);
}

static cJSON *make_commit(struct mock_model *model, struct mock_item *repo,
                          const struct stamp *stamp, enum mock_template template)
{
    struct mock_list *commits = mock_item_list(repo, MOCK_KIND_COMMITS);
    struct mock_values values;
    char sha[MOCK_OBJECT_NAME_SIZE], date[MOCK_CLOCK_TEXT_SIZE];
    bool found = false;
    const size_t at = find_file(repo->git, stamp->push->path, &found);
    name_commit(stamp, sha);
    mock_clock_format(stamp->at_ms, date);
    mock_make_begin(model, commits, commits->made, &values);
    put_parents(stamp->parent, &values);
    mock_template_put(&values, "at", "%s", date);
    mock_template_put(&values, "sha", "%s", sha);
    mock_template_put(&values, "tree", "%s", stamp->tree);
    mock_template_put(&values, "blob", "%s", found ? repo->git->files[at].sha : "");
    mock_template_put_text(&values, "path", slice_of(stamp->push->path));
    mock_template_put_text(&values, "title", slice_of(stamp->push->message));
    return mock_template_fill(template, &values);
}

/* Writes all objects of one commit of the files as they are; the newest of COMMITS is it then. */
static int commit(struct mock_model *model, struct mock_item *repo,
                  const struct mock_git_push *push, int64_t at_ms)
{
    const struct mock_git *git = repo->git;
    struct mock_list *commits = mock_item_list(repo, MOCK_KIND_COMMITS);
    char tree[MOCK_OBJECT_NAME_SIZE];
    struct stamp stamp = {.push = push, .tree = tree, .at_ms = at_ms};
    if (commits->count)
        stamp.parent = commits->items[commits->count - 1];
    int r = mock_object_keep_tree(model, repo, git->files, git->count, tree);
    for (size_t i = 0; i < git->count && r == 0; i++)
        if (!stamp.parent || strcmp(git->files[i].path, push->path) == 0)
            r = mock_object_keep_blob(model, repo, &git->files[i]);
    cJSON *whole = make_commit(model, repo, &stamp, MOCK_TEMPLATE_COMMIT);
    cJSON *plain = make_commit(model, repo, &stamp, MOCK_TEMPLATE_GIT_COMMIT);
    if (r == 0)
        r = mock_object_keep(model, repo, MOCK_KIND_GIT_COMMITS, plain);
    else
        cJSON_Delete(plain);
    if (r == 0)
        r = mock_object_keep(model, repo, MOCK_KIND_COMMITS, whole);
    else
        cJSON_Delete(whole);
    return r;
}

static int set_readme(struct mock_item *repo, size_t changes)
{
    struct buffer text;
    buffer_init(&text, MOCK_ITEM_MAX);
    buffer_put_format(&text, "# %s\n\nIt serves tests.\n", repo->key);
    for (size_t i = 0; i < changes; i++)
        buffer_put_format(&text, "Change %zu.\n", i + 1);
    const int r = set_file(repo->git, "README.md", buffer_slice(&text));
    buffer_done(&text);
    return r;
}

static int load_commits(struct mock_model *model, struct mock_item *repo, size_t count)
{
    int r = 0;
    for (size_t i = 0; i < count && r == 0; i++) {
        char message[64];
        snprintf(message, sizeof message, "Change %zu", i + 1);
        const struct mock_git_push push = {.path = "README.md", .message = message};
        const size_t age = i + repo->index;
        r = set_readme(repo, i);
        if (r == 0)
            r = commit(model, repo, &push, first_commit_ms + (int64_t)age * DAY_MS);
    }
    return r;
}

/* Adds the branch, tag or ref name of that kind at a commit. */
static int add_name(struct mock_model *model, struct mock_item *repo, enum mock_kind kind,
                    const char *name, const char *sha)
{
    static const struct {
        enum mock_template template;
        const char *value;
    } shapes[MOCK_KINDS] = {
        [MOCK_KIND_BRANCHES] = {MOCK_TEMPLATE_BRANCH, "branch"},
        [MOCK_KIND_REFS] = {MOCK_TEMPLATE_REF, "ref"},
        [MOCK_KIND_TAGS] = {MOCK_TEMPLATE_TAG, "tag"},
    };
    struct mock_list *list = mock_item_list(repo, kind);
    struct mock_values values;
    mock_make_begin(model, list, list->made, &values);
    mock_template_put(&values, "sha", "%s", sha);
    mock_template_put_text(&values, shapes[kind].value, slice_of(name));
    cJSON *json = mock_template_fill(shapes[kind].template, &values);
    return mock_item_add(list, json, model->started_ms) ? 0 : -ENOMEM;
}

static int load_names(struct mock_model *model, struct mock_item *repo, bool is_large)
{
    const struct mock_list *commits = mock_item_list(repo, MOCK_KIND_COMMITS);
    const size_t branches = is_large ? BRANCHES_MANY : BRANCHES_FEW;
    const size_t tags = is_large ? TAGS_MANY : TAGS_FEW;
    char name[64], ref[96];
    int r = 0;
    for (size_t i = 0; i < branches && r == 0; i++) {
        /* In the order of their names, as the API lists them. */
        if (i == 0 || i == branches - 1)
            snprintf(name, sizeof name, i == 0 ? "dev" : "main");
        else
            snprintf(name, sizeof name, "feature-%02zu", i);
        snprintf(ref, sizeof ref, "refs/heads/%s", name);
        const char *sha = commits->items[commits->count - 1]->key;
        r = add_name(model, repo, MOCK_KIND_BRANCHES, name, sha);
        if (r == 0)
            r = add_name(model, repo, MOCK_KIND_REFS, ref, sha);
    }
    for (size_t i = 0; i < tags && r == 0; i++) {
        const char *sha = commits->items[i % commits->count]->key;
        snprintf(name, sizeof name, "v1.%zu.0", i);
        snprintf(ref, sizeof ref, "refs/tags/%s", name);
        r = add_name(model, repo, MOCK_KIND_TAGS, name, sha);
        if (r == 0)
            r = add_name(model, repo, MOCK_KIND_REFS, ref, sha);
    }
    return r;
}

int mock_git_load(struct mock_model *model, struct mock_item *repo)
{
    const bool is_large = repo->index == MOCK_MAKE_HELLO_WORLD;
    int r = 0;
    CHECK(!repo->git);
    repo->git = calloc(1, sizeof *repo->git);
    if (!repo->git)
        return -ENOMEM;
    for (enum mock_kind kind = MOCK_KIND_BRANCHES; kind <= MOCK_KIND_TAGS; kind++)
        if (!mock_item_add_list(repo, kind, model->started_ms))
            return -ENOMEM;
    for (size_t i = 0; i < sizeof first_files / sizeof *first_files && r == 0; i++)
        r = set_file(repo->git, first_files[i].path, slice_of(first_files[i].content));
    if (r == 0)
        r = load_commits(model, repo, is_large ? COMMITS_MANY : COMMITS_FEW);
    return r == 0 ? load_names(model, repo, is_large) : r;
}

static void move(struct mock_model *model, struct mock_item *name, const char *sha)
{
    const char *field = name->home->kind == MOCK_KIND_REFS ? "object" : "commit";
    cJSON *target = cJSON_GetObjectItemCaseSensitive(name->json, field);
    cJSON *url = cJSON_GetObjectItemCaseSensitive(target, "url");
    char text[MOCK_TEXT_MAX];
    snprintf(text, sizeof text, "%s/repos/%s/%scommits/%s", model->options->body_base,
             mock_item_repo(name)->key, name->home->kind == MOCK_KIND_REFS ? "git/" : "", sha);
    cJSON_SetValuestring(cJSON_GetObjectItemCaseSensitive(target, "sha"), sha);
    if (url)
        cJSON_SetValuestring(url, text);
    mock_model_touch(model, name);
}

/* No empty part, and no more folders than trees are written for. */
static bool is_path(const char *path)
{
    struct slice rest = slice_of(path);
    size_t parts = 0;
    while (rest.data) {
        if (slice_next(&rest, '/').size == 0)
            return false;
        parts++;
    }
    return parts > 0 && parts <= MOCK_FOLDERS_MAX + 1;
}

int mock_git_push(struct mock_model *model, struct mock_item *repo,
                  const struct mock_git_push *push)
{
    struct mock_list *branches = mock_model_list(model, repo, MOCK_KIND_BRANCHES);
    struct mock_item *branch = branches ? mock_item_find(branches, push->branch) : NULL;
    char ref_name[MOCK_TEXT_MAX];
    if (!branch || !is_path(push->path))
        return branch ? -EINVAL : -ENOENT;
    int r = push->is_removal ? remove_file(repo->git, push->path)
                             : set_file(repo->git, push->path, push->content);
    if (r == 0)
        r = commit(model, repo, push, mock_clock_now_ms(model->clock));
    if (r < 0)
        return r;
    struct mock_list *commits = mock_item_list(repo, MOCK_KIND_COMMITS);
    const char *sha = commits->items[commits->count - 1]->key;
    snprintf(ref_name, sizeof ref_name, "refs/heads/%s", push->branch);
    struct mock_item *ref = mock_item_find(mock_item_list(repo, MOCK_KIND_REFS), ref_name);
    move(model, branch, sha);
    if (ref)
        move(model, ref, sha);
    mock_model_touch_list(model, commits);
    mock_model_touch(model, repo);
    return 0;
}

static const char *sha_of(const struct mock_item *name)
{
    const char *field = name->home->kind == MOCK_KIND_REFS ? "object" : "commit";
    const cJSON *target = cJSON_GetObjectItemCaseSensitive(name->json, field);
    const char *sha = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(target, "sha"));
    return sha ? sha : "";
}

struct mock_item *mock_git_resolve(struct mock_model *model, struct mock_item *repo,
                                   const char *ref)
{
    struct mock_list *commits = mock_model_list(model, repo, MOCK_KIND_COMMITS);
    const char *wanted = strcmp(ref, "HEAD") == 0 ? "main" : ref;
    char full[MOCK_TEXT_MAX];
    struct mock_item *name = NULL;
    if (!commits)
        return NULL;
    name = mock_item_find(mock_item_list(repo, MOCK_KIND_BRANCHES), wanted);
    if (!name)
        name = mock_item_find(mock_item_list(repo, MOCK_KIND_TAGS), wanted);
    if (!name) {
        const bool is_full = strncmp(wanted, "refs/", strlen("refs/")) == 0;
        snprintf(full, sizeof full, "%s%s", is_full ? "" : "refs/", wanted);
        name = mock_item_find(mock_item_list(repo, MOCK_KIND_REFS), full);
    }
    if (name && name->gone)
        return NULL;
    return mock_item_find(commits, name ? sha_of(name) : wanted);
}

static const cJSON *entry_named(const struct mock_item *tree, struct slice name)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(tree->json, "tree"))
    {
        const char *path = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "path"));
        if (slice_equals(slice_of(path), name))
            return entry;
    }
    return NULL;
}

struct mock_item *mock_git_at(struct mock_model *model, struct mock_item *repo,
                              const struct mock_item *commit_item, const char *path)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(commit_item->json, "commit");
    const cJSON *root = cJSON_GetObjectItemCaseSensitive(data, "tree");
    const char *sha = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, "sha"));
    struct mock_list *trees = mock_model_list(model, repo, MOCK_KIND_TREES);
    struct mock_item *at = sha && trees ? mock_item_find(trees, sha) : NULL;
    struct slice rest = slice_of(path);
    while (at && rest.size) {
        const cJSON *entry =
            at->home->kind == MOCK_KIND_TREES ? entry_named(at, slice_next(&rest, '/')) : NULL;
        const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "type"));
        sha = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "sha"));
        if (!type || !sha)
            return NULL;
        const bool is_blob = strcmp(type, "blob") == 0;
        at = mock_item_find(is_blob ? mock_item_list(repo, MOCK_KIND_BLOBS) : trees, sha);
    }
    return at;
}

char *mock_git_blob(const struct mock_item *blob, size_t *ret_size)
{
    const char *text = mock_item_string(blob, "content");
    const size_t max = strlen(text) + 1;
    char *bytes = malloc(max);
    size_t size = 0;
    if (!bytes || sodium_base642bin((uint8_t *)bytes, max, text, strlen(text), "\n", &size, NULL,
                                    sodium_base64_VARIANT_ORIGINAL) < 0) {
        free(bytes);
        return NULL;
    }
    *ret_size = size;
    return bytes;
}
