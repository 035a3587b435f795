/* Small fixed answers, and those that depend on the caller alone. */
#include "root.h"

#include "make.h"
#include "serve.h"
#include "template.h"

enum { MS_PER_SECOND = 1000 };

static void serve_template(struct mock_call *call, enum mock_template id)
{
    struct mock_values values = {.count = 0};
    mock_template_put(&values, "api", "%s", call->mock->options.body_base);
    mock_answer_json(call->answer, 200, mock_template_fill(id, &values));
    call->answer->state = &call->mock->model.root->state;
}

void mock_root_index(struct mock_call *call)
{
    serve_template(call, MOCK_TEMPLATE_ROOT);
}

void mock_root_meta(struct mock_call *call)
{
    serve_template(call, MOCK_TEMPLATE_META);
}

void mock_root_emojis(struct mock_call *call)
{
    serve_template(call, MOCK_TEMPLATE_EMOJIS);
}

void mock_root_zen(struct mock_call *call)
{
    buffer_put_text(&call->answer->body, "Keep it logically awesome.");
    call->answer->content_type = "text/plain;charset=utf-8";
    call->answer->state = &call->mock->model.root->state;
}

void mock_root_versions(struct mock_call *call)
{
    buffer_put_text(&call->answer->body, "[\"2026-03-10\",\"2022-11-28\"]");
    call->answer->state = &call->mock->model.root->state;
}

struct mock_quota *mock_root_quota(struct mock *mock, const struct mock_token *token,
                                   enum mock_resource resource)
{
    enum { ANONYMOUS_SEARCHES = 10 };
    const struct mock_options *options = &mock->options;
    const int64_t period = mock_clock_period_ms(&mock->clock, mock_limit_seconds(resource));
    struct mock_quota *quota = mock_limit_look(&mock->limits, token ? token->owner : "", resource,
                                               mock_clock_now_ms(&mock->clock), period);
    switch (resource) {
    case MOCK_RESOURCE_SEARCH:
        quota->limit = token ? options->search_limit : ANONYMOUS_SEARCHES;
        break;
    case MOCK_RESOURCE_GRAPHQL:
        quota->limit = token ? options->graphql_limit : 0;
        break;
    default:
        quota->limit = !token              ? options->anonymous_limit
                       : token->limit >= 0 ? token->limit
                                           : options->limit;
    }
    return quota;
}

static cJSON *quota_json(struct mock_call *call, enum mock_resource resource)
{
    const struct mock_quota *quota = mock_root_quota(call->mock, call->token, resource);
    const int64_t reset = (quota->reset_ms + MS_PER_SECOND - 1) / MS_PER_SECOND;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "limit", (double)quota->limit);
    cJSON_AddNumberToObject(json, "used", (double)quota->used);
    cJSON_AddNumberToObject(json, "remaining", (double)mock_limit_remaining(quota));
    cJSON_AddNumberToObject(json, "reset", (double)reset);
    return json;
}

void mock_root_rate_limit(struct mock_call *call)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *resources = cJSON_AddObjectToObject(json, "resources");
    for (enum mock_resource resource = 0; resource < MOCK_RESOURCES; resource++)
        cJSON_AddItemToObject(resources, mock_limit_name(resource), quota_json(call, resource));
    cJSON_AddItemToObject(json, "rate", quota_json(call, MOCK_RESOURCE_CORE));
    mock_answer_json(call->answer, 200, json);
    call->answer->is_free = true;
}

struct mock_item *mock_root_account(struct mock *mock, const struct mock_token *token)
{
    struct mock_model *model = &mock->model;
    struct mock_list *users = mock_model_list(model, model->root, MOCK_KIND_USERS);
    struct mock_item *user = users ? mock_item_find(users, token->login) : NULL;
    if (!user && users)
        user =
            mock_model_add_json(model, users, mock_make_account(model, token->login, users->made));
    return user;
}

void mock_root_user(struct mock_call *call)
{
    if (!mock_serve_needs_token(call))
        return;
    struct mock_item *user = mock_root_account(call->mock, call->token);
    if (user)
        mock_serve_one(call, user);
    else
        mock_answer_fail(call->answer, 500, "Server Error");
}

void mock_root_emails(struct mock_call *call)
{
    if (!mock_serve_needs_token(call))
        return;
    buffer_put_text(&call->answer->body, "[{\"email\":\"");
    buffer_put_json(&call->answer->body, slice_of(call->token->login));
    buffer_put_text(&call->answer->body,
                    "@github.com\",\"primary\":true,\"verified\":true,\"visibility\":\"public\"}]");
    call->answer->state = &call->mock->model.root->state;
}
