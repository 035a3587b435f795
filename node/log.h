/* The node's log: one event is one line on a descriptor, as logfmt text or as JSON. Values are
 * escaped, so nothing that a client or a peer sent can break a line or command a terminal or a CI
 * runner. Tokens never get here: that is the caller's duty. Any thread may write. */
#ifndef NODE_LOG_H
#define NODE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"

enum {
    NODE_LOG_LINE_MAX = 4096,   /* bytes of a line, its end included: atomic on a pipe */
    NODE_LOG_VALUE_MAX = 1024,  /* bytes of a value before escaping; longer ones are cut */
    NODE_LOG_REPEATS_MAX = 10,  /* lines of one warning or error in a period */
    NODE_LOG_PERIOD_MS = 10000, /* that period */
    NODE_LOG_EVENTS_MAX = 64,   /* warnings and errors that are counted apart */
};

/* In the order of log.level's words. error: act; warn: degraded; info: lifecycle; debug: trace. */
enum node_log_level { NODE_LOG_ERROR, NODE_LOG_WARN, NODE_LOG_INFO, NODE_LOG_DEBUG };

/* In the order of log.format's words. */
enum node_log_format { NODE_LOG_TEXT, NODE_LOG_JSON };

struct node_log;

struct node_log_options {
    int fd; /* where lines go; stays the caller's */
    enum node_log_level level;
    enum node_log_format format;
    bool paths;                    /* whether paths of requests are shown */
    bool journal;                  /* lines get journald's priority prefix instead of a time */
    int64_t (*wall_ms)(void *cls); /* milliseconds since 1970; NULL: the system's clock */
    void *cls;
};

enum node_log_type {
    NODE_LOG_FIELD_TEXT,
    NODE_LOG_FIELD_PATH, /* text that log.paths hides */
    NODE_LOG_FIELD_NUMBER,
    NODE_LOG_FIELD_FLAG,
};

/* Made by the functions below. Texts are borrowed for the call. */
struct node_log_field {
    const char *key; /* lower-case letters and underscores */
    enum node_log_type type;
    struct slice text;
    int64_t number;
};

/* -ENOMEM. */
int node_log_new(const struct node_log_options *options, struct node_log **ret_log) MUST_CHECK;
void node_log_destroy(struct node_log **self_p);

/* Whether journal_stream, the value of JOURNAL_STREAM or NULL, names what fd is connected to
 * (systemd.exec(5)). */
bool node_log_is_journal(int fd, const char *journal_stream);

/* What SIGHUP may change, in the midst of other threads' writing. */
void node_log_adjust(struct node_log *self, enum node_log_level level, enum node_log_format format,
                     bool paths);

bool node_log_shows(const struct node_log *self, enum node_log_level level);

/* Writes a line. event is a short constant name. What does not fit into a line is left out and the
 * line says truncated=true. Beyond NODE_LOG_REPEATS_MAX the same warning or error is dropped for
 * the rest of the period; the next one says how many were in dropped=N. */
void node_log_write(struct node_log *self, enum node_log_level level, const char *event,
                    const struct node_log_field *fields, size_t count);

/* node_log_write with the fields as arguments, at least one:
 * NODE_LOG(log, NODE_LOG_INFO, "ready", node_log_text("http", url), node_log_number("pid", pid));
 */
#define NODE_LOG(log, level, event, ...)                                                           \
    node_log_write(log, level, event, (const struct node_log_field[]){__VA_ARGS__},                \
                   sizeof((const struct node_log_field[]){__VA_ARGS__}) /                          \
                       sizeof(struct node_log_field))

struct node_log_field node_log_text(const char *key, const char *text);
struct node_log_field node_log_slice(const char *key, struct slice text);
struct node_log_field node_log_path(const char *key, struct slice path);
struct node_log_field node_log_number(const char *key, int64_t number);
struct node_log_field node_log_flag(const char *key, bool flag);

/* The text of an error number, positive or negative, under "error". */
struct node_log_field node_log_errno(int error);

#endif
