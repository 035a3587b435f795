/* The actor around curl_multi: mailbox, exchanges, time-outs. The only file that knows libcurl. */
#include "github/fetcher.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "github/clock.h"
#include "github/limits.h"

enum {
    POLL_MAX_MS = 1000,
    CONNECTION_LIFE_MAX_S = 600,
    SLOW_BYTES_PER_S = 64, /* slower than this for the whole time-out is silence */
    URL_MAX = GITHUB_TARGET_MAX + 512,
    HEADER_LINE_MAX = GITHUB_HEADER_VALUE_MAX + 512,
};

struct github_fetch {
    struct github_fetcher *fetcher;
    struct github_fetch *newer, *older;
    CURL *easy;
    struct curl_slist *lines;
    struct github_fetch_order order; /* its borrowed pointers are not used after the start */
    struct github_headers response;
    int status;
    int refusal; /* negative errno once a callback has refused to go on */
    bool has_head;
};

struct github_fetcher {
    struct github_fetcher_options options;
    char *upstream, *user_agent, *ca_file;
    CURLM *multi;
    struct github_fetch *newest;
    pthread_t thread;
    pthread_mutex_t lock; /* guards the mailbox */
    struct github_mail *mail_first, **mail_end;
    bool is_ending;
    bool has_thread;
};

/* --- Mailbox --- */

bool github_fetcher_post(struct github_fetcher *self, struct github_mail *mail)
{
    if (atomic_exchange(&mail->is_posted, true))
        return false;
    mail->next = NULL;
    pthread_mutex_lock(&self->lock);
    *self->mail_end = mail;
    self->mail_end = &mail->next;
    pthread_mutex_unlock(&self->lock);
    curl_multi_wakeup(self->multi);
    return true;
}

static struct github_mail *take_mail(struct github_fetcher *self)
{
    pthread_mutex_lock(&self->lock);
    struct github_mail *mail = self->mail_first;
    if (mail) {
        self->mail_first = mail->next;
        if (!self->mail_first)
            self->mail_end = &self->mail_first;
    }
    pthread_mutex_unlock(&self->lock);
    return mail;
}

static void run_mails(struct github_fetcher *self)
{
    struct github_mail *mail;
    while ((mail = take_mail(self))) {
        atomic_store(&mail->is_posted, false);
        mail->run(mail);
    }
}

/* --- What libcurl calls --- */

static size_t on_body(char *data, size_t unit, size_t count, void *cls)
{
    struct github_fetch *fetch = cls;
    const size_t size = unit * count;
    switch (fetch->order.on_body(fetch->order.cls, data, size)) {
    case GITHUB_FETCH_TAKEN:
        return size;
    case GITHUB_FETCH_PAUSE:
        return CURL_WRITEFUNC_PAUSE;
    case GITHUB_FETCH_ABORT:
        break;
    }
    fetch->refusal = -EMSGSIZE;
    return size ? 0 : 1;
}

static size_t read_body(char *ret, size_t unit, size_t count, void *cls)
{
    struct github_fetch *fetch = cls;
    const ptrdiff_t size = fetch->order.read_body(fetch->order.cls, ret, unit * count);
    if (size == -EAGAIN)
        return CURL_READFUNC_PAUSE;
    if (size < 0) {
        fetch->refusal = -ECANCELED;
        return CURL_READFUNC_ABORT;
    }
    return (size_t)size;
}

static void start_head(struct github_fetch *fetch, struct slice line)
{
    uint64_t status = 0;
    slice_next(&line, ' ');
    if (!slice_to_u64(slice_trim(slice_next(&line, ' ')), 999, &status))
        status = 0;
    github_headers_done(&fetch->response);
    github_headers_init(&fetch->response);
    fetch->status = (int)status;
}

static void end_head(struct github_fetch *fetch)
{
    if (fetch->status < 200 || fetch->has_head)
        return; /* interim answers are not the answer; trailers come after the head */
    fetch->has_head = true;
    fetch->order.on_head(fetch->order.cls, fetch->status, &fetch->response);
}

static size_t on_header(char *data, size_t unit, size_t count, void *cls)
{
    struct github_fetch *fetch = cls;
    const size_t size = unit * count;
    struct slice line = {.data = data, .size = size};
    while (line.size > 0 && (line.data[line.size - 1] == '\n' || line.data[line.size - 1] == '\r'))
        line.size--;
    if (fetch->has_head)
        return size;
    if (slice_starts_with(line, slice_of("HTTP/"))) {
        start_head(fetch, line);
        return size;
    }
    if (line.size == 0) {
        /* RFC 9112, 6.3: nobody can tell where such an answer ends. */
        if (github_headers_count(&fetch->response, "Content-Length") > 1) {
            fetch->refusal = -EPROTO;
            return 0;
        }
        end_head(fetch);
        return size;
    }
    const struct slice name = slice_next(&line, ':');
    if (github_headers_add(&fetch->response, slice_trim(name), slice_trim(line)) < 0) {
        fetch->refusal = -EPROTO;
        return 0;
    }
    return size;
}

/* --- Exchanges --- */

static void fetch_destroy(struct github_fetch **fetch_p)
{
    struct github_fetch *fetch = *fetch_p;
    if (!fetch)
        return;
    curl_easy_cleanup(fetch->easy);
    curl_slist_free_all(fetch->lines);
    github_headers_done(&fetch->response);
    free(fetch);
    *fetch_p = NULL;
}

static int add_line(struct github_fetch *fetch, struct buffer *line)
{
    struct curl_slist *lines =
        line->error ? NULL : curl_slist_append(fetch->lines, line->data ? line->data : "");
    if (!lines)
        return line->error == -EMSGSIZE ? -EINVAL : -ENOMEM;
    fetch->lines = lines;
    return 0;
}

static bool is_sendable(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '\r' || text.data[i] == '\n' || text.data[i] == '\0')
            return false;
    return true;
}

static int add_lines(struct github_fetch *fetch, const struct github_headers *headers)
{
    struct buffer line;
    int r = 0;
    buffer_init(&line, HEADER_LINE_MAX);
    for (size_t i = 0; r == 0 && i < headers->count; i++) {
        const struct github_header *header = &headers->list[i];
        if (!is_sendable(header->name) || !is_sendable(header->value)) {
            r = -EINVAL;
            break;
        }
        buffer_clear(&line);
        buffer_put_slice(&line, header->name);
        buffer_put_text(&line, header->value.size ? ": " : ";"); /* ";" sends an empty value */
        buffer_put_slice(&line, header->value);
        r = add_line(fetch, &line);
    }
    if (r == 0) {
        buffer_clear(&line);
        buffer_put_text(&line, "Expect:"); /* no waiting for "100 Continue" */
        r = add_line(fetch, &line);
    }
    buffer_done(&line);
    return r;
}

static int set_address(struct github_fetch *fetch, struct slice target)
{
    const struct github_fetcher *self = fetch->fetcher;
    struct buffer url;
    buffer_init(&url, URL_MAX);
    buffer_put_text(&url, self->upstream);
    const size_t path_at = url.size;
    buffer_put_slice(&url, target);
    int r = url.error ? -EINVAL : 0;
    if (r == 0 &&
        (curl_easy_setopt(fetch->easy, CURLOPT_URL, url.data) != CURLE_OK ||
         curl_easy_setopt(fetch->easy, CURLOPT_REQUEST_TARGET, url.data + path_at) != CURLE_OK))
        r = -ENOMEM;
    buffer_done(&url);
    return r;
}

static void set_security(struct github_fetch *fetch)
{
    const struct github_fetcher *self = fetch->fetcher;
    CURL *easy = fetch->easy;
    const bool is_https = strncmp(self->upstream, "https:", 6) == 0;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, is_https ? "https" : "http");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_UNRESTRICTED_AUTH, 0L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     (long)(is_https ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    if (self->ca_file && *self->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, self->ca_file);
}

static void set_times(struct github_fetch *fetch, const struct github_fetch_order *order)
{
    const struct github_fetcher_options *options = &fetch->fetcher->options;
    CURL *easy = fetch->easy;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE_MAX_S);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    if (!order->is_streamed)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_PER_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)((options->timeout_ms + 999) / 1000));
}

static void set_exchange(struct github_fetch *fetch, const struct github_fetch_order *order)
{
    CURL *easy = fetch->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, fetch);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fetch->lines);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, fetch->fetcher->user_agent);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
    if (!order->is_streamed)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (order->has_body) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, fetch);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)order->body_size);
    }
    if (strcmp(order->method, "HEAD") == 0)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, order->method);
}

int github_fetcher_start(struct github_fetcher *self, const struct github_fetch_order *order,
                         struct github_fetch **ret_fetch)
{
    struct github_fetch *fetch = calloc(1, sizeof *fetch);
    if (!fetch)
        return -ENOMEM;
    fetch->fetcher = self;
    fetch->order = *order;
    github_headers_init(&fetch->response);
    fetch->easy = curl_easy_init();
    int r = fetch->easy ? add_lines(fetch, order->headers) : -ENOMEM;
    if (r == 0)
        r = set_address(fetch, order->target);
    if (r == 0) {
        set_security(fetch);
        set_times(fetch, order);
        set_exchange(fetch, order);
        r = curl_multi_add_handle(self->multi, fetch->easy) == CURLM_OK ? 0 : -ENOMEM;
    }
    if (r < 0) {
        fetch_destroy(&fetch);
        return r;
    }
    fetch->older = self->newest;
    if (fetch->older)
        fetch->older->newer = fetch;
    self->newest = fetch;
    *ret_fetch = fetch;
    return 0;
}

static void forget(struct github_fetcher *self, struct github_fetch *fetch)
{
    curl_multi_remove_handle(self->multi, fetch->easy);
    if (fetch->newer)
        fetch->newer->older = fetch->older;
    else
        self->newest = fetch->older;
    if (fetch->older)
        fetch->older->newer = fetch->newer;
}

void github_fetcher_cancel(struct github_fetcher *self, struct github_fetch *fetch)
{
    forget(self, fetch);
    fetch_destroy(&fetch);
}

void github_fetcher_resume(struct github_fetcher *self, struct github_fetch *fetch)
{
    (void)self;
    curl_easy_pause(fetch->easy, CURLPAUSE_CONT);
}

static int result_of(const struct github_fetch *fetch, CURLcode code)
{
    if (fetch->refusal)
        return fetch->refusal;
    switch (code) {
    case CURLE_OK:
        return fetch->has_head ? 0 : -EPROTO;
    case CURLE_OPERATION_TIMEDOUT:
        return -ETIMEDOUT;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        return -ECONNREFUSED;
    case CURLE_OUT_OF_MEMORY:
        return -ENOMEM;
    default:
        return -EPROTO;
    }
}

static bool is_framed(const struct github_fetch *fetch)
{
    long version = 0;
    curl_easy_getinfo(fetch->easy, CURLINFO_HTTP_VERSION, &version);
    return version >= CURL_HTTP_VERSION_2_0 || fetch->status == 204 || fetch->status == 304 ||
           github_headers_count(&fetch->response, "Content-Length") > 0 ||
           github_headers_lists(&fetch->response, "Transfer-Encoding", "chunked");
}

static void finish(struct github_fetcher *self, struct github_fetch *fetch, int result)
{
    const bool framed = is_framed(fetch);
    forget(self, fetch);
    fetch->order.on_done(fetch->order.cls, result, framed);
    fetch_destroy(&fetch);
}

static void finish_all_done(struct github_fetcher *self)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(self->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        const CURLcode code = message->data.result;
        struct github_fetch *fetch = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&fetch);
        finish(self, fetch, result_of(fetch, code));
    }
}

/* --- The thread --- */

static int wait_ms(struct github_fetcher *self)
{
    const int64_t deadline_ms = self->options.on_tick(self->options.cls);
    const int64_t now_ms = github_clock_steady_ms();
    if (deadline_ms <= now_ms)
        return 0;
    return deadline_ms - now_ms < POLL_MAX_MS ? (int)(deadline_ms - now_ms) : POLL_MAX_MS;
}

static bool is_ending(struct github_fetcher *self)
{
    pthread_mutex_lock(&self->lock);
    const bool ending = self->is_ending;
    pthread_mutex_unlock(&self->lock);
    return ending;
}

static void *run(void *cls)
{
    struct github_fetcher *self = cls;
    int running;
    while (!is_ending(self)) {
        run_mails(self);
        curl_multi_perform(self->multi, &running);
        finish_all_done(self);
        curl_multi_poll(self->multi, NULL, 0, wait_ms(self), NULL);
    }
    run_mails(self);
    while (self->newest)
        /* finish() moves newest on; the analyzer does not see it.
         * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        finish(self, self->newest, -ECANCELED);
    return NULL;
}

static int set_up(struct github_fetcher *self)
{
    const struct github_fetcher_options *options = &self->options;
    self->upstream = slice_copy(slice_of(options->upstream));
    self->user_agent = slice_copy(slice_of(options->user_agent));
    self->ca_file = slice_copy(slice_of(options->ca_file));
    self->multi = curl_multi_init();
    if (!self->upstream || !self->user_agent || !self->ca_file || !self->multi)
        return -ENOMEM;
    const long connections = (long)options->connections_max;
    if (curl_multi_setopt(self->multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections) != CURLM_OK ||
        curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, connections) != CURLM_OK)
        return -ENOSYS;
    if (pthread_create(&self->thread, NULL, run, self) != 0)
        return -EAGAIN;
    self->has_thread = true;
    return 0;
}

int github_fetcher_new(const struct github_fetcher_options *options,
                       struct github_fetcher **ret_fetcher)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return -ENOSYS;
    struct github_fetcher *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->options = *options;
    self->mail_end = &self->mail_first;
    pthread_mutex_init(&self->lock, NULL);
    const int r = set_up(self);
    if (r == 0)
        *ret_fetcher = self;
    else
        github_fetcher_destroy(&self);
    return r;
}

void github_fetcher_destroy(struct github_fetcher **self_p)
{
    struct github_fetcher *self = *self_p;
    if (!self)
        return;
    if (self->has_thread) {
        pthread_mutex_lock(&self->lock);
        self->is_ending = true;
        pthread_mutex_unlock(&self->lock);
        curl_multi_wakeup(self->multi);
        pthread_join(self->thread, NULL);
    }
    curl_multi_cleanup(self->multi);
    pthread_mutex_destroy(&self->lock);
    free(self->upstream);
    free(self->user_agent);
    free(self->ca_file);
    free(self);
    *self_p = NULL;
}
