/* Control paths by one table. */
#include "control.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"

static void fail(struct mock_call *call, const char *message)
{
    mock_answer_fail(call->answer, 400, message);
}

static cJSON *read_body(struct mock_call *call)
{
    const struct slice body = buffer_slice(&call->request->body);
    cJSON *json = cJSON_ParseWithLength(body.data ? body.data : "", body.size);
    if (cJSON_IsObject(json))
        return json;
    cJSON_Delete(json);
    fail(call, "the body must be a JSON object");
    return NULL;
}

static void serve_stats(struct mock_call *call)
{
    struct mock *mock = call->mock;
    struct buffer *out = &call->answer->body;
    buffer_put_char(out, '{');
    mock_stats_write(&mock->stats, out);
    buffer_put_format(out,
                      ",\"changes\":%" PRIu64 ",\"log_first\":%" PRIu64 ",\"log_last\":%" PRIu64,
                      mock->model.changes, mock->log.first, mock->log.next - 1);
    buffer_put_format(out, ",\"now_ms\":%" PRId64 "}", mock_clock_now_ms(&mock->clock));
}

static void serve_log(struct mock_call *call)
{
    const size_t since = mock_request_number(call->request, "since", INT64_MAX, 0);
    const size_t max =
        mock_request_number(call->request, "limit", MOCK_LOG_MAX, MOCK_LOG_ANSWER_DEFAULT);
    mock_log_write(&call->mock->log, since, max, &call->answer->body);
}

static void serve_history(struct mock_call *call)
{
    const char *path = mock_request_parameter(call->request, "path");
    if (!path || !mock_history_write(&call->mock->history, path, &call->answer->body))
        mock_answer_fail(call->answer, 404, "no target with versions: give ?path=");
}

static void list_faults(struct mock_call *call)
{
    mock_fault_write(&call->mock->faults, &call->answer->body);
}

static void done(struct mock_call *call, int r)
{
    if (r == -EINVAL)
        fail(call, "malformed: see tools/mock-github/README.md");
    else if (r == -ENOSPC)
        fail(call, "there are too many: see tools/mock-github/limits.h");
    else if (r < 0)
        mock_answer_fail(call->answer, 500, strerror(-r));
    else
        buffer_put_text(&call->answer->body, "{\"ok\":true}");
}

static void add_fault(struct mock_call *call)
{
    cJSON *json = read_body(call);
    if (json)
        done(call, mock_fault_add(&call->mock->faults, json));
    cJSON_Delete(json);
}

static void clear_faults(struct mock_call *call)
{
    mock_fault_clear(&call->mock->faults);
    done(call, 0);
}

static void declare_token(struct mock_call *call)
{
    cJSON *json = read_body(call);
    if (json)
        done(call, mock_token_declare(&call->mock->tokens, json));
    cJSON_Delete(json);
}

static int set_option(struct mock_options *options, const cJSON *field)
{
    const struct {
        const char *name;
        int64_t *value;
    } settable[] = {
        {"latency_ms", &options->latency_ms},
        {"jitter_ms", &options->jitter_ms},
        {"limit", &options->limit},
        {"anonymous_limit", &options->anonymous_limit},
        {"search_limit", &options->search_limit},
        {"graphql_limit", &options->graphql_limit},
    };
    for (size_t i = 0; i < sizeof settable / sizeof *settable; i++) {
        if (strcmp(settable[i].name, field->string) != 0)
            continue;
        if (!cJSON_IsNumber(field) || field->valuedouble < 0)
            return -EINVAL;
        *settable[i].value = (int64_t)field->valuedouble;
        return 0;
    }
    return -EINVAL;
}

static void set_options(struct mock_call *call)
{
    cJSON *json = read_body(call);
    int r = 0;
    if (!json)
        return;
    for (const cJSON *field = json->child; field && r == 0; field = field->next)
        r = set_option(&call->mock->options, field);
    done(call, r);
    cJSON_Delete(json);
}

static void reset(struct mock_call *call)
{
    mock_stats_reset(&call->mock->stats);
    mock_limit_reset(&call->mock->limits);
    mock_history_forget_seen(&call->mock->history);
    done(call, 0);
}

static const struct {
    const char *method, *path;
    void (*handler)(struct mock_call *call);
} paths[] = {
    {"GET", "_stats", serve_stats},     {"GET", "_log", serve_log},
    {"GET", "_history", serve_history}, {"GET", "_fault", list_faults},
    {"POST", "_fault", add_fault},      {"DELETE", "_fault", clear_faults},
    {"POST", "_tokens", declare_token}, {"POST", "_set", set_options},
    {"POST", "_reset", reset},          {"POST", "_change", mock_change_serve},
};

bool mock_control_serve(struct mock_call *call)
{
    const struct mock_request *request = call->request;
    if (request->segment_count != 1 || request->segments[0][0] != '_')
        return false;
    call->answer->is_free = true;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (strcmp(paths[i].path, request->segments[0]) != 0 ||
            !mock_request_is(request, paths[i].method))
            continue;
        paths[i].handler(call);
        return true;
    }
    mock_answer_fail(call->answer, 404, "no such control path: see tools/mock-github/README.md");
    return true;
}
