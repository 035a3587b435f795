/* Routes: the table holds together, and what must not be kept or shared is not. */
#include "github/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PATH_SIZE = 512 };

static const char repository_front[] = "/repos/{owner}/{repo}";
static const char organization_front[] = "/orgs/{owner}";
static const char user_front[] = "/users/{owner}";

#define SHA "0123456789abcdefABCDEF012345678901234567"

static const struct {
    const char *variable, *example;
} variables[] = {
    {"{owner}", "Octo-cat"}, {"{repo}", "hello.world_1"}, {"{n}", "42"},
    {"{sha}", SHA},          {"{plain}", "a...b"},        {"{x}", "any%2Fthing"},
    {"{path...}", "p/q"},    {"{below...}", "p/q"},
};

static bool begins_with(const char *text, const char *front)
{
    return strncmp(text, front, strlen(front)) == 0;
}

static const char *example_of(const char *pattern)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (begins_with(pattern, variables[i].variable) &&
            strchr("/", pattern[strlen(variables[i].variable)]))
            return variables[i].example;
    fail_msg("no variable that routes.def explains: %s", pattern);
    return NULL;
}

/* A path that the pattern must match. */
static void make_path(const char *pattern, char path[PATH_SIZE])
{
    size_t size = 0;
    while (*pattern) {
        assert_int_equal(*pattern, '/');
        pattern++;
        const size_t segment_size = strcspn(pattern, "/");
        const char *segment = *pattern == '{' ? example_of(pattern) : pattern;
        const size_t copied = *pattern == '{' ? strlen(segment) : segment_size;
        assert_true(size + 1 + copied < PATH_SIZE);
        path[size++] = '/';
        memcpy(path + size, segment, copied);
        size += copied;
        pattern += segment_size;
    }
    path[size] = '\0';
}

static void assert_row(const char *path, const char *name)
{
    const struct github_route_match match = github_route_find(slice_of(path));
    if (strcmp(match.route->name, name) != 0)
        fail_msg("%s is %s, not %s", path, match.route->name, name);
}

/* Asks about the row of each path of a list that is separated by blanks. */
static void assert_each(bool (*holds)(const struct github_route *), const char *paths)
{
    for (struct slice rest = slice_of(paths); rest.data;) {
        const struct slice path = slice_next(&rest, ' ');
        const struct github_route *route = github_route_find(path).route;
        if (!holds(route))
            fail_msg("%.*s is %s", (int)path.size, path.data, route->name);
    }
}

static void test_names_and_patterns_are_unique(void **state)
{
    (void)state;
    size_t count;
    const struct github_route *routes = github_route_table(&count);

    assert_in_range(count, 90, 250);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(routes[i].name, routes[j].name);
            assert_string_not_equal(routes[i].pattern, routes[j].pattern);
        }
}

static void test_every_row_is_reached_by_its_own_pattern(void **state)
{
    (void)state;
    size_t count;
    const struct github_route *routes = github_route_table(&count);
    for (size_t i = 0; i < count; i++) {
        char path[PATH_SIZE];
        make_path(routes[i].pattern, path);

        assert_row(path, routes[i].name);
    }
}

static void test_a_row_without_its_last_byte_is_another(void **state)
{
    (void)state;
    size_t count;
    const struct github_route *routes = github_route_table(&count);
    for (size_t i = 0; i < count; i++) {
        char path[PATH_SIZE];
        const char *pattern = routes[i].pattern;
        if (strstr(pattern, "...}") || strrchr(pattern, '/')[1] == '{' || strlen(pattern) == 1)
            continue;
        make_path(pattern, path);
        path[strlen(path) - 1] = '\0';

        assert_string_not_equal(github_route_find(slice_of(path)).route->name, routes[i].name);
    }
}

static void test_the_last_row_takes_what_is_left(void **state)
{
    (void)state;
    size_t count;
    const struct github_route *routes = github_route_table(&count);
    const struct github_route *last = &routes[count - 1];
    const char *const paths[] = {"",
                                 "/unknown",
                                 "//user",
                                 "/repos",
                                 "/repos/o",
                                 "/repos//r",
                                 "/Repos/o/r",
                                 "/repos/o%2f/r/issues",
                                 "/repositories",
                                 "/repositories/0",
                                 "/repositories/x/issues",
                                 "/orgs",
                                 "/orgs/",
                                 "/organizations/x/repos",
                                 "repos/o/r",
                                 "/re%70os/o/r",
                                 "/apps/x"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_ptr_equal(github_route_find(slice_of(paths[i])).route, last);
    assert_ptr_equal(github_route_find(slice_of(NULL)).route, last);
    assert_int_equal(last->share, GITHUB_SHARE_TOKEN);
    assert_int_equal(last->permission, GITHUB_PERMISSION_OTHER);
    assert_int_equal(last->ttl_s, 60);
    assert_int_equal(last->stale_max_s, 0);
}

static void assert_events(const char *events)
{
    struct slice rest = slice_of(events);
    while (rest.size > 0) {
        const struct slice event = slice_next(&rest, ',');
        assert_true(event.size > 0);
        for (size_t i = 0; i < event.size; i++)
            assert_true((event.data[i] >= 'a' && event.data[i] <= 'z') || event.data[i] == '_');
        assert_false(rest.data && rest.size == 0);
    }
}

static enum github_topic topic_of(const char *pattern)
{
    if (begins_with(pattern, repository_front))
        return GITHUB_TOPIC_REPOSITORY;
    if (begins_with(pattern, organization_front) || begins_with(pattern, user_front))
        return GITHUB_TOPIC_OWNER;
    return GITHUB_TOPIC_GLOBAL;
}

static void assert_columns_agree(const struct github_route *route)
{
    const bool is_never = route->share == GITHUB_SHARE_NEVER;
    const bool is_shared =
        route->share == GITHUB_SHARE_SCOPE || route->share == GITHUB_SHARE_PUBLIC;
    assert_int_equal(route->topic, topic_of(route->pattern));
    assert_int_equal(route->ttl_s == 0, is_never);
    assert_true(route->stale_max_s <= GITHUB_STALE_MAX_S);
    assert_true(route->stale_max_s == 0 || is_shared);
    assert_true(!route->prove || route->share == GITHUB_SHARE_SCOPE);
    assert_true(!route->immutable ||
                (route->share == GITHUB_SHARE_SCOPE && strstr(route->pattern, "{sha}")));
    assert_true(route->share == GITHUB_SHARE_PUBLIC || route->ttl_s <= 60);
    assert_events(route->events);
}

static void test_the_columns_of_each_row_agree(void **state)
{
    (void)state;
    size_t count;
    const struct github_route *routes = github_route_table(&count);
    for (size_t i = 0; i < count; i++) {
        assert_columns_agree(&routes[i]);
        if (routes[i].permission != GITHUB_PERMISSION_RUNNERS ||
            routes[i].share == GITHUB_SHARE_NEVER)
            continue;
        assert_int_equal(routes[i].stale_max_s, 0);
        assert_int_equal(routes[i].ttl_s, 15);
        assert_true(routes[i].prove);
    }
}

static void test_every_permission_has_its_text(void **state)
{
    (void)state;
    assert_string_equal(github_route_permission_text(GITHUB_PERMISSION_METADATA), "metadata");
    assert_string_equal(github_route_permission_text(GITHUB_PERMISSION_PULLS), "pull_requests");
    assert_string_equal(github_route_permission_text(GITHUB_PERMISSION_OTHER), "other");
}

static bool is_never_kept(const struct github_route *route)
{
    return route->share == GITHUB_SHARE_NEVER;
}

static void test_what_must_never_be_kept_is_not(void **state)
{
    (void)state;
    assert_each(is_never_kept,
                "/repos/o/r/actions/runs/1/logs /repos/o/r/actions/runs/1/attempts/2/logs "
                "/repos/o/r/actions/jobs/1/logs /repositories/7/actions/jobs/1/logs "
                "/repos/o/r/actions/artifacts/1/zip "
                "/repos/o/r/actions/runners/registration-token "
                "/repos/o/r/actions/runners/remove-token "
                "/repos/o/r/actions/runners/generate-jitconfig "
                "/repos/o/r/actions/runners/downloads /repos/o/r/actions/secrets "
                "/repos/o/r/actions/secrets/ /repos/o/r/actions/secrets/public-key "
                "/repositories/7/environments/prod/secrets/A "
                "/repos/o/r/actions/organization-secrets /repos/o/r/actions/variables/A "
                "/repos/o/r/dependabot/secrets /repos/o/r/environments/prod/variables "
                "/repos/o/r/tarball /repos/o/r/tarball/main /repos/o/r/zipball/feature/x "
                "/repos/o/r/releases/assets/1 /repos/o/r/keys /repos/o/r/keys/1 "
                "/repos/o/r/hooks/1/deliveries /repos/o/r/invitations /repos/o/r/traffic/views "
                "/repos/o/r/secret-scanning/alerts /repos/o/r/code-scanning/sarifs/x "
                "/repos/o/r/codespaces /repos/o/r/notifications "
                "/orgs/o/actions/runners/registration-token "
                "/orgs/o/actions/secrets/A/repositories /orgs/o/actions/variables "
                "/organizations/7/actions/secrets /orgs/o/audit-log /orgs/o/hooks "
                "/orgs/o/invitations /orgs/o/teams/t/invitations /orgs/o/secret-scanning/alerts "
                "/orgs/o/codespaces/secrets /orgs/o/copilot/billing/seats "
                "/orgs/o/settings/billing/actions /orgs/o/members/m/copilot "
                "/users/u/settings/billing/usage /enterprises/e/audit-log "
                "/enterprises/e/actions/runners/registration-token "
                "/enterprises/e/copilot/billing /rate_limit /notifications "
                "/notifications/threads/1 /app /app/installations/1/access_tokens "
                "/applications/x/token /login/oauth/access_token /authorizations/1 /user/keys "
                "/user/keys/1 /user/emails /user/public_emails /user/gpg_keys "
                "/user/ssh_signing_keys /user/installations /user/installations/1/repositories "
                "/user/repository_invitations /user/codespaces/secrets "
                "/user/marketplace_purchases /marketplace_listing/plans /zen /octocat");
}

static bool is_bound_to_token(const struct github_route *route)
{
    return route->share == GITHUB_SHARE_TOKEN;
}

static void test_what_differs_per_token_is_bound_to_it(void **state)
{
    (void)state;
    assert_each(is_bound_to_token,
                "/user /user/repos /user/orgs /user/7/repos /users/u /users/u/repos "
                "/users/u/events /orgs/o/repos /organizations/7/repos /orgs/o/members "
                "/repos/o/r /repositories/7 /repos/o/r/releases /repos/o/r/releases/1 "
                "/repos/o/r/pulls/1/reviews /repos/o/r/collaborators/u/permission "
                "/repos/o/r/stats/contributors /repos/o/r/compare/main...other:main "
                "/repos/o/r/compare/main...other%3Amain /repos/o/r/contents%2fx "
                "/repos/o/r/unknown /installation/repositories /search/issues /feeds");
}

static bool is_shorter_than_a_poll(const struct github_route *route)
{
    return route->ttl_s > 0 && route->ttl_s <= 30;
}

static void test_each_poll_of_the_workload_sees_a_change(void **state)
{
    (void)state;
    assert_each(is_shorter_than_a_poll,
                "/user/repos /orgs/o/repos /users/o/repos /repos/o/r/actions/runs "
                "/repos/o/r/actions/runs/1 /repos/o/r/actions/runs/1/jobs "
                "/repos/o/r/actions/workflows /repos/o/r/actions/workflows/ci.yml/runs "
                "/repos/o/r/actions/runs/1/attempts/1 /repos/o/r/actions/jobs/1 "
                "/repos/o/r/actions/runners /orgs/o/actions/runners");
}

static bool is_never_stale(const struct github_route *route)
{
    return route->stale_max_s == 0;
}

static void test_what_must_not_be_stale_is_not(void **state)
{
    (void)state;
    assert_each(is_never_stale,
                "/repos/o/r/actions/runners /repos/o/r/actions/runners/1 "
                "/enterprises/e/actions/runners /repos/o/r/git/ref/heads/a/b "
                "/repos/o/r/git/refs /repos/o/r/git/refs/heads /repos/o/r/pulls/1 "
                "/repos/o/r/pulls/1/merge /repos/o/r/environments/prod "
                "/repos/o/r/branches/main/protection /repos/o/r/collaborators/u/permission");
}

static void test_only_full_object_names_are_immutable(void **state)
{
    (void)state;
    assert_row("/repos/o/r/git/trees/" SHA, "git_tree_object");
    assert_true(github_route_find(slice_of("/repos/o/r/git/trees/" SHA)).full_sha);
    assert_row("/repos/o/r/git/trees/main", "git_tree");
    assert_row("/repos/o/r/git/trees/" SHA "0", "git_tree");
    assert_false(github_route_find(slice_of("/repos/o/r/git/trees/main")).full_sha);
    assert_row("/repos/o/r/git/blobs/" SHA, "git_blob");
    assert_row("/repos/o/r/git/blobs/012345678", "repository_other");
    assert_row("/repos/o/r/git/commits/g123456789abcdefABCDEF012345678901234567",
               "repository_other");
    assert_row("/repos/o/r/commits/" SHA, "commit");
    assert_false(github_route_find(slice_of("/repos/o/r/commits/" SHA)).route->immutable);
}

static void test_deceptive_paths_are_no_other_routes(void **state)
{
    (void)state;
    assert_row("/repos/o/r/contents/x.json;.css", "contents");
    assert_row("/repos/o/r/contents/", "repository_other");
    assert_row("/repos/o/r/contents//x", "contents");
    assert_row("/repos/o/r/", "repository_other");
    assert_row("/repos/o/r//actions/runs", "repository_other");
    assert_row("/repos/o/r/actions/runs/", "repository_other");
    assert_row("/repos/o/r/actions/runs/1x", "repository_other");
    assert_row("/repos/o/r/actions/runs;x", "repository_other");
    assert_row("/repos/o/r/commits/a/b/check-runs", "repository_other");
    assert_row("/repos/o/r/commits//check-runs", "repository_other");
    assert_row("/repos/o/r/labels", "labels");
    assert_row("/repos/o/r/labelsx", "repository_other");
    assert_row("/meta/", "other");
    assert_row("/metadata", "other");
    assert_row("/apps/x", "other");
    assert_row("/", "root");
}

static void test_names_come_from_the_path(void **state)
{
    (void)state;
    const struct github_route_match repository = github_route_find(slice_of("/repos/o/r/issues"));
    const struct github_route_match owner = github_route_find(slice_of("/orgs/o/repos"));
    const struct github_route_match none = github_route_find(slice_of("/user"));

    assert_true(slice_equals(repository.owner, slice_of("o")));
    assert_true(slice_equals(repository.repository, slice_of("r")));
    assert_int_equal(repository.repository_id, 0);
    assert_true(slice_equals(owner.owner, slice_of("o")));
    assert_null(owner.repository.data);
    assert_null(none.owner.data);
    assert_true(
        slice_equals(github_route_find(slice_of("/repos/o/r/unknown")).owner, slice_of("o")));
}

/* The path with `front` of the pattern replaced. */
static void assert_alias(const struct github_route *route, const char *front, const char *alias)
{
    char tail[PATH_SIZE], path[2 * PATH_SIZE];
    make_path(route->pattern + strlen(front), tail);
    assert_true(snprintf(path, sizeof path, "%s%s", alias, tail) > 0);
    assert_row(path, route->name);
    assert_null(github_route_find(slice_of(path)).owner.data);
}

static void test_numeric_ids_reach_the_same_rows(void **state)
{
    (void)state;
    size_t count;
    const struct github_route *routes = github_route_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (begins_with(routes[i].pattern, repository_front))
            assert_alias(&routes[i], repository_front, "/repositories/123");
        else if (begins_with(routes[i].pattern, organization_front))
            assert_alias(&routes[i], organization_front, "/organizations/123");
        else if (begins_with(routes[i].pattern, user_front))
            assert_alias(&routes[i], user_front, "/user/123");
    }
    assert_int_equal(github_route_find(slice_of("/repositories/123/issues")).repository_id, 123);
    assert_int_equal(github_route_find(slice_of("/repositories/123")).repository_id, 123);
    assert_row("/repositories/18446744073709551616", "other");
}

static void test_a_name_at_its_limit_fits_and_one_byte_more_does_not(void **state)
{
    (void)state;
    char name[GITHUB_NAME_MAX + 2], path[PATH_SIZE];
    memset(name, 'a', sizeof name);
    name[GITHUB_NAME_MAX + 1] = '\0';

    assert_true(snprintf(path, sizeof path, "/repos/o/%s/issues", name) > 0);
    assert_row(path, "other");
    assert_true(snprintf(path, sizeof path, "/repos/o/%s/issues", name + 1) > 0);
    assert_row(path, "issues");
}

static void scope_of(const char *path, uint8_t key_byte, uint8_t ret[GITHUB_SCOPE_ID_SIZE])
{
    const uint8_t key[GITHUB_KEY_SIZE] = {key_byte};
    const struct github_route_match match = github_route_find(slice_of(path));
    github_route_scope(&match, key, ret);
}

static void assert_one_scope(const char *path, const char *other_path, bool is_one)
{
    uint8_t scope[GITHUB_SCOPE_ID_SIZE], other[GITHUB_SCOPE_ID_SIZE];
    scope_of(path, 1, scope);
    scope_of(other_path, 2, other);
    assert_int_equal(memcmp(scope, other, sizeof scope) == 0, is_one);
}

static void test_a_proof_is_about_the_repository_without_case(void **state)
{
    (void)state;
    uint8_t scope[GITHUB_SCOPE_ID_SIZE], by_name[GITHUB_SCOPE_ID_SIZE];

    scope_of("/repos/Octo/Hello/contents/a", 1, scope);
    github_route_repository_scope(slice_of("octo"), slice_of("hELLO"), by_name);

    assert_memory_equal(scope, by_name, sizeof scope);
    assert_one_scope("/repos/o/r/contents/a", "/repos/O/R/actions/runs", true);
    assert_one_scope("/repos/o/r/contents/a", "/repos/o/r2/contents/a", false);
    assert_one_scope("/repos/o/rr/contents/a", "/repos/or/r/contents/a", false);
}

static void test_a_proof_without_a_known_permission_is_about_its_key_only(void **state)
{
    (void)state;
    assert_one_scope("/repos/o/r/issues/1", "/repos/o/r/issues/2", false);
    assert_one_scope("/repos/o/r/pulls/1", "/repos/o/r/contents/a", false);
    assert_one_scope("/repos/o/r/actions/runners", "/repos/o/r/contents/a", false);
    assert_one_scope("/repos/o/r/actions/runners", "/repos/o/r/actions/runners/1", false);
    assert_one_scope("/orgs/o/actions/runners", "/orgs/o/actions/runners", false);
    assert_one_scope("/repositories/7/contents/a", "/repositories/7/contents/a", false);

    uint8_t scope[GITHUB_SCOPE_ID_SIZE], again[GITHUB_SCOPE_ID_SIZE];
    scope_of("/repos/o/r/issues/1", 1, scope);
    scope_of("/repos/o/r/issues/1", 1, again);
    assert_memory_equal(scope, again, sizeof scope);
}

static void test_names_of_an_alias_give_the_scope_of_the_path(void **state)
{
    (void)state;
    const uint8_t key[GITHUB_KEY_SIZE] = {0};
    uint8_t scope[GITHUB_SCOPE_ID_SIZE], by_path[GITHUB_SCOPE_ID_SIZE];
    struct github_route_match match = github_route_find(slice_of("/repositories/7/contents/a"));

    match.owner = slice_of("o");
    match.repository = slice_of("r");
    github_route_scope(&match, key, scope);

    scope_of("/repos/o/r/contents/a", 1, by_path);
    assert_memory_equal(scope, by_path, sizeof scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_patterns_are_unique),
        cmocka_unit_test(test_every_row_is_reached_by_its_own_pattern),
        cmocka_unit_test(test_a_row_without_its_last_byte_is_another),
        cmocka_unit_test(test_the_last_row_takes_what_is_left),
        cmocka_unit_test(test_the_columns_of_each_row_agree),
        cmocka_unit_test(test_every_permission_has_its_text),
        cmocka_unit_test(test_what_must_never_be_kept_is_not),
        cmocka_unit_test(test_what_differs_per_token_is_bound_to_it),
        cmocka_unit_test(test_each_poll_of_the_workload_sees_a_change),
        cmocka_unit_test(test_what_must_not_be_stale_is_not),
        cmocka_unit_test(test_only_full_object_names_are_immutable),
        cmocka_unit_test(test_deceptive_paths_are_no_other_routes),
        cmocka_unit_test(test_names_come_from_the_path),
        cmocka_unit_test(test_numeric_ids_reach_the_same_rows),
        cmocka_unit_test(test_a_name_at_its_limit_fits_and_one_byte_more_does_not),
        cmocka_unit_test(test_a_proof_is_about_the_repository_without_case),
        cmocka_unit_test(test_a_proof_without_a_known_permission_is_about_its_key_only),
        cmocka_unit_test(test_names_of_an_alias_give_the_scope_of_the_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
