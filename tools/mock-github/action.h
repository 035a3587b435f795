/* Makers of what GitHub Actions shows: workflows, runs, jobs, runners, and the checks of a commit.
 */
#ifndef MOCK_ACTION_H
#define MOCK_ACTION_H

#include "model.h"

enum { MOCK_ACTION_JOBS_MAX = 10 }; /* of one run: their ids tell the run */

cJSON *mock_action_workflow(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_action_run(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_action_job(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_action_artifact(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_action_runner(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_action_check_run(struct mock_model *model, struct mock_list *list, size_t index);
cJSON *mock_action_status(struct mock_model *model, struct mock_list *list, size_t index);

#endif
