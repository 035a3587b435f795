/* Accounting of exchanges with GitHub. */
#include "github/upstream.h"

#include <errno.h>

#include "github/clock.h"
#include "github/reply.h"
#include "github/state.h"

void github_upstream_count(struct github *github, const struct github_question *question,
                           int status, const struct github_headers *headers)
{
    struct github_counters *counters = &github->counters;
    if (status == 0) {
        github_counters_add(counters, GITHUB_COUNTER_upstream_failures);
        return;
    }
    if (status == 304)
        github_counters_add(counters, GITHUB_COUNTER_upstream_not_modified);
    /* A 304 is free only for a request with a credential. */
    if (status != 304 || question->is_anonymous)
        github_counters_add(counters, GITHUB_COUNTER_upstream_charged);
    github_budget_learn(github->budget, question->token_id, headers, github_clock_ms());
}

void github_upstream_fail(struct github *github, int result, const struct github_trace *trace,
                          struct github_answer *ret_answer)
{
    struct github_trace told = *trace;
    switch (result) {
    case -ETIMEDOUT:
        told.detail = "timeout";
        github_reply_fail(github, 504, "GitHub did not answer in time.", &told, ret_answer);
        break;
    case -ECONNREFUSED:
        told.detail = "unreachable";
        github_reply_fail(github, 502, "GitHub can't be reached from this node.", &told,
                          ret_answer);
        break;
    case -ECANCELED:
        told.detail = "shutdown";
        github_reply_fail(github, 503, "The node is going down.", &told, ret_answer);
        break;
    case -ENOMEM:
        told.detail = "memory";
        github_reply_fail(github, 503, "The node is short of memory.", &told, ret_answer);
        break;
    default:
        told.detail = "bad-answer";
        github_reply_fail(github, 502, "GitHub's answer was broken.", &told, ret_answer);
        break;
    }
}
