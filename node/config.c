/* From sources to settings: notes what each source gives, lets the strongest win, reads the texts,
 * judges the whole. Syntax is config_value.c's, meaning config_check.c's. */
#include "node/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/slice.h"
#include "node/config_args.h"
#include "node/config_check.h"
#include "node/config_file.h"
#include "node/config_man.h"
#include "node/config_path.h"
#include "node/config_print.h"
#include "node/config_value.h"

enum {
    EXPECT_MAX = 256,      /* bytes of the text that says what a row accepts */
    VALUE_SHOWN_MAX = 100, /* bytes of a bad value in a message */
    VALUE_MAX = 16 * 1024,
};

static void wipe_given(struct node_config_given *given)
{
    if (given->text)
        explicit_bzero(given->text, strlen(given->text));
    free(given->text);
    given->text = NULL;
    given->origin = NODE_CONFIG_ORIGIN_DEFAULT;
}

int node_config_give(struct node_config *self, const struct node_config_row *row, struct slice text,
                     enum node_config_origin origin)
{
    struct node_config_given *given = &self->given[node_config_row_id(row)];
    if (origin < given->origin)
        return 0;
    char *copy = slice_copy(text);
    if (!copy)
        return -ENOMEM;
    wipe_given(given);
    given->text = copy;
    given->origin = origin;
    return 0;
}

void node_config_done(struct node_config *self)
{
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++) {
        wipe_given(&self->given[i]);
        node_config_value_done(self, node_config_row_at(i));
    }
    free(self->file);
    memset(self, 0, sizeof *self);
}

/* Where a setting came from, for messages. */
static void describe_origin(const struct node_config *self, const struct node_config_row *row,
                            char *ret, size_t size)
{
    char variable[NODE_CONFIG_NAME_SIZE];
    switch (self->given[node_config_row_id(row)].origin) {
    case NODE_CONFIG_ORIGIN_COMMAND_LINE:
        snprintf(ret, size, "on the command line");
        break;
    case NODE_CONFIG_ORIGIN_ENVIRONMENT:
        node_config_row_variable(row, variable);
        snprintf(ret, size, "in %s", variable);
        break;
    case NODE_CONFIG_ORIGIN_LEGACY:
        snprintf(ret, size, "in %s", row->legacy);
        break;
    case NODE_CONFIG_ORIGIN_FILE:
        snprintf(ret, size, "in %.200s", self->file);
        break;
    case NODE_CONFIG_ORIGIN_DEFAULT:
        snprintf(ret, size, "by default");
        break;
    }
}

static int refuse(const struct node_config *self, const struct node_config_row *row,
                  const char *text, struct node_config_error *ret_error)
{
    char origin[256];
    struct buffer expect;
    buffer_init(&expect, EXPECT_MAX);
    node_config_value_expect(row, &expect);
    describe_origin(self, row, origin, sizeof origin);
    const int r = node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG,
                                        "%s: \"%.*s\" %s: give %s", row->key, VALUE_SHOWN_MAX,
                                        row->type == NODE_CONFIG_SECRET ? "(not shown)" : text,
                                        origin, expect.data ? expect.data : "another value");
    buffer_done(&expect);
    return r;
}

/* The text that the row's parser gets, for paths made absolute; the caller frees it. */
static int prepare(const struct node_config *self, const struct node_config_row *row,
                   const struct node_config_given *given, char **ret_text)
{
    if (row->type == NODE_CONFIG_PATH)
        return given->text ? node_config_path_absolute(slice_of(given->text), ret_text)
                           : node_config_path_default(self, row->fallback, ret_text);
    const char *text = given->text ? given->text : row->fallback;
    if (row->type != NODE_CONFIG_SECRET || text[0] != '@') {
        *ret_text = strdup(text);
        return *ret_text ? 0 : -ENOMEM;
    }
    char *path = NULL;
    int r = node_config_path_absolute(slice_of(text + 1), &path);
    if (r == 0 && asprintf(ret_text, "@%s", path) < 0)
        r = -ENOMEM;
    free(path);
    return r;
}

static int resolve_row(struct node_config *self, const struct node_config_row *row,
                       struct node_config_error *ret_error)
{
    const struct node_config_given *given = &self->given[node_config_row_id(row)];
    char *text = NULL;
    int r = prepare(self, row, given, &text);
    if (r == -ENOMEM)
        return node_config_error_memory(ret_error);
    if (r < 0)
        return node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG,
                                     "%s: no home folder is known: set HOME or give %s", row->key,
                                     row->option ? row->option : "an absolute path");
    r = node_config_value_set(self, row, slice_of(text));
    if (r == -ENOMEM)
        r = node_config_error_memory(ret_error);
    else if (r < 0)
        r = refuse(self, row, given->text ? given->text : row->fallback, ret_error);
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    return r;
}

static int resolve(struct node_config *self, struct node_config_error *ret_error)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < NODE_CONFIG_COUNT; i++)
        r = resolve_row(self, node_config_row_at(i), ret_error);
    return r < 0 ? r : node_config_check_values(self, ret_error);
}

static int load_sources(struct node_config *self, struct node_config_error *ret_error)
{
    int r = node_config_args_read_environment(self);
    if (r < 0)
        return node_config_error_memory(ret_error);
    if (self->file)
        r = node_config_file_read(self, ret_error);
    return r < 0 ? r : resolve(self, ret_error);
}

/* Whether the program is done after the action; *ret_exit is then its exit code. */
static bool act(const struct node_config *self, enum node_config_action action,
                const struct node_config_start *start, int *ret_exit)
{
    *ret_exit = 0;
    switch (action) {
    case NODE_CONFIG_ACTION_RUN:
        node_config_check_warn(self, start->err);
        return false;
    case NODE_CONFIG_ACTION_HELP:
        node_config_print_help(start->out);
        break;
    case NODE_CONFIG_ACTION_VERSION:
        fprintf(start->out, "mesh-node %s\n", RUNMESH_VERSION);
        break;
    case NODE_CONFIG_ACTION_PRINT_MAN:
        node_config_man_print(start->out);
        break;
    case NODE_CONFIG_ACTION_PRINT_CONFIG:
        if (node_config_print_file(self, start->out) < 0)
            *ret_exit = NODE_CONFIG_EXIT_INTERNAL;
        break;
    }
    return true;
}

int node_config_load(struct node_config *self, const struct node_config_start *start, int *ret_exit)
{
    struct node_config_error error;
    enum node_config_action action = NODE_CONFIG_ACTION_RUN;
    int r = node_config_args_read(self, start->argc, start->argv, &action, &error);
    const bool needs_settings =
        action == NODE_CONFIG_ACTION_RUN || action == NODE_CONFIG_ACTION_PRINT_CONFIG;
    if (r == 0 && needs_settings)
        r = load_sources(self, &error);
    if (r < 0) {
        fprintf(start->err, "mesh-node: %s\n", error.text);
        *ret_exit = (int)error.exit_code;
    } else if (act(self, action, start, ret_exit)) {
        r = -ECANCELED;
    }
    if (r < 0)
        node_config_done(self);
    return r;
}

/* What the command line and the environment said stays in force for the life of the process. */
static int keep_given(const struct node_config *self, struct node_config *next)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < NODE_CONFIG_COUNT; i++) {
        const struct node_config_given *given = &self->given[i];
        if (given->origin > NODE_CONFIG_ORIGIN_FILE)
            r = node_config_give(next, node_config_row_at(i), slice_of(given->text), given->origin);
    }
    if (r == 0 && self->file && !(next->file = strdup(self->file)))
        r = -ENOMEM;
    return r;
}

/* Compares one row and, when only a restart applies it, takes the running value over. */
static int settle_row(const struct node_config *self, struct node_config *next,
                      const struct node_config_row *row, struct node_config_changes *changes)
{
    struct buffer before, after;
    buffer_init(&before, VALUE_MAX);
    buffer_init(&after, VALUE_MAX);
    node_config_value_format(self, row, &before);
    node_config_value_format(next, row, &after);
    int r = before.error ? before.error : after.error;
    if (r == 0 && !slice_equals(buffer_slice(&before), buffer_slice(&after))) {
        changes->rows[changes->count++] = row;
        if (row->apply == NODE_CONFIG_RESTART)
            r = node_config_value_set(next, row, buffer_slice(&before));
    }
    buffer_done(&before);
    buffer_done(&after);
    return r;
}

static int settle(const struct node_config *self, struct node_config *next,
                  struct node_config_changes *changes)
{
    int r = 0;
    changes->count = 0;
    for (size_t i = 0; r == 0 && i < NODE_CONFIG_COUNT; i++)
        r = settle_row(self, next, node_config_row_at(i), changes);
    return r;
}

int node_config_reload(const struct node_config *self, struct node_config *ret_next,
                       struct node_config_changes *ret_changes, struct node_config_error *ret_error)
{
    struct node_config_changes changes;
    struct node_config next = {0};
    int r = keep_given(self, &next);
    if (r < 0)
        r = node_config_error_memory(ret_error);
    if (r == 0 && next.file)
        r = node_config_file_read(&next, ret_error);
    if (r == 0)
        r = resolve(&next, ret_error);
    if (r == 0 && settle(self, &next, &changes) < 0)
        r = node_config_error_memory(ret_error);
    if (r < 0) {
        node_config_done(&next);
        return r;
    }
    *ret_next = next;
    *ret_changes = changes;
    return 0;
}
