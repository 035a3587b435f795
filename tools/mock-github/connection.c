/* Arguments of connections. */
#include "connection.h"

#include <stdio.h>
#include <string.h>

struct mock_window mock_connection_window(const cJSON *arguments, size_t total)
{
    const cJSON *first = cJSON_GetObjectItemCaseSensitive(arguments, "first");
    const char *after = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(arguments, "after"));
    struct mock_window window = {.end = total, .total = total};
    uint64_t begin = 0;
    if (after && slice_to_u64(slice_of(after), total, &begin))
        window.begin = (size_t)begin;
    if (cJSON_IsNumber(first) && first->valuedouble >= 0 &&
        window.begin + (size_t)first->valuedouble < total)
        window.end = window.begin + (size_t)first->valuedouble;
    return window;
}

cJSON *mock_connection_page_info(struct mock_window window)
{
    cJSON *json = cJSON_CreateObject();
    char begin[32], end[32];
    snprintf(begin, sizeof begin, "%zu", window.begin);
    snprintf(end, sizeof end, "%zu", window.end);
    cJSON_AddBoolToObject(json, "has_next_page", window.end < window.total);
    cJSON_AddBoolToObject(json, "has_previous_page", window.begin > 0);
    cJSON_AddStringToObject(json, "start_cursor", begin);
    cJSON_AddStringToObject(json, "end_cursor", end);
    return json;
}

/* Whether a states or state argument allows the state, in upper case or not. */
static bool allows(const cJSON *states, const char *state)
{
    const cJSON *one;
    if (!states || cJSON_IsNull(states))
        return true;
    if (cJSON_IsString(states))
        return slice_equals_nocase(slice_of(states->valuestring), slice_of(state));
    cJSON_ArrayForEach(one, states) if (allows(one, state)) return true;
    return false;
}

static const char *state_of(const struct mock_item *item)
{
    return mock_item_is(item, "merged") ? "merged" : mock_item_string(item, "state");
}

static bool has_labels(const struct mock_item *item, const cJSON *wanted)
{
    const cJSON *name, *label;
    cJSON_ArrayForEach(name, wanted)
    {
        bool found = false;
        cJSON_ArrayForEach(label, cJSON_GetObjectItemCaseSensitive(item->json, "labels"))
        {
            const cJSON *own = cJSON_GetObjectItemCaseSensitive(label, "name");
            found |= cJSON_Compare(own, name, true);
        }
        if (!found)
            return false;
    }
    return true;
}

bool mock_connection_wants(const cJSON *arguments, const struct mock_item *item)
{
    const cJSON *filter = cJSON_GetObjectItemCaseSensitive(arguments, "filterBy");
    if (item->gone ||
        !allows(cJSON_GetObjectItemCaseSensitive(arguments, "states"), state_of(item)))
        return false;
    return allows(cJSON_GetObjectItemCaseSensitive(filter, "states"), state_of(item)) &&
           has_labels(item, cJSON_GetObjectItemCaseSensitive(filter, "labels")) &&
           has_labels(item, cJSON_GetObjectItemCaseSensitive(arguments, "labels"));
}
