/* One predicate per kind that has filters. */
#include "filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *asked(const struct mock_call *call, const char *name)
{
    const char *value = mock_request_parameter(call->request, name);
    return value && *value ? value : NULL;
}

/* Whether the parameter is absent or equals the field. */
static bool fits(const struct mock_call *call, const struct mock_item *item, const char *parameter,
                 const char *field)
{
    const char *value = asked(call, parameter);
    return !value || strcmp(value, mock_item_string(item, field)) == 0;
}

static const char *login_of(const struct mock_item *item, const char *field)
{
    const cJSON *user = cJSON_GetObjectItemCaseSensitive(item->json, field);
    const char *login = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(user, "login"));
    return login ? login : "";
}

static bool accepts_repo(const struct mock_call *call, const struct mock_item *item)
{
    const char *visibility = asked(call, "visibility");
    const char *type = asked(call, "type");
    if (!mock_token_may_read(call->token, item))
        return false;
    if (call->owner && call->owner->home && strcmp(login_of(item, "owner"), call->owner->key) != 0)
        return false;
    if (!visibility && type && (strcmp(type, "private") == 0 || strcmp(type, "public") == 0))
        visibility = type;
    return !visibility || strcmp(visibility, "all") == 0 ||
           strcmp(visibility, mock_item_string(item, "visibility")) == 0;
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

static bool accepts_ticket(const struct mock_call *call, const struct mock_item *item)
{
    const char *state = asked(call, "state");
    const char *since = asked(call, "since");
    const char *creator = asked(call, "creator");
    struct slice labels = slice_of(asked(call, "labels"));
    if (!state)
        state = "open";
    if (strcmp(state, "all") != 0 && strcmp(state, mock_item_string(item, "state")) != 0)
        return false;
    if (since && strcmp(mock_item_string(item, "updated_at"), since) < 0)
        return false;
    if (creator && strcasecmp(creator, login_of(item, "user")) != 0)
        return false;
    while (labels.data)
        if (!has_label(item, slice_next(&labels, ',')))
            return false;
    return true;
}

static bool accepts_run(const struct mock_call *call, const struct mock_item *item)
{
    const char *status = asked(call, "status");
    const char *actor = asked(call, "actor");
    if (call->owner && call->owner->home->kind == MOCK_KIND_WORKFLOWS &&
        mock_item_number(item, "workflow_id") != mock_item_number(call->owner, "id"))
        return false;
    if (status && strcmp(status, mock_item_string(item, "status")) != 0 &&
        strcmp(status, mock_item_string(item, "conclusion")) != 0)
        return false;
    if (actor && strcasecmp(actor, login_of(item, "actor")) != 0)
        return false;
    return fits(call, item, "branch", "head_branch") && fits(call, item, "event", "event") &&
           fits(call, item, "head_sha", "head_sha");
}

static bool accepts_ref(const struct mock_call *call, const struct mock_item *item)
{
    const size_t prefix = strlen("refs/");
    return !*call->rest || slice_starts_with(slice_of(item->key + prefix), slice_of(call->rest));
}

/* The commits of a pull request are its head; others begin where sha says. */
static bool accepts_commit(const struct mock_call *call, const struct mock_item *item)
{
    if (call->owner && call->owner->home->kind == MOCK_KIND_PULLS)
        return strcmp(item->key, mock_item_string(call->owner, "merge_commit_sha")) == 0;
    return !call->item || item->index <= call->item->index;
}

bool mock_filter_accepts(const struct mock_call *call, const struct mock_item *item)
{
    if (item->gone)
        return false;
    switch (item->home->kind) {
    case MOCK_KIND_REPOS:
        return accepts_repo(call, item);
    case MOCK_KIND_ISSUES:
    case MOCK_KIND_PULLS:
        return accepts_ticket(call, item);
    case MOCK_KIND_RUNS:
        return accepts_run(call, item);
    case MOCK_KIND_REFS:
        return accepts_ref(call, item);
    case MOCK_KIND_COMMITS:
        return accepts_commit(call, item);
    case MOCK_KIND_CHECK_RUNS:
        return fits(call, item, "check_name", "name") && fits(call, item, "status", "status");
    default:
        return true;
    }
}
