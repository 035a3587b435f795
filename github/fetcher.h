/* The one actor that talks to GitHub: a thread with libcurl's multi interface. It knows HTTP and
 * nothing of caching. Each request is built afresh from checked parts; no redirect is followed, no
 * netrc, cookie or proxy of the environment is used, and only the configured upstream is asked. */
#ifndef GITHUB_FETCHER_H
#define GITHUB_FETCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"
#include "github/headers.h"
#include "github/mail.h"

struct github_fetcher;
struct github_fetch;

struct github_fetcher_options {
    const char *upstream;   /* "https://api.github.com": scheme, host, optional port */
    const char *user_agent; /* of requests that carry none */
    const char *ca_file;    /* PEM bundle instead of the system's; NULL or "" for the system's */
    uint32_t connect_timeout_ms;
    uint32_t timeout_ms;      /* of a whole buffered exchange, and of silence in a streamed one */
    uint32_t connections_max; /* to the upstream at one time */
    /* Called on the thread at least whenever the time that it last returned has come; returns the
     * next such time (of the steady clock), INT64_MAX for none. */
    int64_t (*on_tick)(void *cls);
    void *cls;
};

/* Starts the thread. -ENOMEM, -EAGAIN (no thread to be had), -ENOSYS (libcurl lacks something). */
int github_fetcher_new(const struct github_fetcher_options *options,
                       struct github_fetcher **ret_fetcher) MUST_CHECK;

/* Ends what is under way (each on_done gets -ECANCELED), then the thread. */
void github_fetcher_destroy(struct github_fetcher **self_p);

/* Has mail->run called on the thread, in order of posting. Any thread. False, and nothing done,
 * while the same mail waits already; the mail must live until it ran. */
bool github_fetcher_post(struct github_fetcher *self, struct github_mail *mail);

/* --- The rest only on the fetcher's thread: in mails, ticks and callbacks --- */

enum github_fetch_take {
    GITHUB_FETCH_TAKEN,
    GITHUB_FETCH_PAUSE, /* nothing was taken: the same bytes come again after a resume */
    GITHUB_FETCH_ABORT, /* the exchange ends with -EMSGSIZE */
};

struct github_fetch_order {
    const char *method;                   /* upper case; borrowed for the call */
    struct slice target;                  /* path and query; borrowed for the call */
    const struct github_headers *headers; /* borrowed for the call */
    bool is_streamed;  /* bytes are handed on as they come, still coded as GitHub sent them */
    bool has_body;     /* read_body is asked for the request's body */
    int64_t body_size; /* of the request's body in bytes; -1 when unknown (sent chunked) */
    void *cls;
    /* The response's head, once, interim ones left out. Borrowed until on_done returns. */
    void (*on_head)(void *cls, int status, const struct github_headers *headers);
    enum github_fetch_take (*on_body)(void *cls, const void *data, size_t size);
    /* Bytes written to ret; 0 at the end; -EAGAIN: pause until resume; other negative: abort. */
    ptrdiff_t (*read_body)(void *cls, void *ret, size_t size);
    /* The end, always called once if start succeeded: 0, -ETIMEDOUT, -ECONNREFUSED (also: no route,
     * no such host), -EPROTO (TLS or HTTP broken, body cut), -EMSGSIZE, -ECANCELED, -ENOMEM. The
     * fetch is gone afterwards. is_framed: the body's end was marked by length, chunk or stream,
     * not just by the end of the connection. */
    void (*on_done)(void *cls, int result, bool is_framed);
};

/* -ENOMEM, -EINVAL (a field that can't be sent). */
int github_fetcher_start(struct github_fetcher *self, const struct github_fetch_order *order,
                         struct github_fetch **ret_fetch) MUST_CHECK;

/* Ends it without any further callback; the fetch is gone. Never from its own callbacks. */
void github_fetcher_cancel(struct github_fetcher *self, struct github_fetch *fetch);

/* Goes on after a pause in either direction. */
void github_fetcher_resume(struct github_fetcher *self, struct github_fetch *fetch);

#endif
