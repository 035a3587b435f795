/* The newest run of a repository is in progress, the two before it failed, the others succeeded:
 * what an autoscaler that polls sees. */
#include "action.h"

#include <string.h>

#include "make.h"

static const char *const workflow_names[] = {"CI", "Release", "Nightly"};
static const char *const workflow_files[] = {"ci.yml", "release.yml", "nightly.yml"};
static const char *const jobs[] = {"build", "test", "lint"};

enum {
    WORKFLOW_COUNT = sizeof workflow_names / sizeof *workflow_names,
    JOB_COUNT = sizeof jobs / sizeof *jobs,
    FAILED_COUNT = 2
};

/* The workflow list's ids are known without making it. */
static void put_workflow(struct mock_list *list, size_t which, struct mock_values *values)
{
    const struct mock_list workflows = {.kind = MOCK_KIND_WORKFLOWS, .owner = list->owner};
    mock_template_put(values, "wid", "%llu",
                      (unsigned long long)mock_make_id(&workflows, which % WORKFLOW_COUNT));
    mock_template_put(values, "workflow", "%s", workflow_names[which % WORKFLOW_COUNT]);
    mock_template_put(values, "file", "%s", workflow_files[which % WORKFLOW_COUNT]);
}

cJSON *mock_action_workflow(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    mock_make_begin(model, list, index, &values);
    put_workflow(list, index, &values);
    return mock_template_fill(MOCK_TEMPLATE_WORKFLOW, &values);
}

cJSON *mock_action_run(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    const size_t count = mock_model_first_count(model, list->owner, MOCK_KIND_RUNS);
    const bool is_running = index + 1 >= count;
    const bool is_failed = index + 1 + FAILED_COUNT >= count;
    struct mock_item *repo = mock_make_begin(model, list, index, &values);
    put_workflow(list, index, &values);
    mock_make_put_head(model, repo, &values);
    mock_make_put_repo(model, repo, &values);
    mock_template_put(&values, "n", "%zu", index + 1);
    mock_template_put(&values, "branch", index % 4 == 3 ? "dev" : "main");
    mock_template_put(&values, "event", index % 5 == 4 ? "schedule" : "push");
    mock_template_put(&values, "title", "Change %zu", index + 1);
    mock_template_put(&values, "status", is_running ? "in_progress" : "completed");
    mock_template_put(&values, "conclusion", "%s",
                      is_running  ? "null"
                      : is_failed ? "\"failure\""
                                  : "\"success\"");
    mock_template_put(&values, "suite", "%llu",
                      (unsigned long long)mock_make_id(list, index) * MOCK_ACTION_JOBS_MAX);
    return mock_template_fill(MOCK_TEMPLATE_RUN, &values);
}

cJSON *mock_action_job(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    const struct mock_item *run = list->owner;
    const bool is_done = strcmp(mock_item_string(run, "status"), "completed") == 0;
    const char *conclusion = mock_item_string(run, "conclusion");
    mock_make_begin(model, list, run->index, &values);
    mock_template_put(&values, "id", "%llu",
                      (unsigned long long)mock_item_number(run, "id") * MOCK_ACTION_JOBS_MAX +
                          index);
    mock_template_put(&values, "run", "%lld", (long long)mock_item_number(run, "id"));
    mock_template_put(&values, "workflow", "%s", mock_item_string(run, "name"));
    mock_template_put(&values, "branch", "%s", mock_item_string(run, "head_branch"));
    mock_template_put(&values, "sha", "%s", mock_item_string(run, "head_sha"));
    mock_template_put(&values, "status", "%s", mock_item_string(run, "status"));
    mock_template_put(&values, "job", "%s", jobs[index % JOB_COUNT]);
    if (is_done)
        mock_template_put(&values, "conclusion", "\"%s\"", conclusion);
    else
        mock_template_put(&values, "conclusion", "null");
    if (is_done)
        mock_template_put(&values, "done", "\"%s\"", mock_item_string(run, "updated_at"));
    else
        mock_template_put(&values, "done", "null");
    return mock_template_fill(MOCK_TEMPLATE_JOB, &values);
}

cJSON *mock_action_artifact(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    struct mock_item *repo = mock_make_begin(model, list, list->owner->index + index, &values);
    mock_make_put_head(model, repo, &values);
    mock_template_put(&values, "run", "%lld", (long long)mock_item_number(list->owner, "id"));
    return mock_template_fill(MOCK_TEMPLATE_ARTIFACT, &values);
}

cJSON *mock_action_runner(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values = {.count = 0};
    (void)model;
    mock_template_put(&values, "id", "%llu", (unsigned long long)mock_make_id(list, index));
    mock_template_put(&values, "n", "%zu", index + 1);
    mock_template_put(&values, "busy", index == 0 ? "true" : "false");
    return mock_template_fill(MOCK_TEMPLATE_RUNNER, &values);
}

cJSON *mock_action_check_run(struct mock_model *model, struct mock_list *list, size_t index)
{
    struct mock_values values;
    const struct mock_item *commit = list->owner;
    mock_make_begin(model, list, commit->index * JOB_COUNT + index, &values);
    mock_template_put(&values, "sha", "%s", commit->key);
    mock_template_put(&values, "job", "%s", jobs[index % JOB_COUNT]);
    mock_template_put(&values, "suite", "%zu", commit->index + 1);
    return mock_template_fill(MOCK_TEMPLATE_CHECK_RUN, &values);
}

cJSON *mock_action_status(struct mock_model *model, struct mock_list *list, size_t index)
{
    static const char *const contexts[] = {"ci/build", "ci/lint"};
    struct mock_values values;
    const struct mock_item *commit = list->owner;
    mock_make_begin(model, list, commit->index * JOB_COUNT + index, &values);
    mock_template_put(&values, "sha", "%s", commit->key);
    mock_template_put(&values, "context", "%s", contexts[index % 2]);
    return mock_template_fill(MOCK_TEMPLATE_STATUS, &values);
}
