/* Command line and environment. Both only note texts: what they mean is read later, once it is
 * known which source wins. */
#include "node/config_args.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

enum { SCRUB = '*' };

struct args {
    struct node_config *config;
    int argc, at;
    char **argv;
    struct node_config_error *error;
};

static int usage(struct args *self, const char *problem, struct slice what)
{
    if (slice_contains_nocase(what, slice_of(NODE_CONFIG_TOKEN_PREFIX)))
        what = slice_of("(a token, not shown)");
    return node_config_error_set(self->error, NODE_CONFIG_EXIT_USAGE,
                                 "%s %.*s: see mesh-node --help", problem, (int)what.size,
                                 what.data ? what.data : "");
}

static void scrub(char *text)
{
    memset(text, SCRUB, strlen(text));
}

/* Anything but @FILE is the secret itself. */
static bool is_literal_secret(const struct node_config_row *row, const char *text)
{
    return row->type == NODE_CONFIG_SECRET && text[0] != '\0' && text[0] != '@';
}

static int give(struct args *self, const struct node_config_row *row, char *text)
{
    if (node_config_give(self->config, row, slice_of(text), NODE_CONFIG_ORIGIN_COMMAND_LINE) < 0)
        return node_config_error_memory(self->error);
    if (is_literal_secret(row, text))
        scrub(text);
    return 0;
}

/* The value of the option at hand: behind its "=" or the next argument. */
static char *take_value(struct args *self, char *equals)
{
    if (equals)
        return equals + 1;
    return self->at + 1 < self->argc ? self->argv[++self->at] : NULL;
}

static int read_set(struct args *self, char *value)
{
    char *equals = strchr(value, '=');
    if (!equals)
        return usage(self, "write --set KEY=VALUE, not", slice_of(value));
    const struct slice key = {.data = value, .size = (size_t)(equals - value)};
    const struct node_config_row *row = node_config_row_find_key(key);
    if (!row)
        return usage(self, "unknown key", key);
    return give(self, row, equals + 1);
}

static int read_file_name(struct args *self, const char *value)
{
    if (self->config->file)
        return usage(self, "a second --config", slice_of(value));
    self->config->file = strdup(value);
    return self->config->file ? 0 : node_config_error_memory(self->error);
}

/* Options with a value. */
static int read_option(struct args *self, struct slice name, char *equals)
{
    const bool is_set = slice_equals(name, slice_of("--set"));
    const bool is_file = slice_equals(name, slice_of("--config"));
    const struct node_config_row *row = node_config_row_find_option(name);
    if (!is_set && !is_file && !row)
        return usage(self, "unknown option", name);
    char *value = take_value(self, equals);
    if (!value)
        return usage(self, "a value is missing behind", name);
    if (is_set)
        return read_set(self, value);
    return is_file ? read_file_name(self, value) : give(self, row, value);
}

static enum node_config_action action_of(const char *argument)
{
    static const struct {
        const char *name;
        enum node_config_action action;
    } actions[] = {
        {"--help", NODE_CONFIG_ACTION_HELP},
        {"-h", NODE_CONFIG_ACTION_HELP},
        {"--version", NODE_CONFIG_ACTION_VERSION},
        {"--print-config", NODE_CONFIG_ACTION_PRINT_CONFIG},
        {"--print-man", NODE_CONFIG_ACTION_PRINT_MAN},
    };
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(argument, actions[i].name) == 0)
            return actions[i].action;
    return NODE_CONFIG_ACTION_RUN;
}

static int read_argument(struct args *self, enum node_config_action *action)
{
    char *argument = self->argv[self->at];
    const enum node_config_action asked = action_of(argument);
    if (asked != NODE_CONFIG_ACTION_RUN) {
        *action = asked;
        return 0;
    }
    if (argument[0] != '-' || argument[1] != '-')
        return usage(self, "unexpected argument", slice_of(argument));
    char *equals = strchr(argument, '=');
    const struct slice name = {.data = argument,
                               .size = equals ? (size_t)(equals - argument) : strlen(argument)};
    return read_option(self, name, equals);
}

int node_config_args_read(struct node_config *config, int argc, char **argv,
                          enum node_config_action *ret_action, struct node_config_error *ret_error)
{
    struct args self = {.config = config, .argc = argc, .argv = argv, .error = ret_error};
    enum node_config_action action = NODE_CONFIG_ACTION_RUN;
    int r = 0;
    for (self.at = 1; r == 0 && self.at < argc; self.at++)
        r = read_argument(&self, &action);
    if (r == 0)
        *ret_action = action;
    return r;
}

static int read_variable(struct node_config *config, const struct node_config_row *row,
                         const char *name, enum node_config_origin origin)
{
    char *text = getenv(name);
    if (!text || text[0] == '\0')
        return 0;
    int r = node_config_give(config, row, slice_of(text), origin);
    if (r == 0 && is_literal_secret(row, text)) {
        scrub(text);
        r = unsetenv(name) < 0 ? -errno : 0;
    }
    return r;
}

int node_config_args_read_environment(struct node_config *config)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < NODE_CONFIG_COUNT; i++) {
        const struct node_config_row *row = node_config_row_at(i);
        char name[NODE_CONFIG_NAME_SIZE];
        node_config_row_variable(row, name);
        if (row->legacy)
            r = read_variable(config, row, row->legacy, NODE_CONFIG_ORIGIN_LEGACY);
        if (r == 0)
            r = read_variable(config, row, name, NODE_CONFIG_ORIGIN_ENVIRONMENT);
    }
    return r;
}
