/* Makers of content: each answers the index-th element of a list, the same one for the same seed.
 * They fill templates and change nothing. */
#ifndef MOCK_MAKE_H
#define MOCK_MAKE_H

#include "model.h"
#include "template.h"

/* The repositories that come before octo-org/app-00. */
enum {
    MOCK_MAKE_HELLO_WORLD,
    MOCK_MAKE_SECRET,
    MOCK_MAKE_PRIVATE_NOTES,
    MOCK_MAKE_NEW_NAME,
    MOCK_MAKE_INTERNAL_TOOLS,
    MOCK_MAKE_FIRST_APP
};

enum { MOCK_MAKE_COMMENTS_MAX = 100 }; /* of one issue: their ids tell the issue */

cJSON *mock_make_user(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_org(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_repo(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_issue(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_comment(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_label(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_milestone(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_pull(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_file(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_review(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_release(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_event(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_contributor(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_languages(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_make_topics(struct mock_model *model, struct mock_list *list, size_t index);

/* An account that nobody made before, as a member of the organization. */
cJSON *mock_make_account(struct mock_model *model, const char *login, size_t index);

/* The id of the index-th element. */
uint64_t mock_make_id(const struct mock_list *list, size_t index);

/* Puts the values that every template of a repository's things may name: api, web, full, owner,
 * name, rid, private, user, at, up, id. Answers the repository. */
struct mock_item *mock_make_begin(struct mock_model *model, struct mock_list *list, size_t index,
                                  struct mock_values *ret_values);

/* Puts sha, the newest commit; and repo, the repository in its short form. */
void mock_make_put_head(struct mock_model *model, struct mock_item *repo,
                        struct mock_values *values);
void mock_make_put_repo(struct mock_model *model, struct mock_item *repo,
                        struct mock_values *values);

#endif
