/* Routing, access and the small answers of the admin paths. */
#include "node/admin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "github/describe.h"
#include "github/github.h"
#include "node/invalidation.h"
#include "node/metrics.h"
#include "node/peer_uid.h"
#include "node/query.h"
#include "node/stats.h"
#include "store/store.h"

enum { PARAMETER_MAX = 16 * 1024 };

enum access { ACCESS_OPEN, ACCESS_OWN };

/* What a handler gets, and where it leaves its answer. */
struct exchange {
    struct node_admin *admin;
    const struct node_admin_request *request;
    struct slice query;
    struct buffer *out;  /* the body */
    const char *type;    /* of the body */
    const char *problem; /* why the status is an error */
};

/* --- Handlers: each returns the status --- */

static int live(struct exchange *exchange)
{
    buffer_put_text(exchange->out, "{\"live\":true}");
    return 200;
}

static bool is_degraded(const struct node_admin *admin)
{
    struct store_counts counts = {0};
    if (admin->store)
        store_counts(admin->store, &counts);
    return !admin->store || counts.degraded;
}

/* Nothing but a stop makes a node unready: without store or recipe it still answers. */
static int ready(struct exchange *exchange)
{
    struct node_admin *admin = exchange->admin;
    const bool is_ready = !atomic_load(&admin->is_stopping);
    buffer_put_format(exchange->out,
                      "{\"ready\":%s,\"reasons\":{\"process\":\"%s\",\"store\":\"%s\","
                      "\"etag_model\":\"%s\",\"mesh\":\"absent\"}}",
                      is_ready ? "true" : "false", is_ready ? "ok" : "stopping",
                      is_degraded(admin) ? "degraded" : "ok",
                      github_etag_model_holds(admin->github) ? "ok" : "failed");
    return is_ready ? 200 : 503;
}

static int metrics(struct exchange *exchange)
{
    exchange->type = "text/plain; version=0.0.4; charset=utf-8";
    node_metrics_write(exchange->admin, exchange->out);
    return 200;
}

static int stats(struct exchange *exchange)
{
    node_stats_write(exchange->admin, exchange->out);
    return 200;
}

static int problem(struct exchange *exchange, int status, const char *text)
{
    exchange->problem = text;
    return status;
}

static int read_limit(struct exchange *exchange, size_t *ret_limit)
{
    struct buffer text;
    uint64_t limit = NODE_ADMIN_ENTRIES_DEFAULT;
    buffer_init(&text, PARAMETER_MAX);
    int r = node_query_find(exchange->query, "limit", &text);
    if (r == 0 && !slice_to_u64(buffer_slice(&text), NODE_ADMIN_ENTRIES_MAX, &limit))
        r = -EBADMSG;
    buffer_done(&text);
    *ret_limit = (size_t)limit;
    return r == -ENOENT ? 0 : r;
}

static int entries(struct exchange *exchange)
{
    struct buffer prefix;
    size_t limit;
    if (read_limit(exchange, &limit) < 0)
        return problem(exchange, 400, "limit must be a number from 0 to 10000.");
    buffer_init(&prefix, PARAMETER_MAX);
    int r = node_query_find(exchange->query, "prefix", &prefix);
    if (r == 0 || r == -ENOENT)
        r = github_describe_entries(exchange->admin->github, buffer_slice(&prefix), limit,
                                    exchange->out);
    buffer_done(&prefix);
    if (r == -EBADMSG)
        return problem(exchange, 400, "prefix is malformed.");
    return r < 0 ? problem(exchange, 500, "The store can't be read.") : 200;
}

/* "https://api.github.com/x" and "/x" name the same. */
static struct slice target_of(const struct node_admin *admin, struct slice url)
{
    const struct slice upstream = slice_of(admin->upstream);
    return slice_starts_with(url, upstream) ? slice_skip(url, upstream.size) : url;
}

static int key(struct exchange *exchange)
{
    struct buffer url;
    buffer_init(&url, PARAMETER_MAX);
    int r = node_query_find(exchange->query, "url", &url);
    if (r == 0)
        r = github_describe_key(exchange->admin->github,
                                target_of(exchange->admin, buffer_slice(&url)), exchange->out);
    buffer_done(&url);
    if (r == -ENOENT)
        return problem(exchange, 400, "The parameter url is missing.");
    return r < 0 ? problem(exchange, 400, "url is malformed.") : 200;
}

static int invalidate(struct exchange *exchange)
{
    char *prefix = NULL;
    int r = node_invalidation_read(exchange->request->body, &prefix);
    if (r == 0)
        r = github_invalidate(exchange->admin->github, slice_of(prefix));
    if (r == 0) {
        buffer_put_text(exchange->out, "{\"prefix\":\"");
        buffer_put_json(exchange->out, slice_of(prefix));
        buffer_put_text(exchange->out, "\"}");
    }
    free(prefix);
    if (r == -ENOMEM)
        return problem(exchange, 503, "The node is short of memory.");
    return r < 0 ? problem(exchange, 400, "The body must be {\"prefix\": \"/...\"}.") : 200;
}

/* --- Routing --- */

struct row {
    const char *method, *path;
    enum access access;
    int (*handle)(struct exchange *exchange);
};

static const struct row rows[] = {
#define ADMIN(method, path, access, handler, text) {method, path, ACCESS_##access, handler},
#include "node/admin.def"
#undef ADMIN
};

bool node_admin_owns(struct slice target)
{
    const struct slice path = slice_next(&target, '?');
    return slice_starts_with(path, slice_of("/-/")) || slice_equals(path, slice_of("/-"));
}

static const struct row *find_row(struct slice path, struct slice method, bool *ret_has_path)
{
    const bool is_head = slice_equals(method, slice_of("HEAD"));
    *ret_has_path = false;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!slice_equals(path, slice_of(rows[i].path)))
            continue;
        *ret_has_path = true;
        if (slice_equals(is_head ? slice_of("GET") : method, slice_of(rows[i].method)))
            return &rows[i];
    }
    return NULL;
}

static bool is_own_user(int fd)
{
    uid_t uid;
    return node_peer_uid_find(fd, &uid) == 0 && (uid == 0 || uid == geteuid());
}

/* A web page that the user visits must not write here. */
static bool is_foreign(const struct node_admin_request *request)
{
    const struct slice site = github_headers_find(request->headers, "Sec-Fetch-Site");
    const struct slice origin = github_headers_find(request->headers, "Origin");
    const struct slice host = github_headers_find(request->headers, "Host");
    if (slice_equals(request->method, slice_of("GET")) ||
        slice_equals(request->method, slice_of("HEAD")))
        return false;
    if (site.data && !slice_equals(site, slice_of("same-origin")) &&
        !slice_equals(site, slice_of("none")))
        return true;
    const struct slice scheme = slice_of("http://");
    return origin.data && !(slice_starts_with(origin, scheme) &&
                            slice_equals_nocase(slice_skip(origin, scheme.size), host));
}

static int route(struct exchange *exchange)
{
    const struct node_admin_request *request = exchange->request;
    bool has_path;
    struct slice rest = request->target;
    const struct slice path = slice_next(&rest, '?');
    const struct row *row = find_row(path, request->method, &has_path);
    exchange->query = rest;
    if (!row)
        return has_path ? problem(exchange, 405, "The method is not supported here.")
                        : problem(exchange, 404, "There is no such admin path.");
    if (row->access == ACCESS_OWN && !is_own_user(request->fd))
        return problem(exchange, 403, "Only the node's own user and root may ask this.");
    if (is_foreign(request))
        return problem(exchange, 403, "A page of another origin must not write here.");
    return row->handle(exchange);
}

static void fail(int status, const char *text, struct github_answer *ret_answer)
{
    const struct github_trace trace = {.reason = GITHUB_REASON_BYPASS, .detail = "admin"};
    github_answer_fail(ret_answer, status, text, &trace);
}

void node_admin_answer(struct node_admin *self, const struct node_admin_request *request,
                       struct github_answer *ret_answer)
{
    struct buffer out;
    struct exchange exchange = {
        .admin = self,
        .request = request,
        .out = &out,
        .type = "application/json; charset=utf-8",
    };
    buffer_init(&out, NODE_ADMIN_TEXT_MAX);
    const int status = route(&exchange);
    if (exchange.problem) {
        buffer_done(&out);
        fail(status, exchange.problem, ret_answer);
        return;
    }
    github_answer_init(ret_answer);
    ret_answer->status = status;
    int r = github_answer_add(ret_answer, "Content-Type", exchange.type);
    if (r == 0)
        r = github_answer_add(ret_answer, "Cache-Control", "no-store");
    if (r == 0)
        r = buffer_take(&out, &ret_answer->text, &ret_answer->text_size);
    buffer_done(&out);
    if (r < 0) {
        github_answer_done(ret_answer);
        fail(503, "The answer is too large or the node is short of memory.", ret_answer);
    }
}
