/* Lists and items as JSON. */
#include "serve.h"

#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "git.h"
#include "page.h"

bool mock_serve_needs_token(struct mock_call *call)
{
    if (call->token)
        return true;
    mock_answer_fail(call->answer, 401, "Requires authentication");
    return false;
}

static enum mock_shape shape_of(const struct mock_call *call, bool is_listed)
{
    if (call->is_2026)
        return is_listed ? MOCK_SHAPE_LISTED_2026 : MOCK_SHAPE_SINGLE_2026;
    return is_listed ? MOCK_SHAPE_LISTED : MOCK_SHAPE_SINGLE;
}

/* Repositories say what the caller may do there: an owner or administrator all, others read. */
static void put_permissions(const struct mock_call *call, const struct mock_item *repo,
                            struct buffer *out)
{
    const struct slice login = slice_of(call->token->login);
    const bool is_owner =
        slice_starts_with(slice_of(repo->key), login) && repo->key[login.size] == '/';
    const char *may = call->token->is_admin || is_owner ? "true" : "false";
    buffer_put_format(out,
                      ",\"permissions\":{\"admin\":%s,\"maintain\":%s,\"push\":%s,\"triage\":%s,"
                      "\"pull\":true}",
                      may, may, may, may);
}

/* The html, text and full forms of what has a Markdown body. */
static void put_body_forms(const struct mock_call *call, const struct mock_item *item,
                           struct buffer *out)
{
    const struct slice body = slice_of(mock_item_string(item, "body"));
    if (call->media == MOCK_MEDIA_HTML || call->media == MOCK_MEDIA_FULL) {
        buffer_put_text(out, ",\"body_html\":\"<p dir=\\\"auto\\\">");
        buffer_put_json(out, body);
        buffer_put_text(out, "</p>\"");
    }
    if (call->media == MOCK_MEDIA_TEXT || call->media == MOCK_MEDIA_FULL) {
        buffer_put_text(out, ",\"body_text\":\"");
        buffer_put_json(out, body);
        buffer_put_char(out, '"');
    }
}

void mock_serve_put(const struct mock_call *call, struct mock_item *item, bool is_listed,
                    struct buffer *out)
{
    struct slice text = mock_item_text(item, shape_of(call, is_listed));
    if (text.size < 2)
        return;
    text.size--; /* its closing brace comes after what depends on the caller */
    buffer_put_slice(out, text);
    if (item->home->kind == MOCK_KIND_REPOS && call->token)
        put_permissions(call, item, out);
    if (cJSON_HasObjectItem(item->json, "body"))
        put_body_forms(call, item, out);
    buffer_put_char(out, '}');
}

void mock_serve_one(struct mock_call *call, struct mock_item *item)
{
    const char *updated = mock_item_string(item, "updated_at");
    struct mock_answer *answer = call->answer;
    mock_serve_put(call, item, false, &answer->body);
    answer->state = &item->state;
    answer->media_type = mock_media_name(call->media);
    if (*updated)
        answer->modified_ms = mock_clock_parse(updated);
}

void mock_serve_item(struct mock_call *call)
{
    mock_serve_one(call, call->item);
}

void mock_serve_repo(struct mock_call *call)
{
    mock_serve_one(call, call->repo);
}

void mock_serve_single(struct mock_call *call)
{
    mock_serve_one(call, call->list->items[0]);
}

void mock_serve_page(struct mock_call *call, struct mock_item **items, size_t count,
                     const char *wrapper)
{
    struct buffer *out = &call->answer->body;
    const struct mock_page page = mock_page_of(call->request, count);
    char *path = mock_route_canonical(call);
    if (wrapper)
        buffer_put_format(out, "{\"total_count\":%zu,%s\"%s\":", count,
                          strcmp(wrapper, "items") == 0 ? "\"incomplete_results\":false," : "",
                          wrapper);
    buffer_put_char(out, '[');
    for (size_t i = page.first; i < page.end; i++) {
        if (i > page.first)
            buffer_put_char(out, ',');
        mock_serve_put(call, items[i], true, out);
    }
    buffer_put_char(out, ']');
    if (wrapper)
        buffer_put_char(out, '}');
    if (path)
        mock_page_link(&page, call->request, call->base, path, call->answer);
    free(path);
}

static int older_first(const void *a, const void *b)
{
    const struct mock_item *const *one = a, *const *other = b;
    const int order =
        strcmp(mock_item_string(*one, "updated_at"), mock_item_string(*other, "updated_at"));
    const bool is_before = (*one)->index < (*other)->index;
    return order ? order : is_before ? -1 : 1;
}

/* sort=updated and direction; else the order of the kind. */
static void sort(const struct mock_call *call, struct mock_item **items, size_t count)
{
    const char *by = mock_request_parameter(call->request, "sort");
    const char *direction = mock_request_parameter(call->request, "direction");
    const bool is_ascending = direction && strcmp(direction, "asc") == 0;
    const bool is_by_update = by && (strcmp(by, "updated") == 0 || strcmp(by, "pushed") == 0);
    bool reverse = direction && is_ascending == mock_item_is_newest_first(call->list->kind);
    if (is_by_update) {
        qsort(items, count, sizeof *items, older_first);
        reverse = !is_ascending;
    }
    for (size_t i = 0; reverse && i < count / 2; i++) {
        struct mock_item *item = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = item;
    }
}

static void serve_wrapped(struct mock_call *call, const char *wrapper)
{
    const struct mock_list *list = call->list;
    const char *sha = mock_request_parameter(call->request, "sha");
    struct mock_item **items = calloc(list->count + 1, sizeof *items);
    size_t count = 0;
    if (!items) {
        mock_answer_fail(call->answer, 500, "Server Error");
        return;
    }
    if (sha && list->kind == MOCK_KIND_COMMITS)
        call->item = mock_git_resolve(&call->mock->model, call->repo, sha);
    for (size_t i = 0; i < list->count; i++)
        if (mock_filter_accepts(call, mock_item_at(list, i)))
            items[count++] = mock_item_at(list, i);
    sort(call, items, count);
    mock_serve_page(call, items, count, wrapper);
    call->answer->state = &call->list->state;
    call->answer->media_type = mock_media_name(call->media);
    free(items);
}

void mock_serve_list(struct mock_call *call)
{
    serve_wrapped(call, mock_item_wrapper(call->list->kind));
}

void mock_serve_own_list(struct mock_call *call)
{
    if (mock_serve_needs_token(call))
        mock_serve_list(call);
}

void mock_serve_installation(struct mock_call *call)
{
    if (mock_serve_needs_token(call))
        serve_wrapped(call, "repositories");
}
