/* The workers and the life of a request on them. */
#include "node/http.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "github/link.h"
#include "node/http_exchange.h"
#include "node/http_request.h"
#include "node/http_response.h"
#include "node/http_state.h"

enum { LOG_LINE_MAX = 256 };

/* --- One request --- */

static enum MHD_Result take_answer(struct node_http_exchange *exchange)
{
    struct github_answer answer;
    do {
        github_answer_init(&answer);
        if (github_call_take(exchange->call, &answer))
            return node_http_response_send(exchange, &answer);
    } while (!node_http_exchange_sleep(exchange));
    return MHD_YES;
}

/* Where addresses in answers lead. On the unix socket they stay as they are. But gh, which follows
 * them through the socket, gives its token to api.github.com alone: for it, those of a stand-in for
 * GitHub are moved there. */
static struct slice base_of(const struct node_http_exchange *exchange, struct slice agent)
{
    const struct slice stays = {.data = NULL, .size = 0};
    const struct slice real = slice_of(GITHUB_LINK_PUBLIC);
    const bool is_stand_in = !slice_equals(slice_of(exchange->http->upstream), real);
    if (!exchange->is_unix)
        return buffer_slice(&exchange->base);
    return is_stand_in && slice_starts_with(agent, slice_of("GitHub CLI ")) ? real : stays;
}

static enum MHD_Result ask(struct node_http_exchange *exchange)
{
    struct node_http *http = exchange->http;
    const struct slice agent = github_headers_find(&exchange->headers, "User-Agent");
    const struct github_request request = {
        .method = exchange->method,
        .target = slice_of(exchange->target),
        .headers = &exchange->headers,
        .base = base_of(exchange, agent),
        .rewrites_body = !exchange->is_unix && node_http_request_is_named(agent, http->rewrite_for),
        .body_size = exchange->body_size,
    };
    const struct github_notify notify = {.wake = node_http_exchange_wake, .cls = exchange};
    struct github_answer answer;
    const int r = github_ask(http->options.github, &request, &notify, &answer, &exchange->call);
    if (r == 0)
        return node_http_response_send(exchange, &answer);
    if (r != -EINPROGRESS)
        return node_http_response_refuse(exchange, 503, "The node is short of memory.", "memory");
    exchange->stage = NODE_HTTP_STAGE_PROXIED;
    /* A body comes with the next calls. */
    return exchange->body_size == 0 ? take_answer(exchange) : MHD_YES;
}

static enum MHD_Result answer_admin(struct node_http_exchange *exchange)
{
    const struct node_admin_request request = {
        .method = exchange->method,
        .target = exchange->admin_target,
        .headers = &exchange->headers,
        .body = buffer_slice(&exchange->body),
        .fd = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
                  ->connect_fd,
    };
    struct github_answer answer;
    if (exchange->body.error)
        return node_http_response_refuse(exchange, 413, "The request's body is too large.",
                                         "limit");
    node_admin_answer(exchange->http->options.admin, &request, &answer);
    return node_http_response_send(exchange, &answer);
}

static enum MHD_Result begin(struct node_http_exchange *exchange)
{
    if (!exchange->admin_target.data)
        return ask(exchange);
    exchange->stage = NODE_HTTP_STAGE_ADMIN;
    return exchange->body_size == 0 ? answer_admin(exchange) : MHD_YES;
}

static void set_patience(struct MHD_Connection *connection, unsigned seconds)
{
    const bool is_set =
        MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds) == MHD_YES;
    CHECK(is_set);
}

/* The first call. An answer now would make libmicrohttpd close the connection, so only a refusal is
 * given: a request without a body is answered at the next call, which comes at once. */
static enum MHD_Result read_head(struct node_http_exchange *exchange, const char *method)
{
    const struct node_http_refusal refusal = node_http_request_read(exchange, method);
    set_patience(exchange->connection, NODE_HTTP_IDLE_S);
    if (refusal.status)
        return node_http_response_refuse(exchange, refusal.status, refusal.message, refusal.detail);
    exchange->stage = NODE_HTTP_STAGE_HEAD;
    return exchange->body_size == 0 ? MHD_YES : begin(exchange);
}

static enum MHD_Result take_body(struct node_http_exchange *exchange, const char *data,
                                 size_t *size)
{
    if (exchange->stage == NODE_HTTP_STAGE_ADMIN) {
        buffer_put(&exchange->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (exchange->stage == NODE_HTTP_STAGE_ANSWERED) {
        *size = 0; /* refused already: what still comes is read away */
        return MHD_YES;
    }
    /* libmicrohttpd offers the rest again only to a connection that sleeps. */
    do {
        const size_t taken = github_call_upload(exchange->call, data, *size);
        data += taken;
        *size -= taken;
    } while (*size > 0 && !node_http_exchange_sleep(exchange));
    return MHD_YES;
}

/* The signature is libmicrohttpd's.
 * NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **request_cls)
{
    struct node_http_exchange *exchange = *request_cls;
    const struct node_http_listener *listener = cls;
    (void)connection;
    (void)url;
    (void)version;
    if (!exchange)
        return MHD_NO;
    switch (exchange->stage) {
    case NODE_HTTP_STAGE_LINE:
        exchange->is_unix = listener->is_unix;
        return read_head(exchange, method);
    case NODE_HTTP_STAGE_HEAD:
        return begin(exchange);
    case NODE_HTTP_STAGE_PROXIED:
        if (*upload_data_size > 0)
            return take_body(exchange, upload_data, upload_data_size);
        github_call_upload_end(exchange->call);
        return take_answer(exchange);
    case NODE_HTTP_STAGE_ADMIN:
        if (*upload_data_size > 0)
            return take_body(exchange, upload_data, upload_data_size);
        return answer_admin(exchange);
    case NODE_HTTP_STAGE_ANSWERED:
        *upload_data_size = 0;
        return MHD_YES;
    }
    return MHD_NO;
}

/* Clients that connect and say nothing, or never finish, make room sooner. Only their time-out
 * differs from the daemon's: libmicrohttpd looks through all connections whose does. */
static void on_connection(void *cls, struct MHD_Connection *connection, void **socket_cls,
                          enum MHD_ConnectionNotificationCode code)
{
    (void)cls;
    (void)socket_cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        set_patience(connection, NODE_HTTP_HEAD_S);
}

static void *on_request_line(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct node_http_listener *listener = cls;
    return node_http_exchange_new(listener->http, connection, target);
}

static void log_access(const struct node_http_exchange *exchange,
                       enum MHD_RequestTerminationCode code)
{
    NODE_LOG(exchange->http->options.log, NODE_LOG_INFO, "request",
             node_log_slice("method", exchange->method),
             node_log_path("path", slice_of(exchange->target)),
             node_log_number("status", exchange->status),
             node_log_flag("complete", code == MHD_REQUEST_TERMINATED_COMPLETED_OK));
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **request_cls,
                         enum MHD_RequestTerminationCode code)
{
    struct node_http_exchange *exchange = *request_cls;
    (void)cls;
    (void)connection;
    if (exchange && atomic_load(&exchange->http->access_log))
        log_access(exchange, code);
    node_http_exchange_destroy(&exchange);
    *request_cls = NULL;
}

/* libmicrohttpd's own words are about clients that went away: of interest when debugging. */
static void on_log(void *cls, const char *format, va_list arguments)
{
    struct node_http *http = cls;
    char line[LOG_LINE_MAX];
    vsnprintf(line, sizeof line, format, arguments);
    for (char *end = line; *end; end++)
        if (*end == '\n')
            *end = ' ';
    NODE_LOG(http->options.log, NODE_LOG_DEBUG, "http", node_log_text("text", line));
}

/* --- The workers --- */

static uint32_t worker_count(const struct node_http *self)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t count = self->options.workers;
    if (count == 0)
        count = cores > 0 ? (uint32_t)cores : 1;
    return count < NODE_HTTP_WORKERS_MAX ? count : NODE_HTTP_WORKERS_MAX;
}

static int start(struct node_http *self, int fd, bool is_unix, uint32_t connections_max)
{
    const uint32_t workers = worker_count(self);
    /* libmicrohttpd closes its listening socket; ours belongs to whoever opened it. */
    const int own_fd = dup(fd);
    if (own_fd < 0)
        return -errno;
    struct node_http_listener *listener = &self->listeners[self->count];
    listener->http = self;
    listener->is_unix = is_unix;
    listener->quiesced = -1;
    struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)workers, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    if (workers < 2)
        pool[0] = pool[1];
    listener->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        handle, listener, MHD_OPTION_EXTERNAL_LOGGER, on_log, self, MHD_OPTION_LISTEN_SOCKET,
        own_fd, MHD_OPTION_CONNECTION_LIMIT, connections_max > workers ? connections_max : workers,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)NODE_HTTP_MEMORY_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)NODE_HTTP_IDLE_S, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_request_line, listener, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, self, MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL, MHD_OPTION_ARRAY,
        pool, MHD_OPTION_END);
    if (!listener->daemon) {
        close(own_fd);
        return -EIO;
    }
    self->count++;
    return 0;
}

static int copy_texts(struct node_http *self)
{
    self->upstream = slice_copy(slice_of(self->options.upstream));
    self->hosts = slice_copy(slice_of(self->options.hosts));
    self->rewrite_for = slice_copy(slice_of(self->options.rewrite_for));
    return self->upstream && self->hosts && self->rewrite_for ? 0 : -ENOMEM;
}

/* Half of the descriptors are the clients'. libmicrohttpd stops accepting at a limit of its own,
 * but a worker without connections spins when there is no descriptor left to accept with. */
static uint32_t connections_max(const struct node_http_options *options)
{
    struct rlimit files;
    const bool is_known = getrlimit(RLIMIT_NOFILE, &files) == 0;
    return is_known && files.rlim_cur / 2 < options->connections_max
               ? (uint32_t)(files.rlim_cur / 2)
               : options->connections_max;
}

int node_http_new(const struct node_http_options *options, struct node_http **ret_http)
{
    struct node_http *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    const bool has_both = options->tcp >= 0 && options->unix_socket >= 0;
    const uint32_t share = connections_max(options) / (has_both ? 2 : 1);
    self->options = *options;
    atomic_init(&self->access_log, options->access_log);
    int r = copy_texts(self);
    if (r == 0 && options->tcp >= 0)
        r = start(self, options->tcp, false, share);
    if (r == 0 && options->unix_socket >= 0)
        r = start(self, options->unix_socket, true, share);
    if (r == 0)
        *ret_http = self;
    else
        node_http_destroy(&self);
    return r;
}

void node_http_set_access_log(struct node_http *self, bool access_log)
{
    atomic_store(&self->access_log, access_log);
}

void node_http_quiesce(struct node_http *self)
{
    /* The workers have yet to take the descriptors out of their epoll sets, and end the process
     * when they can't: they are closed after the workers. */
    for (size_t i = 0; i < self->count; i++)
        self->listeners[i].quiesced = MHD_quiesce_daemon(self->listeners[i].daemon);
}

uint32_t node_http_running(const struct node_http *self)
{
    return atomic_load(&self->running);
}

/* libmicrohttpd aborts when it is stopped with connections asleep. */
static void await_sleepers(struct node_http *self)
{
    atomic_store(&self->is_ending, true);
    for (int ms = 0; atomic_load(&self->asleep) > 0 && ms < NODE_HTTP_END_MS; ms++)
        poll(NULL, 0, 1);
}

void node_http_destroy(struct node_http **self_p)
{
    struct node_http *self = *self_p;
    if (!self)
        return;
    await_sleepers(self);
    for (size_t i = 0; i < self->count; i++) {
        MHD_stop_daemon(self->listeners[i].daemon);
        if (self->listeners[i].quiesced >= 0)
            close(self->listeners[i].quiesced);
    }
    free(self->upstream);
    free(self->hosts);
    free(self->rewrite_for);
    free(self);
    *self_p = NULL;
}
