/* Calls: ownership, delivery, and the front's side of the streams. */
#include "github/call.h"

#include <errno.h>
#include <stdlib.h>

#include "github/clock.h"
#include "github/flight.h"
#include "github/pass.h"
#include "github/state.h"
#include "github/stream.h"

static struct github_call *of_ask(struct github_mail *mail)
{
    return (struct github_call *)((char *)mail - offsetof(struct github_call, ask));
}

static struct github_call *of_poke(struct github_mail *mail)
{
    return (struct github_call *)((char *)mail - offsetof(struct github_call, poke));
}

static void run_ask(struct github_mail *mail)
{
    struct github_call *call = of_ask(mail);
    github_call_enlist(call);
    github_flight_ask(call);
}

static void run_poke(struct github_mail *mail)
{
    struct github_call *call = of_poke(mail);
    if (call->is_passed)
        github_pass_poke(call);
    else if (github_call_was_abandoned(call))
        github_flight_leave(call);
    github_call_drop(&call);
}

static int copy_request(struct github_call *self, const struct github_request *request)
{
    self->method = slice_copy(request->method);
    self->target = slice_copy(request->target);
    self->base = slice_copy(request->base);
    if (!self->method || !self->target || !self->base)
        return -ENOMEM;
    int r = github_headers_copy(&self->headers, request->headers);
    if (r < 0)
        return r;
    self->request = *request;
    self->request.method.data = self->method;
    self->request.target.data = self->target;
    if (request->base.data)
        self->request.base.data = self->base;
    self->request.headers = &self->headers;
    return github_question_init(&self->question, self->github, &self->request);
}

int github_call_new(struct github *github, const struct github_request *request,
                    const struct github_notify *notify, struct github_call **ret_call)
{
    struct github_call *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    atomic_init(&self->references, 1);
    self->github = github;
    self->notify = *notify;
    self->arrived_ms = github_clock_ms();
    self->ask.run = run_ask;
    self->poke.run = run_poke;
    pthread_mutex_init(&self->lock, NULL);
    github_headers_init(&self->headers);
    github_answer_init(&self->answer);
    int r = copy_request(self, request);
    if (r == 0 && request->body_size != 0)
        r = github_stream_new(GITHUB_STREAM_MAX, &self->upload);
    if (r == 0)
        *ret_call = self;
    else
        github_call_drop(&self);
    return r;
}

struct github_call *github_call_retain(struct github_call *self)
{
    atomic_fetch_add(&self->references, 1);
    return self;
}

static void page_destroy(struct github_page *page)
{
    if (!page)
        return;
    github_headers_done(&page->headers);
    buffer_done(&page->body);
    free(page);
}

void github_call_drop(struct github_call **self_p)
{
    struct github_call *self = *self_p;
    *self_p = NULL;
    if (!self || atomic_fetch_sub(&self->references, 1) > 1)
        return;
    github_question_done(&self->question);
    github_headers_done(&self->headers);
    github_answer_done(&self->answer);
    github_stream_destroy(&self->upload);
    github_stream_destroy(&self->download);
    /* The analyzer does not count references.
     * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
    page_destroy(self->page);
    pthread_mutex_destroy(&self->lock);
    free(self->method);
    free(self->target);
    free(self->base);
    free(self);
}

void github_call_poke(struct github_call *self)
{
    struct github_call *reference = github_call_retain(self);
    if (!github_fetcher_post(self->github->fetcher, &self->poke))
        github_call_drop(&reference);
}

void github_call_enlist(struct github_call *self)
{
    const int64_t timeout_ms = atomic_load(&self->github->request_timeout_ms);
    github_call_set_deadline(self, github_clock_steady_ms() + timeout_ms);
}

/* Mostly the latest is the last one, but the time-out may have changed since the others came. */
void github_call_set_deadline(struct github_call *self, int64_t deadline_ms)
{
    struct github_call_list *list = &self->github->unanswered;
    if (self->is_unanswered)
        TAILQ_REMOVE(list, self, unanswered);
    self->is_unanswered = true;
    self->deadline_ms = deadline_ms;
    struct github_call *before = TAILQ_LAST(list, github_call_list);
    while (before && before->deadline_ms > deadline_ms)
        before = TAILQ_PREV(before, github_call_list, unanswered);
    if (before)
        TAILQ_INSERT_AFTER(list, before, self, unanswered);
    else
        TAILQ_INSERT_HEAD(list, self, unanswered);
}

void github_call_deliver(struct github_call *self, struct github_answer *answer)
{
    if (self->is_unanswered) {
        self->is_unanswered = false;
        TAILQ_REMOVE(&self->github->unanswered, self, unanswered);
        atomic_fetch_sub(&self->github->calls, 1);
    }
    pthread_mutex_lock(&self->lock);
    if (!self->is_abandoned && !self->is_answered) {
        github_answer_move(&self->answer, answer);
        self->is_answered = true;
        self->notify.wake(self->notify.cls);
    } else {
        github_answer_done(answer);
    }
    pthread_mutex_unlock(&self->lock);
}

void github_call_wake(struct github_call *self)
{
    pthread_mutex_lock(&self->lock);
    if (!self->is_abandoned)
        self->notify.wake(self->notify.cls);
    pthread_mutex_unlock(&self->lock);
}

bool github_call_was_abandoned(struct github_call *self)
{
    pthread_mutex_lock(&self->lock);
    const bool was_abandoned = self->is_abandoned;
    pthread_mutex_unlock(&self->lock);
    return was_abandoned;
}

/* --- The front's side --- */

bool github_call_take(struct github_call *call, struct github_answer *ret_answer)
{
    pthread_mutex_lock(&call->lock);
    const bool has_answer = call->is_answered && !call->is_taken;
    if (has_answer) {
        github_answer_move(ret_answer, &call->answer);
        call->is_taken = true;
    }
    pthread_mutex_unlock(&call->lock);
    return has_answer;
}

size_t github_call_upload(struct github_call *call, const void *data, size_t size)
{
    /* A body that was not announced is not passed on, nor one that has its answer. */
    if (!call->upload || github_stream_has_ended(call->upload))
        return size;
    /* Known before the bytes can leave: the answer may be here before this thread goes on. */
    struct github_graphql ahead = call->graphql;
    github_graphql_scan(&ahead, data, size);
    if (ahead.is_suspect)
        atomic_store(&call->is_suspect, true);
    const size_t taken = github_stream_write(call->upload, data, size);
    github_graphql_scan(&call->graphql, data, taken);
    if (taken)
        github_call_poke(call);
    return taken;
}

void github_call_upload_end(struct github_call *call)
{
    if (!call->upload)
        return;
    github_stream_end(call->upload, 0);
    github_call_poke(call);
}

ssize_t github_call_download(struct github_call *call, void *ret, size_t size)
{
    if (!call->download)
        return 0;
    const ssize_t given = github_stream_read(call->download, ret, size);
    if (given > 0 && github_stream_was_full(call->download))
        github_call_poke(call);
    return given;
}

void github_call_release(struct github_call **call_p)
{
    struct github_call *call = *call_p;
    if (!call)
        return;
    pthread_mutex_lock(&call->lock);
    call->is_abandoned = true;
    pthread_mutex_unlock(&call->lock);
    github_call_poke(call);
    github_call_drop(call_p);
}
