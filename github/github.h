/* GitHub, as a node's clients see it: a request goes in, the answer comes out of the store, of a
 * fetch that is under way, or of GitHub. The seam between the HTTP front and everything that knows
 * what GitHub means.
 *
 * Threads: any thread may ask. A hit is answered by the asking thread. Everything else happens on
 * the fetcher's thread, which calls notify when there is something to take. */
#ifndef GITHUB_GITHUB_H
#define GITHUB_GITHUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/check.h"
#include "base/slice.h"
#include "github/access.h"
#include "github/answer.h"
#include "github/counters.h"
#include "github/headers.h"
#include "github/limits.h"

struct github;
struct github_call;
struct store;

struct github_options {
    const char *upstream;   /* "https://api.github.com", no trailing slash */
    const char *user_agent; /* neutral: without the names that make GitHub pretty-print */
    const char *ca_file;    /* see fetcher.h */
    struct store *store;    /* borrowed for life; NULL: every request is passed through */
    const uint8_t *secret;  /* GITHUB_SECRET_SIZE bytes that keys are hashed with; copied */
    int64_t proof_ttl_ms;
    uint32_t connect_timeout_ms, timeout_ms; /* of requests to GitHub */
    uint32_t request_timeout_ms;             /* how long a client waits */
    uint32_t connections_max;
    size_t body_max;     /* bytes of a body that is kept, at most GITHUB_BODY_MAX */
    uint32_t time_scale; /* divides all periods but those of the network; at least 1 */
};

/* A client's request as the front parsed it; borrowed for the call. */
struct github_request {
    struct slice method;                  /* upper case */
    struct slice target;                  /* raw */
    const struct github_headers *headers; /* without hop-by-hop ones */
    struct slice base;  /* "http://127.0.0.1:9480": what the client called us; data NULL on the unix
                           socket, where addresses in answers stay as they are */
    bool rewrites_body; /* addresses inside JSON bodies are moved to base, too */
    int64_t body_size;  /* declared bytes of the body, 0 for none, -1 for a chunked one */
};

/* Called on the fetcher's thread, or within github_call_upload and github_call_download, when the
 * call has something new: an answer, bytes to read, room to write. May be called for nothing. */
struct github_notify {
    void (*wake)(void *cls);
    void *cls;
};

/* -ENOMEM, -EAGAIN, -ENOSYS; *ret_github is then left alone. */
int github_new(const struct github_options *options, struct github **ret_github) MUST_CHECK;

/* Answers every call that waits, and every later one, with 503: the node is going down. */
void github_shut(struct github *self);

/* All calls must be released before. */
void github_destroy(struct github **self_p);

/* 0: *ret_answer is filled, also for bad requests. -EINPROGRESS: *ret_call is a call that will be
 * answered, at the latest after request_timeout_ms. -ENOMEM. */
int github_ask(struct github *self, const struct github_request *request,
               const struct github_notify *notify, struct github_answer *ret_answer,
               struct github_call **ret_call) MUST_CHECK;

/* Hands the answer over, once; false while there is none. */
bool github_call_take(struct github_call *call, struct github_answer *ret_answer);

/* Takes bytes of the request's body; returns how many, 0 while there is no room. */
size_t github_call_upload(struct github_call *call, const void *data, size_t size);
/* The body is complete. */
void github_call_upload_end(struct github_call *call);

/* Bytes of an answer's stream; 0 at its end, -EAGAIN while there are none, another negative errno
 * when it broke: the client must be told by a broken connection. */
ssize_t github_call_download(struct github_call *call, void *ret, size_t size);

/* Drops the call, answered or not, and nulls the pointer. No notify comes after it returned. */
void github_call_release(struct github_call **call_p);

/* Marks everything at prefix and below as to be revalidated. -EINVAL when it does not begin with
 * a '/'. */
int github_invalidate(struct github *self, struct slice prefix) MUST_CHECK;

/* What may change at run time. */
void github_set_proof_ttl(struct github *self, int64_t proof_ttl_ms);
void github_set_request_timeout(struct github *self, uint32_t request_timeout_ms);

const struct github_counters *github_get_counters(const struct github *self);

/* How full the tables in memory are, and how often one was full. */
void github_get_access_counts(struct github *self, struct github_access_counts *ret_counts);

/* Whether the ETag recipe holds for this upstream. */
bool github_etag_model_holds(const struct github *self);

#endif
