/* What the files of github/ share: the parts of one service. Private to the folder. */
#ifndef GITHUB_STATE_H
#define GITHUB_STATE_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/lru.h"
#include "github/access.h"
#include "github/alias.h"
#include "github/budget.h"
#include "github/canary.h"
#include "github/counters.h"
#include "github/etag.h"
#include "github/fetcher.h"
#include "github/github.h"
#include "github/limits.h"
#include "github/negative.h"
#include "github/table.h"
#include "github/tombstone.h"

TAILQ_HEAD(github_call_list, github_call);

struct github {
    struct github_options options; /* its texts are the copies below */
    char *upstream, *user_agent, *ca_file;
    uint8_t secret[GITHUB_SECRET_SIZE];
    struct github_counters counters;
    _Atomic uint32_t request_timeout_ms;
    _Atomic uint32_t calls; /* that wait for an answer */
    _Atomic bool is_shut;
    struct github_mail shut_mail;

    /* Any thread. */
    struct github_access *access;
    struct github_alias *alias;
    struct github_tombstone *tombstone;
    struct github_negative *negative;
    struct github_budget *budget;
    struct github_canary *canary;
    struct github_table *oversize; /* keys whose bodies are too large to keep */
    struct github_fetcher *fetcher;

    /* The fetcher's thread only. */
    struct lru *flights;                /* by flight id, of struct github_flight * */
    struct github_call_list unanswered; /* in order of deadline */
    struct github_call_list passing;    /* handed through, answered or not */
};

#endif
