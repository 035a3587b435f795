/* cJSON behind a check of its own, since that parser cuts texts at an escaped zero, takes the first
 * of two equal names, and rounds large numbers. A body is read whole, its facts are copied out, and
 * the tree is gone before anyone asks. */
#include "github/facts.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "github/limits.h"

enum {
    FACTS_DEPTH_MAX = 64,      /* arrays and objects inside each other */
    FACTS_VALUES_MAX = 131072, /* in one body; GitHub's have one per 40 bytes */
    FACTS_NAME_MAX = 2 * GITHUB_NAME_MAX + 1,
};

#define FACTS_ID_MAX 9007199254740992.0 /* 2^53: doubles tell all integers apart up to here */

struct repository {
    char full_name[FACTS_NAME_MAX + 1];
    uint64_t id;
    bool is_public;
};

struct github_facts {
    int64_t items;
    bool is_completed;
    size_t repositories;
    struct repository list[];
};

/* What the check before the parser sees of a body. */
struct scan {
    size_t depth, values;
    bool in_string;
};

/* One byte outside of strings; false when there is too much of something. */
static bool scan_structure(struct scan *self, char c)
{
    if (c == '{' || c == '[')
        self->depth++;
    if ((c == '}' || c == ']') && self->depth > 0)
        self->depth--;
    if (c == '{' || c == '[' || c == ',')
        self->values++;
    self->in_string = c == '"';
    return self->depth <= FACTS_DEPTH_MAX && self->values <= FACTS_VALUES_MAX;
}

/* Whether the parser may see the body: no zero in any spelling, not too deep, not too much. */
static bool is_harmless(struct slice body)
{
    struct scan scan = {.depth = 0};
    if (body.size == 0 || memchr(body.data, '\0', body.size))
        return false;
    for (size_t i = 0; i < body.size; i++) {
        const char c = body.data[i];
        if (!scan.in_string) {
            if (!scan_structure(&scan, c))
                return false;
        } else if (c == '\\') {
            i++;
            if (slice_starts_with(slice_skip(body, i), slice_of("u0000")))
                return false;
        } else if (c == '"') {
            scan.in_string = false;
        }
    }
    return true;
}

/* The member of that name, if there is exactly one. */
static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *found = NULL;
    const cJSON *child;
    if (!cJSON_IsObject(object))
        return NULL;
    cJSON_ArrayForEach(child, object)
    {
        if (strcmp(child->string, name) != 0)
            continue;
        if (found)
            return NULL;
        found = child;
    }
    return found;
}

static bool has_member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name) != NULL;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static bool is_name(struct slice text)
{
    if (text.size == 0 || text.size > GITHUB_NAME_MAX)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (!is_name_byte(text.data[i]))
            return false;
    return true;
}

static bool is_full_name(struct slice text)
{
    const struct slice owner = slice_next(&text, '/');
    return is_name(owner) && is_name(text);
}

static uint64_t id_of(const cJSON *object)
{
    const cJSON *id = member(object, "id");
    if (!cJSON_IsNumber(id) || !(id->valuedouble >= 1 && id->valuedouble < FACTS_ID_MAX))
        return 0;
    const uint64_t value = (uint64_t)id->valuedouble;
    return (double)value == id->valuedouble ? value : 0;
}

/* Reads "private" and "visibility"; false unless at least one is there and all that is there is
 * plain and of one mind. */
static bool read_visibility(const cJSON *object, bool *ret_is_public)
{
    const cJSON *is_private = member(object, "private");
    const cJSON *visibility = member(object, "visibility");
    if (has_member(object, "private") && !cJSON_IsBool(is_private))
        return false;
    if (has_member(object, "visibility") && !cJSON_IsString(visibility))
        return false;
    if (!is_private && !visibility)
        return false;
    const bool says_public = visibility && strcmp(visibility->valuestring, "public") == 0;
    *ret_is_public = is_private ? cJSON_IsFalse(is_private) : says_public;
    return !is_private || !visibility || *ret_is_public == says_public;
}

static struct repository *find_listed(struct github_facts *self, struct slice full_name)
{
    for (size_t i = 0; i < self->repositories; i++)
        if (slice_equals_nocase(slice_of(self->list[i].full_name), full_name))
            return &self->list[i];
    return NULL;
}

/* A repository that one body calls public here and private there counts as private. */
static void add_repository(struct github_facts *self, const cJSON *object)
{
    const cJSON *name = member(object, "full_name");
    bool is_public = false;
    if (!cJSON_IsString(name) || !is_full_name(slice_of(name->valuestring)) ||
        !read_visibility(object, &is_public))
        return;
    const struct slice full_name = slice_of(name->valuestring);
    struct repository *listed = find_listed(self, full_name);
    if (listed) {
        listed->is_public = listed->is_public && is_public;
        listed->id = listed->id == id_of(object) ? listed->id : 0;
    } else if (self->repositories < GITHUB_FACTS_REPOSITORIES_MAX) {
        struct repository *added = &self->list[self->repositories++];
        memcpy(added->full_name, full_name.data, full_name.size);
        added->id = id_of(object);
        added->is_public = is_public;
    }
}

static void add_element(struct github_facts *self, const cJSON *element)
{
    add_repository(self, element);
    add_repository(self, member(element, "repository"));
}

static void add_elements(struct github_facts *self, const cJSON *list)
{
    const cJSON *element;
    if (!cJSON_IsArray(list))
        return;
    cJSON_ArrayForEach(element, list) add_element(self, element);
}

/* Only lists whose elements GitHub makes are looked into: an array under any other name may hold
 * what a user wrote, such as a deployment's payload. */
static void add_repositories(struct github_facts *self, const cJSON *root)
{
    add_element(self, root);
    add_elements(self, root);
    add_elements(self, member(root, "repositories"));
    add_elements(self, member(root, "items"));
    add_elements(self, member(root, "workflow_runs"));
}

static struct github_facts *facts_of(const cJSON *root)
{
    struct github_facts *self =
        calloc(1, sizeof *self + GITHUB_FACTS_REPOSITORIES_MAX * sizeof(struct repository));
    if (!self)
        return NULL;
    const cJSON *status = member(root, "status");
    self->items = cJSON_IsArray(root) ? cJSON_GetArraySize(root) : -1;
    self->is_completed = cJSON_IsString(status) && strcmp(status->valuestring, "completed") == 0;
    add_repositories(self, root);
    return self;
}

/* The parser gets a copy with a zero behind it: given a length alone, it reads past the end of some
 * broken texts (CVE-2023-53154). The zero must also be where it stops. */
struct github_facts *github_facts_read(struct slice body)
{
    struct github_facts *self = NULL;
    if (body.size > GITHUB_FACTS_MAX || !is_harmless(body))
        return NULL;
    char *text = slice_copy(body);
    cJSON *root = text ? cJSON_ParseWithLengthOpts(text, body.size + 1, NULL, true) : NULL;
    if (root)
        self = facts_of(root);
    cJSON_Delete(root);
    free(text);
    return self;
}

void github_facts_destroy(struct github_facts **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

int64_t github_facts_items(const struct github_facts *self)
{
    return self->items;
}

bool github_facts_is_completed(const struct github_facts *self)
{
    return self->is_completed;
}

size_t github_facts_repositories(const struct github_facts *self,
                                 struct github_facts_repository *ret, size_t max)
{
    const size_t count = self->repositories < max ? self->repositories : max;
    for (size_t i = 0; i < count; i++) {
        ret[i].full_name = slice_of(self->list[i].full_name);
        ret[i].id = self->list[i].id;
        ret[i].is_public = self->list[i].is_public;
    }
    return count;
}
