/* Words and the qualifiers repo, user, org, is, type, state, label, author. Others match all. */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#include "serve.h"

/* What one search can find at most; GitHub's own limit. */
enum { RESULTS_MAX = 1000 };

struct results {
    struct mock_item *items[RESULTS_MAX];
    size_t count;
};

static struct slice login_of(const struct mock_item *item, const char *field)
{
    const cJSON *user = cJSON_GetObjectItemCaseSensitive(item->json, field);
    return slice_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(user, "login")));
}

static bool has_word(const struct mock_item *item, struct slice word)
{
    static const char *const fields[] = {"title", "body", "name", "description"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (slice_contains_nocase(slice_of(mock_item_string(item, fields[i])), word))
            return true;
    return false;
}

static bool has_label(const struct mock_item *item, struct slice name)
{
    const cJSON *label;
    cJSON_ArrayForEach(label, cJSON_GetObjectItemCaseSensitive(item->json, "labels"))
    {
        const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(label, "name"));
        if (slice_equals_nocase(slice_of(text), name))
            return true;
    }
    return false;
}

static bool is_state(const struct mock_item *item, struct slice value)
{
    const bool is_pull = item->home->kind == MOCK_KIND_PULLS;
    if (slice_equals(value, slice_of("issue")))
        return !is_pull;
    if (slice_equals(value, slice_of("pr")) || slice_equals(value, slice_of("pull-request")))
        return is_pull;
    if (slice_equals(value, slice_of("public")) || slice_equals(value, slice_of("private")))
        return true;
    return slice_equals(value, slice_of(mock_item_string(item, "state")));
}

static bool fits_qualifier(const struct mock_item *item, struct slice name, struct slice value)
{
    const struct mock_item *repo = mock_item_repo((struct mock_item *)item);
    struct slice account = slice_of(repo->key);
    account = slice_next(&account, '/');
    if (slice_equals(name, slice_of("repo")))
        return slice_equals_nocase(slice_of(repo->key), value);
    if (slice_equals(name, slice_of("user")) || slice_equals(name, slice_of("org")))
        return slice_equals_nocase(account, value);
    if (slice_equals(name, slice_of("is")) || slice_equals(name, slice_of("type")) ||
        slice_equals(name, slice_of("state")))
        return is_state(item, value);
    if (slice_equals(name, slice_of("label")))
        return has_label(item, value);
    if (slice_equals(name, slice_of("author")))
        return slice_equals_nocase(login_of(item, "user"), value);
    return true;
}

static bool fits(const struct mock_item *item, const char *query)
{
    struct slice rest = slice_of(query);
    while (rest.data) {
        struct slice value = slice_next(&rest, ' ');
        const struct slice name = slice_next(&value, ':');
        if (name.size == 0)
            continue;
        if (value.data ? !fits_qualifier(item, name, value) : !has_word(item, name))
            return false;
    }
    return true;
}

static void collect(struct mock_item *item, const char *query, struct results *results)
{
    if (!item->gone && results->count < RESULTS_MAX && fits(item, query))
        results->items[results->count++] = item;
}

/* The q of the search; NULL after GitHub's 422 when it is missing. */
static const char *query_of(struct mock_call *call)
{
    const char *query = mock_request_parameter(call->request, "q");
    call->answer->resource = MOCK_RESOURCE_SEARCH;
    if (!query || !*query) {
        mock_answer_fail(call->answer, 422, "Validation Failed");
        return NULL;
    }
    return query;
}

static void search_tickets(struct mock_call *call, struct mock_item *repo, const char *query,
                           struct results *results)
{
    static const enum mock_kind kinds[] = {MOCK_KIND_ISSUES, MOCK_KIND_PULLS};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct mock_list *list = mock_model_list(&call->mock->model, repo, kinds[k]);
        for (size_t i = 0; list && i < list->count; i++)
            collect(mock_item_at(list, i), query, results);
    }
}

void mock_search_issues(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    const struct mock_list *repos = mock_model_list(model, model->root, MOCK_KIND_REPOS);
    struct results *results = calloc(1, sizeof *results);
    const char *query = query_of(call);
    const char *only = query ? strstr(query, "repo:") : NULL;
    const struct slice asked = slice_of(only ? only + strlen("repo:") : NULL);
    for (size_t i = 0; query && repos && results && i < repos->count; i++) {
        struct mock_item *repo = repos->items[i];
        const struct slice key = slice_of(repo->key);
        /* Tickets of the other repositories need not even be made. */
        if (repo->gone || !mock_token_may_read(call->token, repo) ||
            (only && !slice_starts_with(asked, key)))
            continue;
        search_tickets(call, repo, query, results);
        if (only && slice_equals(slice_next(&(struct slice){asked.data, asked.size}, ' '), key))
            call->answer->state = &mock_item_list(repo, MOCK_KIND_ISSUES)->state;
    }
    if (query && results)
        mock_serve_page(call, results->items, results->count, "items");
    free(results);
}

void mock_search_repositories(struct mock_call *call)
{
    struct mock_model *model = &call->mock->model;
    struct mock_list *repos = mock_model_list(model, model->root, MOCK_KIND_REPOS);
    struct results *results = calloc(1, sizeof *results);
    const char *query = query_of(call);
    for (size_t i = 0; query && repos && results && i < repos->count; i++)
        if (mock_token_may_read(call->token, repos->items[i]))
            collect(repos->items[i], query, results);
    if (query && results) {
        mock_serve_page(call, results->items, results->count, "items");
        call->answer->state = &repos->state;
    }
    free(results);
}
