/* Finds the row of github/routes.def for a path. Only reads the path: what a row means for an
 * answer is for policy.c to say. No state, no allocation: every hit passes here. */
#include "github/route.h"

#include <string.h>

#include "base/check.h"
#include "base/hash.h"

enum { SHA_DIGITS = 40 };

/* What the patterns of repositories and owners begin with; a test holds routes.def to it. */
static const char repository_pattern[] = "/repos/{owner}/{repo}";
static const char organization_pattern[] = "/orgs/{owner}";
static const char user_pattern[] = "/users/{owner}";
static const char below_pattern[] = "/{below...}";
static const char path_pattern[] = "/{path...}";

static const struct github_route routes[] = {
#define GITHUB_ROUTE(name_, pattern_, ttl_, share_, permission_, stale_, prove_, immutable_,       \
                     topic_, events_)                                                              \
    {                                                                                              \
        .name = #name_,                                                                            \
        .pattern = pattern_,                                                                       \
        .ttl_s = ttl_,                                                                             \
        .share = GITHUB_SHARE_##share_,                                                            \
        .permission = GITHUB_PERMISSION_##permission_,                                             \
        .stale_max_s = stale_,                                                                     \
        .prove = prove_,                                                                           \
        .immutable = immutable_,                                                                   \
        .topic = GITHUB_TOPIC_##topic_,                                                            \
        .events = events_,                                                                         \
    },
#include "github/routes.def"
#undef GITHUB_ROUTE
};

enum { ROUTE_COUNT = sizeof routes / sizeof *routes, ROUTE_OTHER = ROUTE_COUNT - 1 };

/* Where the search begins: the rows to look at, and what of the path they have not matched yet. */
struct place {
    enum github_topic topic;
    const char *front; /* which all these rows begin with; "" for the global ones */
    size_t front_size;
    struct slice rest;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
}

static bool is_hex_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_made_of(struct slice segment, bool (*accepts)(char))
{
    for (size_t i = 0; i < segment.size; i++)
        if (!accepts(segment.data[i]))
            return false;
    return segment.size > 0;
}

static bool is_name(struct slice segment)
{
    return segment.size <= GITHUB_NAME_MAX && is_made_of(segment, is_name_char);
}

static bool is_number(struct slice segment)
{
    return is_made_of(segment, is_digit);
}

static bool is_sha(struct slice segment)
{
    return segment.size == SHA_DIGITS && is_made_of(segment, is_hex_digit);
}

/* Takes "/segment" off the front of *rest; nothing when it has none. */
static struct slice take_segment(struct slice *rest)
{
    if (rest->size == 0 || rest->data[0] != '/')
        return slice_of(NULL);
    struct slice after = slice_skip(*rest, 1);
    const struct slice segment = slice_next(&after, '/');
    *rest = slice_skip(*rest, 1 + segment.size);
    return segment;
}

/* Whether the segment may stand for the variable at the front of the pattern. */
static bool fits_variable(const char *pattern, struct slice segment)
{
    switch (pattern[1]) {
    case 'n':
        return is_number(segment);
    case 's':
        return is_sha(segment);
    case 'p':
        return is_made_of(segment, is_name_char);
    default: /* {x} */
        return segment.size > 0;
    }
}

/* Takes a literal segment off both; false at the first byte that differs. */
static bool take_literal(const char **pattern, struct slice *rest)
{
    const char *at = *pattern + 1;
    size_t size = 1;
    for (; *at && *at != '/'; at++, size++)
        if (size >= rest->size || rest->data[size] != *at)
            return false;
    *rest = slice_skip(*rest, size);
    *pattern = at;
    return true;
}

/* Whether rest is what the pattern says, segment by segment. */
static bool matches(const char *pattern, struct slice rest)
{
    while (*pattern) {
        if (pattern[1] == '{' && strcmp(pattern, below_pattern) == 0)
            return rest.size == 0 || rest.data[0] == '/';
        if (rest.size == 0 || rest.data[0] != '/')
            return false;
        if (pattern[1] != '{') {
            if (!take_literal(&pattern, &rest))
                return false;
            continue;
        }
        if (strcmp(pattern, path_pattern) == 0)
            return rest.size > 1;
        if (!fits_variable(pattern + 1, take_segment(&rest)))
            return false;
        pattern += 1 + strcspn(pattern + 1, "/");
    }
    return rest.size == 0;
}

static void set_place(struct place *place, enum github_topic topic, const char *front)
{
    place->topic = topic;
    place->front = front;
    place->front_size = strlen(front);
}

static bool take_repository(struct place *place, struct github_route_match *match)
{
    struct slice rest = place->rest;
    const struct slice first = take_segment(&rest);
    const struct slice second = take_segment(&rest);
    if (slice_equals(first, slice_of("repositories"))) {
        if (!slice_to_u64(second, UINT64_MAX, &match->repository_id) || match->repository_id == 0)
            return false;
    } else if (slice_equals(first, slice_of("repos"))) {
        const struct slice third = take_segment(&rest);
        if (!is_name(second) || !is_name(third))
            return false;
        match->owner = second;
        match->repository = third;
    } else {
        return false;
    }
    set_place(place, GITHUB_TOPIC_REPOSITORY, repository_pattern);
    place->rest = rest;
    return true;
}

static bool take_owner(struct place *place, struct github_route_match *match)
{
    struct slice rest = place->rest;
    const struct slice first = take_segment(&rest);
    const struct slice second = take_segment(&rest);
    const bool is_by_name =
        slice_equals(first, slice_of("orgs")) || slice_equals(first, slice_of("users"));
    const bool is_by_id =
        slice_equals(first, slice_of("organizations")) || slice_equals(first, slice_of("user"));
    if (!(is_by_name && is_name(second)) && !(is_by_id && is_number(second)))
        return false;
    if (is_by_name)
        match->owner = second;
    set_place(place, GITHUB_TOPIC_OWNER,
              first.data[0] == 'o' ? organization_pattern : user_pattern);
    place->rest = rest;
    return true;
}

/* Of the owners' rows, the second byte tells organizations from users. */
static bool may_match(const struct github_route *route, const struct place *place)
{
    return route->topic == place->topic &&
           (route->topic != GITHUB_TOPIC_OWNER || route->pattern[1] == place->front[1]);
}

struct github_route_match github_route_find(struct slice path)
{
    struct github_route_match match = {.route = &routes[ROUTE_OTHER]};
    struct place place = {.rest = path};
    if (!take_repository(&place, &match) && !take_owner(&place, &match))
        set_place(&place, GITHUB_TOPIC_GLOBAL, "");
    for (size_t i = 0; i < ROUTE_OTHER; i++) {
        const struct github_route *route = &routes[i];
        if (!may_match(route, &place) || !matches(route->pattern + place.front_size, place.rest))
            continue;
        match.route = route;
        match.full_sha = strstr(route->pattern, "{sha}") != NULL;
        break;
    }
    return match;
}

static void add_lower(struct hash *hash, struct slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        const char c = name.data[i];
        const char lower = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        hash_add(hash, &lower, sizeof lower);
    }
}

void github_route_repository_scope(struct slice owner, struct slice repository,
                                   uint8_t ret[static GITHUB_SCOPE_ID_SIZE])
{
    struct hash hash;
    hash_start(&hash, NULL, GITHUB_SCOPE_ID_SIZE);
    hash_add_text(&hash, slice_of("repository"));
    add_lower(&hash, owner);
    hash_add(&hash, "/", 1); /* no name has one */
    add_lower(&hash, repository);
    hash_finish(&hash, ret, GITHUB_SCOPE_ID_SIZE);
}

struct permission {
    const char *text;
    enum github_reach reach;
    enum github_permission alternatives[2];
};

static const struct permission permissions[] = {
#define GITHUB_PERMISSION(name, text, reach, first, second)                                        \
    {text, GITHUB_REACH_##reach, {GITHUB_PERMISSION_##first, GITHUB_PERMISSION_##second}},
#include "github/permissions.def"
#undef GITHUB_PERMISSION
};

static const struct permission *permission_of(enum github_permission permission)
{
    CHECK((size_t)permission < sizeof permissions / sizeof *permissions);
    return &permissions[permission];
}

enum github_reach github_route_reach(enum github_permission permission)
{
    return permission_of(permission)->reach;
}

void github_route_alternatives(enum github_permission permission,
                               enum github_permission ret[static 2])
{
    memcpy(ret, permission_of(permission)->alternatives,
           sizeof permission_of(permission)->alternatives);
}

const char *github_route_permission_text(enum github_permission permission)
{
    return permission_of(permission)->text;
}

void github_route_scope(const struct github_route_match *match,
                        const uint8_t key[static GITHUB_KEY_SIZE],
                        uint8_t ret[static GITHUB_SCOPE_ID_SIZE])
{
    if (match->repository.size > 0 &&
        github_route_reach(match->route->permission) == GITHUB_REACH_REPOSITORY) {
        github_route_repository_scope(match->owner, match->repository, ret);
        return;
    }
    struct hash hash;
    hash_start(&hash, NULL, GITHUB_SCOPE_ID_SIZE);
    hash_add_text(&hash, slice_of("key"));
    hash_add(&hash, key, GITHUB_KEY_SIZE);
    hash_finish(&hash, ret, GITHUB_SCOPE_ID_SIZE);
}

const struct github_route *github_route_table(size_t *ret_count)
{
    *ret_count = ROUTE_COUNT;
    return routes;
}
