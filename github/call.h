/* A request that could not be answered at once: its copy, its answer when that comes, and the
 * streams of a pass-through. Two owners: the front, and the fetcher's thread until it is done. */
#ifndef GITHUB_CALL_H
#define GITHUB_CALL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buffer.h"
#include "base/check.h"
#include "github/github.h"
#include "github/graphql.h"
#include "github/mail.h"
#include "github/policy.h"
#include "github/question.h"

struct github_fetch;
struct github_flight;
struct github_stream;

/* An answer of GitHub's as it is collected. */
struct github_page {
    int status;
    struct github_headers headers;
    struct buffer body;
};

struct github_call {
    atomic_int references;
    struct github *github;

    /* The request, copied; nobody changes it. */
    char *method, *target, *base;
    struct github_headers headers;
    struct github_request request;
    struct github_question question;
    int64_t arrived_ms;

    pthread_mutex_t lock; /* guards the next five */
    struct github_notify notify;
    struct github_answer answer;
    bool is_answered, is_taken, is_abandoned;

    struct github_mail ask, poke;
    struct github_stream *upload, *download; /* of a pass-through; made at the start */
    struct github_graphql graphql;           /* the asking thread's */
    _Atomic bool is_suspect;                 /* the graphql scan's result so far */

    /* The fetcher's thread only. */
    TAILQ_ENTRY(github_call) unanswered, waiting, passing;
    int64_t deadline_ms; /* of the steady clock */
    bool is_unanswered;
    struct github_flight *flight; /* that it waits for */
    enum github_reason reason;    /* why it first had to wait */
    bool is_collapsed;            /* it waited for a fetch that another had started */
    struct github_fetch *fetch;   /* of its own, handed through */
    bool is_passed, has_head;
    bool is_collected;        /* its body is collected, not streamed: addresses in it are moved */
    bool is_decoded;          /* its body is decoded on its way in */
    struct github_page *page; /* what is collected */
};

/* A copy of the request that is owned by the front alone. -ENOMEM, -EMSGSIZE, -EBADMSG. */
int github_call_new(struct github *github, const struct github_request *request,
                    const struct github_notify *notify, struct github_call **ret_call) MUST_CHECK;

struct github_call *github_call_retain(struct github_call *self);
void github_call_drop(struct github_call **self_p);

/* Posts the poke mail, which holds a reference until it ran. Any thread. */
void github_call_poke(struct github_call *self);

/* The rest on the fetcher's thread. */

/* Starts the deadline. */
void github_call_enlist(struct github_call *self);

/* Moves the deadline of a call that waits for its answer. */
void github_call_set_deadline(struct github_call *self, int64_t deadline_ms);

/* Moves the answer (which is empty afterwards) to the front, if the front still wants it, and wakes
 * it. At most once per call. */
void github_call_deliver(struct github_call *self, struct github_answer *answer);

/* Tells the front that a stream moved on. */
void github_call_wake(struct github_call *self);

bool github_call_was_abandoned(struct github_call *self);

#endif
