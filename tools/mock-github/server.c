/* libmicrohttpd, driven by this loop: its epoll descriptor, the heap of delays, the stop signal. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "broken.h"
#include "reply.h"
#include "send.h"

enum { ADDRESS_SIZE = 64, PORT_MAX = 65535, RAW_RETRY_MS = 5, POLL_MAX_MS = 60 * 1000 };

struct mock_server {
    struct mock *mock;
    struct MHD_Daemon *daemon;
    struct mock_delay delays;
    char address[ADDRESS_SIZE];
};

/* The first that is known of a request: its raw target. Becomes the request's context. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct mock_exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        return NULL;
    exchange->target = strdup(target);
    if (!exchange->target) {
        free(exchange);
        return NULL;
    }
    exchange->server = cls;
    exchange->connection = connection;
    mock_answer_init(&exchange->answer);
    return exchange;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct mock_server *self = cls;
    struct mock_exchange *exchange = *context;
    (void)connection;
    (void)code;
    *context = NULL;
    if (!exchange)
        return;
    mock_delay_remove(&self->delays, exchange);
    self->mock->stats.in_flight -= exchange->is_counted;
    mock_fault_release(&exchange->fault);
    mock_answer_done(&exchange->answer);
    mock_request_done(&exchange->request);
    free(exchange->target);
    free(exchange->raw);
    free(exchange);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct mock_server *self = cls;
    (void)connection;
    (void)context;
    self->mock->stats.connections += code == MHD_CONNECTION_NOTIFY_STARTED;
}

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct mock_request *request = cls;
    (void)kind;
    return mock_request_add_header(request, name, value) == 0 ? MHD_YES : MHD_NO;
}

static void take_headers(struct mock_exchange *exchange, const char *method)
{
    exchange->is_malformed = mock_request_init(&exchange->request, method, exchange->target) < 0 ||
                             strlen(exchange->target) > MOCK_TARGET_MAX;
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_header,
                              &exchange->request);
    exchange->stage = MOCK_EXCHANGE_BODY;
}

static int64_t answer(struct mock_exchange *exchange)
{
    struct mock *mock = exchange->server->mock;
    struct mock_request *request = &exchange->request;
    struct mock_stats *stats = &mock->stats;
    int64_t delay_ms = 0;
    exchange->stage = MOCK_EXCHANGE_WAITING;
    exchange->is_counted = request->segment_count != 1 || request->segments[0][0] != '_';
    stats->in_flight += exchange->is_counted;
    if (stats->in_flight > stats->max_in_flight)
        stats->max_in_flight = stats->in_flight;
    if (exchange->is_malformed || request->headers_dropped)
        mock_reply_refuse(mock, request, &exchange->answer, 400, "Bad Request");
    else if (request->body.error)
        mock_reply_refuse(mock, request, &exchange->answer, 413, "Payload Too Large");
    else
        mock_reply_make(mock, request, &exchange->answer, &exchange->fault, &delay_ms);
    return delay_ms;
}

/* Holds the request until a time of the steady clock; false when there is no room to. */
static bool hold(struct mock_exchange *exchange, int64_t due_ms)
{
    struct mock_server *self = exchange->server;
    if (mock_delay_add(&self->delays, due_ms, exchange) < 0)
        return false;
    MHD_suspend_connection(exchange->connection);
    return true;
}

static enum MHD_Result send_answer(struct mock_exchange *exchange)
{
    exchange->delays = &exchange->server->delays;
    if (exchange->stage == MOCK_EXCHANGE_WAITING) {
        exchange->stage = MOCK_EXCHANGE_SENDING;
        exchange->raw = mock_broken_raw(exchange->fault, &exchange->raw_size);
    }
    if (!exchange->raw)
        return mock_send_answer(exchange);
    const bool goes_on =
        mock_send_raw(exchange) && hold(exchange, mock_clock_steady_ms() + RAW_RETRY_MS);
    return goes_on ? MHD_YES : MHD_NO;
}

/* NOLINTNEXTLINE(readability-function-size): its eight parameters are the library's. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **context)
{
    struct mock_exchange *exchange = *context;
    (void)cls;
    (void)url;
    (void)version;
    if (!exchange)
        return MHD_NO;
    exchange->connection = connection;
    if (exchange->stage == MOCK_EXCHANGE_HEADERS) {
        take_headers(exchange, method);
        return MHD_YES;
    }
    if (*data_size) {
        buffer_put(&exchange->request.body, data, *data_size);
        *data_size = 0;
        return MHD_YES;
    }
    if (exchange->stage == MOCK_EXCHANGE_BODY) {
        const int64_t delay_ms = answer(exchange);
        if (delay_ms > 0 && hold(exchange, mock_clock_steady_ms() + delay_ms))
            return MHD_YES;
    }
    return send_answer(exchange);
}

static int read_address(const char *text, struct sockaddr_in *ret_address)
{
    const char *colon = strrchr(text, ':');
    uint64_t port = 0;
    char host[ADDRESS_SIZE];
    struct sockaddr_in address = {.sin_family = AF_INET};
    if (!colon || (size_t)(colon - text) >= sizeof host ||
        !slice_to_u64(slice_of(colon + 1), PORT_MAX, &port))
        return -EINVAL;
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host,
                  &address.sin_addr) != 1)
        return -EINVAL;
    address.sin_port = htons((uint16_t)port);
    *ret_address = address;
    return 0;
}

static int start(struct mock_server *self, const struct sockaddr_in *address)
{
    const unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    errno = 0;
    self->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, self, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MOCK_CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MOCK_CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)MOCK_IDLE_SECONDS, MHD_OPTION_LISTEN_BACKLOG_SIZE,
        (unsigned)MOCK_BACKLOG, MHD_OPTION_URI_LOG_CALLBACK, on_target, self,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, self, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, self, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
    if (!self->daemon)
        return errno ? -errno : -EADDRINUSE;
    return 0;
}

static void note_address(struct mock_server *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    char host[INET_ADDRSTRLEN] = "";
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_LISTEN_FD);
    CHECK(info && getsockname(info->listen_fd, (struct sockaddr *)&address, &size) == 0);
    inet_ntop(AF_INET, &address.sin_addr, host, sizeof host);
    snprintf(self->address, sizeof self->address, "%s:%u", host, ntohs(address.sin_port));
}

int mock_server_new(struct mock *mock, const char *address, struct mock_server **ret_server)
{
    struct sockaddr_in where;
    struct mock_server *self = calloc(1, sizeof *self);
    int r = self ? read_address(address, &where) : -ENOMEM;
    if (r == 0) {
        self->mock = mock;
        r = mock_delay_init(&self->delays, MOCK_CONNECTIONS_MAX);
    }
    if (r == 0)
        r = start(self, &where);
    if (r == 0) {
        note_address(self);
        *ret_server = self;
    } else {
        mock_server_destroy(&self);
    }
    return r;
}

const char *mock_server_address(const struct mock_server *self)
{
    return self->address;
}

/* Lets go of every request whose time has come. */
static void resume(struct mock_server *self, int64_t now_ms)
{
    for (struct mock_exchange *exchange = mock_delay_next(&self->delays, now_ms); exchange;
         exchange = mock_delay_next(&self->delays, now_ms))
        MHD_resume_connection(exchange->connection);
}

void mock_server_destroy(struct mock_server **self_p)
{
    struct mock_server *self = *self_p;
    if (!self)
        return;
    mock_delay_close(&self->delays); /* the library must not stop with a suspended request */
    resume(self, INT64_MAX);
    if (self->daemon) {
        MHD_run(self->daemon);
        MHD_stop_daemon(self->daemon);
    }
    mock_delay_done(&self->delays);
    free(self);
    *self_p = NULL;
}

static int wait_ms(const struct mock_server *self)
{
    const int64_t due_ms = mock_delay_due_ms(&self->delays);
    const int64_t now_ms = mock_clock_steady_ms();
    MHD_UNSIGNED_LONG_LONG library_ms = 0;
    int64_t wait = POLL_MAX_MS;
    if (due_ms != INT64_MAX && due_ms - now_ms < wait)
        wait = due_ms > now_ms ? due_ms - now_ms : 0;
    if (MHD_get_timeout(self->daemon, &library_ms) == MHD_YES && (int64_t)library_ms < wait)
        wait = (int64_t)library_ms;
    return (int)wait;
}

int mock_server_run(struct mock_server *self, int stop_fd)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    CHECK(info);
    struct pollfd waited[] = {
        {.fd = info->epoll_fd, .events = POLLIN},
        {.fd = stop_fd, .events = POLLIN},
    };
    while (!waited[1].revents) {
        if (poll(waited, sizeof waited / sizeof *waited, wait_ms(self)) < 0 && errno != EINTR)
            return -errno;
        resume(self, mock_clock_steady_ms());
        if (MHD_run(self->daemon) != MHD_YES)
            return -EIO;
    }
    return 0;
}
