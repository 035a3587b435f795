/* What every exchange with GitHub has in common, kept or handed through: its accounting, and the
 * words for its failures. */
#ifndef GITHUB_UPSTREAM_H
#define GITHUB_UPSTREAM_H

#include "github/answer.h"
#include "github/headers.h"
#include "github/question.h"

/* Counts an answer (status 0: none came) and learns the rate limits that it tells. */
void github_upstream_count(struct github *github, const struct github_question *question,
                           int status, const struct github_headers *headers);

/* 502, 503 or 504 in GitHub's shape for a result of the fetcher (negative errno). */
void github_upstream_fail(struct github *github, int result, const struct github_trace *trace,
                          struct github_answer *ret_answer);

#endif
