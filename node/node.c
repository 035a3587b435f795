/* Puts the parts together. Each part says itself what went wrong with it. */
#include "node/node.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "github/clock.h"
#include "github/github.h"
#include "node/admin.h"
#include "node/folder.h"
#include "node/http.h"
#include "node/identity.h"
#include "node/json.h"
#include "node/listen.h"
#include "node/notify.h"
#include "store/store.h"

enum {
    TICK_MS = 1000,
    DRAIN_TICK_MS = 20,
    MS_PER_S = 1000,
    SOCKET_PATH_MAX = 4096,
};

static const char user_agent[] = "RunMesh/" RUNMESH_VERSION;

struct node {
    struct node_config *config;
    struct node_log *log;
    sigset_t signals;
    struct node_identity *identity;
    struct store *store; /* NULL when the disk can't be used */
    struct github *github;
    struct node_listen listen;
    struct node_admin admin;
    struct node_http *http;
    struct node_notify notify;
    char *region, *upstream; /* copies that outlive a reload */
    bool has_json, was_ready;
};

/* --- Start --- */

static int block_signals(struct node *self)
{
    sigemptyset(&self->signals);
    sigaddset(&self->signals, SIGTERM);
    sigaddset(&self->signals, SIGINT);
    sigaddset(&self->signals, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    return -pthread_sigmask(SIG_BLOCK, &self->signals, NULL);
}

static int make_folder(const struct node *self)
{
    const int r = node_folder_make(self->config->store_dir);
    if (r < 0)
        NODE_LOG(self->log, NODE_LOG_ERROR, "data_folder",
                 node_log_text("store.dir", self->config->store_dir), node_log_errno(r),
                 node_log_text("remedy", "give --data a folder that this user can make and write"));
    return r;
}

/* A store that can't be opened is done without; one that another node has is not. */
static int open_store(struct node *self)
{
    const struct store_options options = {
        .dir = self->config->store_dir,
        .bytes_max = self->config->store_max_bytes,
        .entries_max = self->config->store_max_entries,
        .hot_bytes_max = self->config->store_hot_bytes,
        .seal_key = self->identity->seal_key,
    };
    const int r = store_open(&options, &self->store);
    if (r == -EBUSY) {
        NODE_LOG(self->log, NODE_LOG_ERROR, "data_folder_taken",
                 node_log_text("store.dir", self->config->store_dir),
                 node_log_text("remedy", "another node uses it: stop that one, or give this one "
                                         "its own folder with --data"));
        return r;
    }
    if (r < 0)
        NODE_LOG(self->log, NODE_LOG_WARN, "store_absent",
                 node_log_text("store.dir", self->config->store_dir), node_log_errno(r),
                 node_log_text("effect", "every request is handed through to GitHub"));
    return 0;
}

static int open_github(struct node *self)
{
    const struct node_config *config = self->config;
    const struct github_options options = {
        .upstream = config->github_upstream,
        .user_agent = user_agent,
        .ca_file = config->github_ca_file,
        .store = self->store,
        .secret = self->identity->cache_key,
        .proof_ttl_ms = (int64_t)config->github_proof_ttl * MS_PER_S,
        .connect_timeout_ms = config->github_connect_timeout * MS_PER_S,
        .timeout_ms = config->github_timeout * MS_PER_S,
        .request_timeout_ms = config->http_request_timeout * MS_PER_S,
        .connections_max = config->github_connections_max,
        .body_max = config->github_body_max,
        .time_scale = config->github_time_scale,
    };
    const int r = github_new(&options, &self->github);
    if (r < 0)
        NODE_LOG(self->log, NODE_LOG_ERROR, "github_start", node_log_errno(r),
                 node_log_text("remedy", "free memory or threads, then start again"));
    return r;
}

/* Several nodes of one user share the default socket's folder: the second goes to its data folder,
 * unless somebody chose the path. */
static int open_listen(struct node *self)
{
    const struct node_config *config = self->config;
    const bool is_chosen =
        config->given[NODE_CONFIG_http_socket].origin != NODE_CONFIG_ORIGIN_DEFAULT;
    struct buffer second;
    buffer_init(&second, SOCKET_PATH_MAX);
    buffer_put_format(&second, "%s/http.sock", config->store_dir);
    const struct node_listen_options options = {
        .address = &config->http_listen,
        .socket_path = config->http_socket,
        .second_path = is_chosen || second.error ? NULL : second.data,
        .listen_fds = getenv("LISTEN_FDS"),
        .listen_pid = getenv("LISTEN_PID"),
    };
    const int r = node_listen_open(&options, self->log, &self->listen);
    buffer_done(&second);
    return r;
}

static int open_http(struct node *self)
{
    const struct node_config *config = self->config;
    self->admin.github = self->github;
    self->admin.store = self->store;
    self->admin.peer_id = self->identity->peer_id;
    self->region = slice_copy(slice_of(config->node_region));
    self->upstream = slice_copy(slice_of(config->github_upstream));
    if (!self->region || !self->upstream)
        return -ENOMEM;
    self->admin.region = self->region;
    self->admin.upstream = self->upstream;
    self->admin.started_ms = github_clock_ms();
    const struct node_http_options options = {
        .github = self->github,
        .admin = &self->admin,
        .log = self->log,
        .tcp = self->listen.tcp,
        .unix_socket = self->listen.unix_socket,
        .upstream = config->github_upstream,
        .hosts = config->http_hosts,
        .rewrite_for = config->http_rewrite_for,
        .workers = config->http_workers,
        .connections_max = config->http_connections_max,
        .access_log = config->http_access_log,
    };
    const int r = node_http_new(&options, &self->http);
    if (r < 0)
        NODE_LOG(self->log, NODE_LOG_ERROR, "http_start", node_log_errno(r),
                 node_log_text("remedy", "free memory or threads, then start again"));
    return r;
}

/* Tools find the node by its file; without it the node serves all the same. */
static void tell_tools(struct node *self, const char *url)
{
    const struct node_json_facts facts = {
        .pid = getpid(),
        .peer_id = self->identity->peer_id,
        .http = url,
        .socket = self->listen.path,
        .region = self->config->node_region,
        .version = RUNMESH_VERSION,
    };
    const int r = node_json_write(self->config->store_dir, &facts);
    self->has_json = r == 0;
    if (r < 0)
        NODE_LOG(self->log, NODE_LOG_WARN, "node_json",
                 node_log_text("store.dir", self->config->store_dir), node_log_errno(r),
                 node_log_text("effect", "tools on this host can't find the node by themselves"));
}

static void note_notify(const struct node *self, int r)
{
    if (r < 0)
        NODE_LOG(self->log, NODE_LOG_DEBUG, "notify", node_log_errno(r));
}

static void tell_ready(struct node *self)
{
    char url[NODE_LISTEN_URL_SIZE];
    const bool has_url = node_listen_url(&self->listen, url);
    tell_tools(self, has_url ? url : NULL);
    node_notify_init(&self->notify, getenv("NOTIFY_SOCKET"), getenv("WATCHDOG_USEC"),
                     getenv("WATCHDOG_PID"));
    NODE_LOG(self->log, NODE_LOG_INFO, "ready", node_log_text("http", has_url ? url : "none"),
             node_log_text("socket", self->listen.path ? self->listen.path : "none"),
             node_log_text("upstream", self->config->github_upstream),
             node_log_text("peer_id", self->identity->peer_id), node_log_number("pid", getpid()));
    note_notify(self, node_notify_ready(&self->notify, "answering clients"));
}

static int start(struct node *self, int *ret_exit)
{
    *ret_exit = NODE_CONFIG_EXIT_INTERNAL;
    int r = block_signals(self);
    if (r < 0)
        return r;
    *ret_exit = NODE_CONFIG_EXIT_CONFIG;
    r = make_folder(self);
    if (r == 0)
        r = node_identity_new(self->config->fleet_dir, self->config->store_dir, self->log,
                              &self->identity);
    if (r < 0)
        return r;
    *ret_exit = NODE_EXIT_BUSY;
    r = open_store(self);
    if (r < 0)
        return r;
    *ret_exit = NODE_CONFIG_EXIT_CONFIG;
    r = open_listen(self);
    if (r < 0)
        return r;
    *ret_exit = NODE_CONFIG_EXIT_INTERNAL;
    r = open_github(self);
    if (r == 0)
        r = open_http(self);
    return r;
}

int node_new(struct node_config *config, struct node_log *log, struct node **ret_node,
             int *ret_exit)
{
    struct node *self = calloc(1, sizeof *self);
    if (!self) {
        NODE_LOG(log, NODE_LOG_ERROR, "memory", node_log_errno(ENOMEM));
        *ret_exit = NODE_CONFIG_EXIT_INTERNAL;
        return -ENOMEM;
    }
    self->config = config;
    self->log = log;
    self->listen.tcp = self->listen.unix_socket = -1;
    const int r = start(self, ret_exit);
    if (r < 0) {
        node_destroy(&self);
        return r;
    }
    tell_ready(self);
    self->was_ready = true;
    *ret_node = self;
    return 0;
}

/* --- Run --- */

static int wait_signal(const struct node *self, int64_t timeout_ms)
{
    const struct timespec timeout = {
        .tv_sec = timeout_ms / MS_PER_S,
        .tv_nsec = timeout_ms % MS_PER_S * 1000000,
    };
    const int signal_number = sigtimedwait(&self->signals, NULL, &timeout);
    return signal_number < 0 ? 0 : signal_number;
}

static void apply(struct node *self)
{
    const struct node_config *config = self->config;
    node_log_adjust(self->log, (enum node_log_level)config->log_level,
                    (enum node_log_format)config->log_format, config->log_paths);
    github_set_proof_ttl(self->github, (int64_t)config->github_proof_ttl * MS_PER_S);
    github_set_request_timeout(self->github, config->http_request_timeout * MS_PER_S);
    node_http_set_access_log(self->http, config->http_access_log);
}

static void log_change(const struct node *self, const struct node_config_row *row)
{
    const bool applies = row->apply == NODE_CONFIG_RELOAD;
    NODE_LOG(self->log, applies ? NODE_LOG_INFO : NODE_LOG_WARN, "setting_changed",
             node_log_text("key", row->key),
             node_log_text("effect", applies ? "now" : "after a restart"));
}

static void reload(struct node *self)
{
    struct node_config next = {0};
    struct node_config_changes changes;
    struct node_config_error error;
    note_notify(self, node_notify_reloading(&self->notify));
    if (node_config_reload(self->config, &next, &changes, &error) < 0) {
        NODE_LOG(self->log, NODE_LOG_ERROR, "reload", node_log_text("error", error.text),
                 node_log_text("effect", "the settings stay as they were"));
    } else {
        struct node_config before = *self->config;
        *self->config = next;
        apply(self);
        for (size_t i = 0; i < changes.count; i++)
            log_change(self, changes.rows[i]);
        NODE_LOG(self->log, NODE_LOG_INFO, "reloaded",
                 node_log_number("changes", (int64_t)changes.count));
        node_config_done(&before);
    }
    note_notify(self, node_notify_ready(&self->notify, "answering clients"));
}

/* Until nothing runs any more, the time is over, or a second signal says now. */
static bool drain(struct node *self, int64_t limit_ms)
{
    const int64_t end_ms = github_clock_steady_ms() + limit_ms;
    while (node_http_running(self->http) > 0) {
        if (github_clock_steady_ms() >= end_ms)
            return false;
        const int signal_number = wait_signal(self, DRAIN_TICK_MS);
        if (signal_number == SIGTERM || signal_number == SIGINT)
            return false;
    }
    return true;
}

static void stop(struct node *self)
{
    NODE_LOG(self->log, NODE_LOG_INFO, "stopping",
             node_log_number("running", node_http_running(self->http)));
    atomic_store(&self->admin.is_stopping, true);
    note_notify(self, node_notify_stopping(&self->notify));
    node_http_quiesce(self->http);
    const bool is_drained = drain(self, NODE_DRAIN_MS);
    github_shut(self->github);
    if (!is_drained && !drain(self, NODE_SHUT_MS))
        NODE_LOG(self->log, NODE_LOG_WARN, "cut_off",
                 node_log_number("requests", node_http_running(self->http)));
}

int node_run(struct node *self)
{
    const int64_t watchdog_ms = self->notify.watchdog_ms;
    const int64_t tick_ms = watchdog_ms > 0 && watchdog_ms < TICK_MS ? watchdog_ms : TICK_MS;
    for (;;) {
        const int signal_number = wait_signal(self, tick_ms);
        if (signal_number == SIGTERM || signal_number == SIGINT)
            break;
        if (signal_number == SIGHUP)
            reload(self);
        if (watchdog_ms > 0)
            note_notify(self, node_notify_alive(&self->notify));
    }
    stop(self);
    return NODE_EXIT_OK;
}

/* --- End --- */

void node_destroy(struct node **self_p)
{
    struct node *self = *self_p;
    if (!self)
        return;
    node_http_destroy(&self->http);
    github_destroy(&self->github);
    store_close(&self->store);
    if (self->has_json && node_json_remove(self->config->store_dir) < 0)
        NODE_LOG(self->log, NODE_LOG_WARN, "node_json",
                 node_log_text("effect", "the file of a node that has ended stays"));
    node_listen_close(&self->listen);
    node_identity_destroy(&self->identity);
    if (self->was_ready)
        NODE_LOG(self->log, NODE_LOG_INFO, "stopped", node_log_number("pid", getpid()));
    free(self->region);
    free(self->upstream);
    free(self);
    *self_p = NULL;
}
