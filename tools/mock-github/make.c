/* One function per kind. Counts are kinds.def's, shapes templates.def's. */
#include "make.h"

#include <stdlib.h>
#include <string.h>

#include "git.h"
#include "limits.h"

enum {
    ID_OF_KIND = 1000000000, /* ids of one kind are this far from the next */
    ID_OF_REPO = 100000,     /* those of one repository */
    ID_HELLO_WORLD = 1296269,
    ID_REPO = 700000000,
    ID_USER = 583231,
    ID_ORG = 9919,
    HOUR_MS = 3600 * 1000,
    HOURS_BETWEEN = 3,
};
static const int64_t first_day_ms = 1767600000000; /* 2026-01-05T08:00:00Z */

static const char *const logins[] = {"octocat", "hubot", "monalisa", "defunkt"};
static const char *const titles[] = {
    "a crash on start",   "a slow query",     "an empty list",     "a wrong date",
    "a broken link",      "a missing test",   "a flaky build",     "a long path",
    "an unclear message", "a leaking handle", "an old dependency", "a race at shutdown",
};
enum { LOGIN_COUNT = sizeof logins / sizeof *logins, TITLE_COUNT = sizeof titles / sizeof *titles };

uint64_t mock_make_id(const struct mock_list *list, size_t index)
{
    const struct mock_item *repo = mock_item_repo(list->owner);
    return ((uint64_t)list->kind + 1) * ID_OF_KIND + (repo ? repo->index : 0) * ID_OF_REPO + index;
}

static void put_dates(struct mock_values *values, int64_t ms)
{
    char text[MOCK_CLOCK_TEXT_SIZE];
    mock_clock_format(ms, text);
    mock_template_put(values, "at", "%s", text);
    mock_clock_format(ms + HOUR_MS, text);
    mock_template_put(values, "up", "%s", text);
}

static void put_places(struct mock_model *model, struct mock_values *values)
{
    values->count = 0;
    mock_template_put(values, "api", "%s", model->options->body_base);
    mock_template_put(values, "web", "https://github.com");
}

cJSON *mock_make_account(struct mock_model *model, const char *login, size_t index)
{
    struct mock_values values, more;
    const bool is_org = strcmp(login, "octo-org") == 0;
    put_places(model, &values);
    mock_template_put(&values, "login", "%s", login);
    mock_template_put(&values, "uid", "%zu", is_org ? ID_ORG : ID_USER + index);
    mock_template_put(&values, "type", is_org ? "Organization" : "User");
    cJSON *user = mock_template_fill(MOCK_TEMPLATE_USER, &values);
    more.count = 0;
    put_dates(&more, first_day_ms);
    mock_template_put(&more, "display", "The %s", login);
    cJSON *rest = mock_template_fill(MOCK_TEMPLATE_USER_MORE, &more);
    while (user && rest && rest->child) {
        cJSON *field = cJSON_DetachItemViaPointer(rest, rest->child);
        cJSON_AddItemToObject(user, field->string, field);
    }
    cJSON_Delete(rest);
    return user;
}

cJSON *mock_make_user(struct mock_model *model, struct mock_list *list, size_t index)
{
    (void)list;
    return mock_make_account(model, logins[index % LOGIN_COUNT], index);
}

cJSON *mock_make_org(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    (void)list;
    (void)index;
    put_places(model, &values);
    put_dates(&values, first_day_ms);
    mock_template_put(&values, "login", "octo-org");
    mock_template_put(&values, "uid", "%d", ID_ORG);
    return mock_template_fill(MOCK_TEMPLATE_ORG, &values);
}

/* A short account as it is embedded in other objects. */
static char *account_text(struct mock_model *model, const char *login, size_t index)
{
    struct mock_values values;
    const bool is_org = strcmp(login, "octo-org") == 0;
    put_places(model, &values);
    mock_template_put(&values, "login", "%s", login);
    mock_template_put(&values, "uid", "%zu", is_org ? ID_ORG : ID_USER + index);
    mock_template_put(&values, "type", is_org ? "Organization" : "User");
    char *text = mock_template_text(MOCK_TEMPLATE_USER, &values);
    mock_template_done(&values);
    return text;
}

static void put_account(struct mock_model *model, struct mock_values *values, const char *name,
                        const char *login)
{
    size_t index = 0;
    while (index < LOGIN_COUNT && strcmp(logins[index], login) != 0)
        index++;
    char *text = account_text(model, login, index);
    mock_template_put(values, name, "%s", text ? text : "null");
    free(text);
}

struct fixed_repo {
    const char *owner, *name;
    bool is_private;
};

static const struct fixed_repo fixed_repos[MOCK_MAKE_FIRST_APP] = {
    [MOCK_MAKE_HELLO_WORLD] = {"octocat", "hello-world", false},
    [MOCK_MAKE_SECRET] = {"octo-org", "secret", true},
    [MOCK_MAKE_PRIVATE_NOTES] = {"octocat", "private-notes", true},
    [MOCK_MAKE_NEW_NAME] = {"octocat", "new-name", false},
    [MOCK_MAKE_INTERNAL_TOOLS] = {"octo-org", "internal-tools", true},
};

cJSON *mock_make_repo(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    char name[32];
    struct fixed_repo repo = {.owner = "octo-org", .name = name};
    (void)list;
    snprintf(name, sizeof name, "app-%02zu", index - MOCK_MAKE_FIRST_APP);
    if (index < MOCK_MAKE_FIRST_APP)
        repo = fixed_repos[index];
    put_places(model, &values);
    put_dates(&values, first_day_ms + (int64_t)index * HOUR_MS);
    mock_template_put(&values, "rid", "%zu", index ? ID_REPO + index : ID_HELLO_WORLD);
    mock_template_put(&values, "owner", "%s", repo.owner);
    mock_template_put(&values, "name", "%s", repo.name);
    mock_template_put(&values, "full", "%s/%s", repo.owner, repo.name);
    mock_template_put(&values, "private", repo.is_private ? "true" : "false");
    mock_template_put(&values, "visibility", repo.is_private ? "private" : "public");
    mock_template_put(&values, "size", "%d", (int)mock_model_draw(model, "size", index, 50000));
    mock_template_put(&values, "stars", "%d", (int)mock_model_draw(model, "stars", index, 2000));
    mock_template_put(&values, "open", "%d", (int)mock_model_draw(model, "open", index, 40));
    put_account(model, &values, "user", repo.owner);
    return mock_template_fill(MOCK_TEMPLATE_REPO, &values);
}

struct mock_item *mock_make_begin(struct mock_model *model, struct mock_list *list, size_t index,
                                  struct mock_values *ret_values)
{
    struct mock_item *repo = mock_item_repo(list->owner);
    CHECK(repo);
    struct slice rest = slice_of(repo->key);
    const struct slice account = slice_next(&rest, '/');
    put_places(model, ret_values);
    put_dates(ret_values, first_day_ms + (int64_t)(repo->index + index * HOURS_BETWEEN) * HOUR_MS);
    mock_template_put(ret_values, "full", "%s", repo->key);
    mock_template_put(ret_values, "owner", "%.*s", (int)account.size, account.data);
    mock_template_put(ret_values, "name", "%s", rest.data);
    mock_template_put(ret_values, "rid", "%lld", (long long)mock_item_number(repo, "id"));
    mock_template_put(ret_values, "private", mock_item_is(repo, "private") ? "true" : "false");
    put_account(model, ret_values, "user",
                logins[mock_model_draw(model, repo->key, index, LOGIN_COUNT)]);
    mock_template_put(ret_values, "id", "%llu", (unsigned long long)mock_make_id(list, index));
    return repo;
}

void mock_make_put_head(struct mock_model *model, struct mock_item *repo,
                        struct mock_values *values)
{
    const struct mock_item *head = mock_git_resolve(model, repo, "main");
    mock_template_put(values, "sha", "%s", head ? head->key : "");
}

void mock_make_put_repo(struct mock_model *model, struct mock_item *repo,
                        struct mock_values *values)
{
    struct slice login = slice_of(repo->key);
    login = slice_next(&login, '/');
    char *name = slice_copy(login);
    put_account(model, values, "account", name ? name : "");
    free(name);
    char *text = mock_template_text(MOCK_TEMPLATE_REPO_MINIMAL, values);
    mock_template_put(values, "repo", "%s", text ? text : "null");
    free(text);
}

/* Issues and pull requests share one row of numbers. */
static size_t next_number(struct mock_model *model, struct mock_list *list, size_t index)
{
    const enum mock_kind other_kind =
        list->kind == MOCK_KIND_ISSUES ? MOCK_KIND_PULLS : MOCK_KIND_ISSUES;
    const size_t issues = mock_model_first_count(model, list->owner, MOCK_KIND_ISSUES);
    const size_t pulls = mock_model_first_count(model, list->owner, MOCK_KIND_PULLS);
    if (list->kind == MOCK_KIND_ISSUES && index < issues)
        return index + 1;
    if (list->kind == MOCK_KIND_PULLS && index < pulls)
        return issues + index + 1;
    const struct mock_list *other = mock_model_list(model, list->owner, other_kind);
    return index + 1 + (other ? other->made : 0);
}

static void put_label(struct mock_model *model, struct mock_list *list, size_t index,
                      struct mock_values *values)
{
    struct mock_list *labels = mock_model_list(model, list->owner, MOCK_KIND_LABELS);
    struct slice text = slice_of("");
    if (labels && labels->count)
        text = mock_item_text(labels->items[index % labels->count], MOCK_SHAPE_LISTED);
    mock_template_put(values, "label", "%.*s", (int)text.size, text.data);
}

static void put_ticket(struct mock_model *model, struct mock_list *list, size_t index,
                       struct mock_values *values)
{
    const size_t count = mock_model_first_count(model, list->owner, list->kind);
    /* Every seventh is closed, but never the newest. */
    const bool is_closed = index % 7 == 3 && index + 1 < count;
    char date[MOCK_CLOCK_TEXT_SIZE];
    mock_clock_format(first_day_ms + (int64_t)index * HOURS_BETWEEN * HOUR_MS, date);
    mock_template_put(values, "n", "%zu", next_number(model, list, index));
    mock_template_put(values, "title", "%s", titles[index % TITLE_COUNT]);
    mock_template_put(values, "state", is_closed ? "closed" : "open");
    mock_template_put(values, "merged", is_closed ? "true" : "false");
    mock_template_put(values, "closed", is_closed ? "\"%s\"" : "null", date);
}

cJSON *mock_make_issue(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    mock_make_begin(model, list, index, &values);
    put_ticket(model, list, index, &values);
    put_label(model, list, index, &values);
    mock_template_put(&values, "comments", "%zu",
                      mock_model_first_count(model, list->owner, MOCK_KIND_COMMENTS));
    return mock_template_fill(MOCK_TEMPLATE_ISSUE, &values);
}

cJSON *mock_make_pull(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    struct mock_item *repo = mock_make_begin(model, list, index, &values);
    put_ticket(model, list, index, &values);
    mock_make_put_head(model, repo, &values);
    mock_make_put_repo(model, repo, &values);
    return mock_template_fill(MOCK_TEMPLATE_PULL, &values);
}

cJSON *mock_make_comment(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    const uint64_t number = (uint64_t)mock_item_number(list->owner, "number");
    mock_make_begin(model, list, MOCK_MAKE_COMMENTS_MAX * number + index, &values);
    mock_template_put(&values, "n", "%llu", (unsigned long long)number);
    return mock_template_fill(MOCK_TEMPLATE_COMMENT, &values);
}

cJSON *mock_make_label(struct mock_model *model, struct mock_list *list, size_t index)
{
    static const char *const names[] = {"bug",      "documentation", "duplicate",
                                        "question", "enhancement",   "good-first-issue",
                                        "invalid",  "help-wanted",   "wontfix"};
    enum { NAME_COUNT = sizeof names / sizeof *names };
    struct mock_values values;
    mock_make_begin(model, list, index, &values);
    if (index < NAME_COUNT)
        mock_template_put(&values, "label", "%s", names[index]);
    else
        mock_template_put(&values, "label", "area-%02zu", index - NAME_COUNT);
    mock_template_put(&values, "color", "%06x", (unsigned)(index * 0x3a7d9 % 0xffffff));
    mock_template_put(&values, "default", index < NAME_COUNT ? "true" : "false");
    return mock_template_fill(MOCK_TEMPLATE_LABEL, &values);
}

cJSON *mock_make_milestone(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    mock_make_begin(model, list, index, &values);
    mock_template_put(&values, "n", "%zu", index + 1);
    return mock_template_fill(MOCK_TEMPLATE_MILESTONE, &values);
}

cJSON *mock_make_file(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    struct mock_item *repo = mock_make_begin(model, list, index, &values);
    mock_make_put_head(model, repo, &values);
    mock_template_put(&values, "path", "src/part%zu.c", index);
    return mock_template_fill(MOCK_TEMPLATE_FILE, &values);
}

cJSON *mock_make_review(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    struct mock_item *repo = mock_make_begin(model, list, index, &values);
    mock_make_put_head(model, repo, &values);
    mock_template_put(&values, "n", "%lld", (long long)mock_item_number(list->owner, "number"));
    return mock_template_fill(MOCK_TEMPLATE_REVIEW, &values);
}

cJSON *mock_make_release(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    mock_make_begin(model, list, index, &values);
    mock_template_put(&values, "tag", "v1.%zu.0", index);
    mock_template_put(&values, "asset", "%llu", (unsigned long long)mock_make_id(list, index) * 10);
    mock_template_put(&values, "stars", "%d", (int)mock_model_draw(model, "downloads", index, 900));
    return mock_template_fill(MOCK_TEMPLATE_RELEASE, &values);
}

cJSON *mock_make_event(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    struct mock_item *repo = mock_make_begin(model, list, index, &values);
    const size_t who = index % LOGIN_COUNT;
    mock_make_put_head(model, repo, &values);
    mock_template_put(&values, "login", "%s", logins[who]);
    mock_template_put(&values, "uid", "%zu", ID_USER + who);
    return mock_template_fill(MOCK_TEMPLATE_EVENT, &values);
}

cJSON *mock_make_contributor(struct mock_model *model, struct mock_list *list, size_t index)
{
    (void)list;
    char *text = account_text(model, logins[index % LOGIN_COUNT], index);
    cJSON *json = text ? cJSON_Parse(text) : NULL;
    free(text);
    cJSON_AddNumberToObject(json, "contributions", (double)(100 - index));
    return json;
}

cJSON *mock_make_languages(struct mock_model *model, struct mock_list *list, size_t index)
{
    const struct mock_item *repo = mock_item_repo(list->owner);
    cJSON *json = cJSON_CreateObject();
    (void)index;
    cJSON_AddNumberToObject(json, "C", (double)mock_model_draw(model, repo->key, 1, 90000));
    cJSON_AddNumberToObject(json, "Python", (double)mock_model_draw(model, repo->key, 2, 9000));
    return json;
}

cJSON *mock_make_topics(struct mock_model *model, struct mock_list *list, size_t index)
{
    (void)model;
    (void)list;
    (void)index;
    return cJSON_Parse("{\"names\":[\"octocat\",\"api\"]}");
}
