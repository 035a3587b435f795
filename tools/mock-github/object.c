/* Blobs and trees. Which files there are is git.c's. */
#include "object.h"

#include <errno.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hex.h"
#include "limits.h"

enum { SHA1_SIZE = 20, BASE64_LINE = 60, DEPTH_MAX = MOCK_FOLDERS_MAX + 1 };

/* git's name of an object: SHA-1 of "type size\0" and its bytes. */
void mock_object_name(const char *type, struct slice content,
                      char ret[static MOCK_OBJECT_NAME_SIZE])
{
    char head[64];
    uint8_t hash[EVP_MAX_MD_SIZE];
    const int size = snprintf(head, sizeof head, "%s %zu", type, content.size);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    CHECK(context && EVP_DigestInit_ex(context, EVP_sha1(), NULL) == 1);
    CHECK(EVP_DigestUpdate(context, head, (size_t)size + 1) == 1);
    CHECK(EVP_DigestUpdate(context, content.data, content.size) == 1);
    CHECK(EVP_DigestFinal_ex(context, hash, NULL) == 1);
    EVP_MD_CTX_free(context);
    hex_encode(hash, SHA1_SIZE, ret);
}

/* Adds an object unless it is there already. */
int mock_object_keep(struct mock_model *model, struct mock_item *repo, enum mock_kind kind,
                     cJSON *json)
{
    struct mock_list *list = mock_item_list(repo, kind);
    const char *sha = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "sha"));
    if (!json || !list || !sha || mock_item_find(list, sha)) {
        const bool is_there = json && list && sha;
        cJSON_Delete(json);
        return is_there ? 0 : -ENOMEM;
    }
    return mock_item_add(list, json, mock_clock_now_ms(model->clock)) ? 0 : -ENOMEM;
}

int mock_object_keep_blob(struct mock_model *model, struct mock_item *repo,
                          const struct mock_file *file)
{
    const size_t size = sodium_base64_encoded_len(file->size, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(size);
    struct buffer lines;
    if (!text)
        return -ENOMEM;
    sodium_bin2base64(text, size, (const uint8_t *)file->content, file->size,
                      sodium_base64_VARIANT_ORIGINAL);
    buffer_init(&lines, MOCK_REQUEST_MAX * 2);
    for (struct slice rest = slice_of(text); rest.size; rest = slice_skip(rest, BASE64_LINE)) {
        buffer_put(&lines, rest.data, rest.size < BASE64_LINE ? rest.size : BASE64_LINE);
        buffer_put_char(&lines, '\n');
    }
    free(text);
    cJSON *json = cJSON_CreateObject();
    char url[MOCK_TEXT_MAX];
    snprintf(url, sizeof url, "%s/repos/%s/git/blobs/%s", model->options->body_base, repo->key,
             file->sha);
    cJSON_AddStringToObject(json, "sha", file->sha);
    cJSON_AddStringToObject(json, "node_id", file->sha);
    cJSON_AddNumberToObject(json, "size", (double)file->size);
    cJSON_AddStringToObject(json, "url", url);
    cJSON_AddStringToObject(json, "content", lines.data ? lines.data : "");
    cJSON_AddStringToObject(json, "encoding", "base64");
    const int r = lines.error;
    buffer_done(&lines);
    if (r < 0) {
        cJSON_Delete(json);
        return r;
    }
    return mock_object_keep(model, repo, MOCK_KIND_BLOBS, json);
}

struct tree {
    struct mock_model *model;
    struct mock_item *repo;
    const struct mock_file *files;
    size_t prefix; /* length of the path that all have in common */
    size_t depth;
};

static int put_entry(const struct tree *tree, cJSON *entries, struct buffer *binary,
                     struct slice name, const char *sha, const struct mock_file *file)
{
    const char *type = file ? "blob" : "tree";
    uint8_t hash[SHA1_SIZE];
    char url[MOCK_TEXT_MAX];
    char *path = slice_copy(name);
    cJSON *entry = path ? cJSON_CreateObject() : NULL;
    if (!entry || hex_decode(slice_of(sha), hash, sizeof hash) < 0) {
        free(path);
        return -ENOMEM;
    }
    buffer_put_format(binary, "%s %s", file ? "100644" : "40000", path);
    buffer_put(binary, "", 1);
    buffer_put(binary, hash, sizeof hash);
    snprintf(url, sizeof url, "%s/repos/%s/git/%ss/%s", tree->model->options->body_base,
             tree->repo->key, type, sha);
    cJSON_AddStringToObject(entry, "path", path);
    cJSON_AddStringToObject(entry, "mode", file ? "100644" : "040000");
    cJSON_AddStringToObject(entry, "type", type);
    cJSON_AddStringToObject(entry, "sha", sha);
    if (file)
        cJSON_AddNumberToObject(entry, "size", (double)file->size);
    cJSON_AddStringToObject(entry, "url", url);
    cJSON_AddItemToArray(entries, entry);
    free(path);
    return binary->error;
}

/* Full paths in order are git's order too: it sorts a folder as its name with a slash. */
static int write_tree(struct tree tree, size_t count, char ret_sha[static MOCK_OBJECT_NAME_SIZE])
{
    struct buffer binary;
    cJSON *json = cJSON_CreateObject(), *entries = cJSON_CreateArray();
    int r = json && entries && tree.depth < DEPTH_MAX ? 0 : -ENOMEM;
    buffer_init(&binary, MOCK_ITEM_MAX);
    for (size_t i = 0; i < count && r == 0;) {
        const struct mock_file *file = &tree.files[i];
        struct slice rest = slice_of(file->path + tree.prefix);
        const struct slice name = slice_next(&rest, '/');
        size_t same = 1;
        char sha[MOCK_OBJECT_NAME_SIZE];
        struct tree below = tree;
        below.files = file;
        below.prefix += name.size + 1;
        below.depth++;
        while (rest.data && i + same < count &&
               strncmp(tree.files[i + same].path, file->path, below.prefix) == 0)
            same++;
        if (rest.data)
            r = write_tree(below, same, sha);
        if (r == 0)
            r = put_entry(&tree, entries, &binary, name, rest.data ? sha : file->sha,
                          rest.data ? NULL : file);
        i += same;
    }
    mock_object_name("tree", buffer_slice(&binary), ret_sha);
    buffer_done(&binary);
    char url[MOCK_TEXT_MAX];
    snprintf(url, sizeof url, "%s/repos/%s/git/trees/%s", tree.model->options->body_base,
             tree.repo->key, ret_sha);
    cJSON_AddStringToObject(json, "sha", ret_sha);
    cJSON_AddStringToObject(json, "url", url);
    cJSON_AddItemToObject(json, "tree", entries);
    cJSON_AddFalseToObject(json, "truncated");
    if (r < 0) {
        cJSON_Delete(json);
        return r;
    }
    return mock_object_keep(tree.model, tree.repo, MOCK_KIND_TREES, json);
}

int mock_object_keep_tree(struct mock_model *model, struct mock_item *repo,
                          const struct mock_file *files, size_t count,
                          char ret_sha[static MOCK_OBJECT_NAME_SIZE])
{
    const struct tree tree = {.model = model, .repo = repo, .files = files};
    return write_tree(tree, count, ret_sha);
}
