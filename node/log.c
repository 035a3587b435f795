/* Writing of log lines: level and repeats first, then one line into a buffer on the stack, then one
 * write(2). How values are escaped is log_escape.c's. */
#include "node/log.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "node/log_escape.h"

enum {
    TAIL_SIZE = 32, /* bytes kept for what closes a line */
    TIME_SIZE = 32,
};

/* How often one event was written in the running period. Threads share it under the mutex. */
struct repeats {
    const char *event;
    int64_t period_start_ms;
    uint32_t written, dropped;
};

struct node_log {
    struct node_log_options options;
    atomic_int level, format;
    atomic_bool paths;
    pthread_mutex_t mutex;
    struct repeats repeats[NODE_LOG_EVENTS_MAX];
};

static int64_t system_wall_ms(void *cls)
{
    (void)cls;
    struct timespec now;
    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int node_log_new(const struct node_log_options *options, struct node_log **ret_log)
{
    struct node_log *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->options = *options;
    if (!self->options.wall_ms)
        self->options.wall_ms = system_wall_ms;
    CHECK(pthread_mutex_init(&self->mutex, NULL) == 0);
    node_log_adjust(self, options->level, options->format, options->paths);
    *ret_log = self;
    return 0;
}

void node_log_destroy(struct node_log **self_p)
{
    struct node_log *self = *self_p;
    if (!self)
        return;
    pthread_mutex_destroy(&self->mutex);
    free(self);
    *self_p = NULL;
}

bool node_log_is_journal(int fd, const char *journal_stream)
{
    struct stat status;
    uint64_t device, inode;
    struct slice rest = slice_of(journal_stream);
    const struct slice first = slice_next(&rest, ':');
    return slice_to_u64(first, UINT64_MAX, &device) && slice_to_u64(rest, UINT64_MAX, &inode) &&
           fstat(fd, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

void node_log_adjust(struct node_log *self, enum node_log_level level, enum node_log_format format,
                     bool paths)
{
    atomic_store(&self->level, (int)level);
    atomic_store(&self->format, (int)format);
    atomic_store(&self->paths, paths);
}

bool node_log_shows(const struct node_log *self, enum node_log_level level)
{
    return (int)level <= atomic_load(&self->level);
}

/* The event's counters; when the table is full, those that are idle longest become its. Event names
 * are constants, but equal ones of two files may be two pointers. */
static struct repeats *find_repeats(struct node_log *self, const char *event)
{
    struct repeats *chosen = &self->repeats[0];
    for (size_t i = 0; i < NODE_LOG_EVENTS_MAX; i++) {
        struct repeats *at = &self->repeats[i];
        if (at->event && strcmp(at->event, event) == 0)
            return at;
        if (chosen->event && (!at->event || at->period_start_ms < chosen->period_start_ms))
            chosen = at;
    }
    memset(chosen, 0, sizeof *chosen);
    chosen->event = event;
    return chosen;
}

/* False when the event has had its share; *ret_dropped says how many were dropped before this one.
 */
static bool admit(struct node_log *self, const char *event, int64_t now_ms, uint32_t *ret_dropped)
{
    CHECK(pthread_mutex_lock(&self->mutex) == 0);
    struct repeats *repeats = find_repeats(self, event);
    const int64_t age_ms = now_ms - repeats->period_start_ms;
    if (age_ms >= NODE_LOG_PERIOD_MS || age_ms < 0) {
        repeats->period_start_ms = now_ms;
        repeats->written = 0;
    }
    const bool admitted = repeats->written < NODE_LOG_REPEATS_MAX;
    if (admitted) {
        *ret_dropped = repeats->dropped;
        repeats->dropped = 0;
        repeats->written++;
    } else {
        repeats->dropped++;
    }
    CHECK(pthread_mutex_unlock(&self->mutex) == 0);
    return admitted;
}

struct line {
    struct bytes_out out;
    enum node_log_format format;
    bool paths, empty;
};

static void put_text(struct line *self, const char *text)
{
    bytes_put(&self->out, text, strlen(text));
}

static void put_key(struct line *self, const char *key)
{
    const bool json = self->format == NODE_LOG_JSON;
    if (!self->empty)
        put_text(self, json ? "," : " ");
    if (json)
        put_text(self, "\"");
    put_text(self, key);
    put_text(self, json ? "\":" : "=");
    self->empty = false;
}

static void put_value(struct line *self, const struct node_log_field *field)
{
    char number[TIME_SIZE];
    struct slice text = field->text;
    switch (field->type) {
    case NODE_LOG_FIELD_NUMBER:
        snprintf(number, sizeof number, "%" PRId64, field->number);
        put_text(self, number);
        return;
    case NODE_LOG_FIELD_FLAG:
        put_text(self, field->number ? "true" : "false");
        return;
    case NODE_LOG_FIELD_PATH:
        text = self->paths ? text : slice_of("-");
        break;
    case NODE_LOG_FIELD_TEXT:
        break;
    }
    if (text.size > NODE_LOG_VALUE_MAX)
        text.size = NODE_LOG_VALUE_MAX;
    node_log_escape_put(text, self->format == NODE_LOG_JSON, &self->out);
}

/* Writes the field, or nothing of it when it does not fit. */
static bool put_field(struct line *self, const struct node_log_field *field)
{
    const struct line before = *self;
    put_key(self, field->key);
    put_value(self, field);
    if (!self->out.overflowed)
        return true;
    *self = before;
    return false;
}

static void put_head(struct line *self, enum node_log_level level, const char *event,
                     const char *time)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    const struct node_log_field level_field = node_log_text("level", names[level]);
    const struct node_log_field event_field = node_log_text("event", event);
    if (self->format == NODE_LOG_JSON)
        put_text(self, "{");
    if (time[0]) {
        put_key(self, "time");
        put_text(self, self->format == NODE_LOG_JSON ? "\"" : "");
        put_text(self, time);
        put_text(self, self->format == NODE_LOG_JSON ? "\"" : "");
    }
    CHECK(put_field(self, &level_field) && put_field(self, &event_field));
}

static void format_time(int64_t wall_ms, char ret[static TIME_SIZE])
{
    const time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts;
    CHECK(gmtime_r(&seconds, &parts));
    const size_t size = strftime(ret, TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(ret + size, TIME_SIZE - size, ".%03dZ", (int)(wall_ms % 1000));
}

/* A line that can't be written is lost: there is nowhere to say so. */
static void emit(int fd, const char *data, size_t size)
{
    ssize_t wrote = 0;
    for (size_t done = 0; done < size; done += (size_t)wrote) {
        wrote = write(fd, data + done, size - done);
        if (wrote < 0 && errno != EINTR)
            return;
        wrote = wrote < 0 ? 0 : wrote;
    }
}

void node_log_write(struct node_log *self, enum node_log_level level, const char *event,
                    const struct node_log_field *fields, size_t count)
{
    /* syslog(3)'s priorities. */
    static const char *const prefixes[] = {"<3>", "<4>", "<6>", "<7>"};
    char data[NODE_LOG_LINE_MAX], time[TIME_SIZE] = "";
    uint32_t dropped = 0;
    if (!node_log_shows(self, level))
        return;
    const int64_t now_ms = self->options.wall_ms(self->options.cls);
    if (level <= NODE_LOG_WARN && !admit(self, event, now_ms, &dropped))
        return;

    struct line line = {.out = bytes_out_over(data, sizeof data - TAIL_SIZE), .empty = true};
    line.format = (enum node_log_format)atomic_load(&self->format);
    line.paths = atomic_load(&self->paths);
    if (self->options.journal)
        put_text(&line, prefixes[level]);
    else
        format_time(now_ms, time);
    put_head(&line, level, event, time);
    const struct node_log_field dropped_field = node_log_number("dropped", dropped);
    bool whole = dropped == 0 || put_field(&line, &dropped_field);
    for (size_t i = 0; i < count; i++)
        whole = put_field(&line, &fields[i]) && whole;

    const struct node_log_field truncated = node_log_flag("truncated", true);
    line.out.end += TAIL_SIZE;
    if (!whole)
        CHECK(put_field(&line, &truncated));
    put_text(&line, line.format == NODE_LOG_JSON ? "}\n" : "\n");
    CHECK(!line.out.overflowed);
    emit(self->options.fd, data, (size_t)(line.out.at - (uint8_t *)data));
}

struct node_log_field node_log_slice(const char *key, struct slice text)
{
    const struct node_log_field field = {.key = key, .type = NODE_LOG_FIELD_TEXT, .text = text};
    return field;
}

struct node_log_field node_log_text(const char *key, const char *text)
{
    return node_log_slice(key, slice_of(text));
}

struct node_log_field node_log_path(const char *key, struct slice path)
{
    const struct node_log_field field = {.key = key, .type = NODE_LOG_FIELD_PATH, .text = path};
    return field;
}

struct node_log_field node_log_number(const char *key, int64_t number)
{
    const struct node_log_field field = {
        .key = key, .type = NODE_LOG_FIELD_NUMBER, .number = number};
    return field;
}

struct node_log_field node_log_flag(const char *key, bool flag)
{
    const struct node_log_field field = {.key = key, .type = NODE_LOG_FIELD_FLAG, .number = flag};
    return field;
}

struct node_log_field node_log_errno(int error)
{
    /* The GNU form that returns a constant, unlike strerror in any thread. */
    return node_log_text("error", strerrordesc_np(error < 0 ? -error : error));
}
