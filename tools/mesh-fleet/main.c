/* mesh-fleet: options and commands. What a command does is in its own file. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/random.h"
#include "tools/mesh-fleet/init.h"
#include "tools/mesh-fleet/revoke.h"
#include "tools/mesh-fleet/rotate.h"
#include "tools/mesh-fleet/show.h"
#include "tools/mesh-fleet/token.h"

enum {
    EXIT_INTERNAL = 70,
    PATH_MAX_SIZE = 4096,
};

struct command {
    const char *name;
    int (*run)(const struct order *order);
    const char *argument;
    const char *text;
};

static const struct command commands[] = {
#define COMMAND(name, handler, argument, text) {name, handler, argument, text},
#include "tools/mesh-fleet/commands.def"
#undef COMMAND
};

static void print_help(void)
{
    puts("usage: mesh-fleet [--dir DIR] COMMAND\n\n"
         "Decides who may join a fleet of RunMesh nodes.\n\ncommands:");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        printf("  %-7s %-18s %s\n", commands[i].name,
               commands[i].argument ? commands[i].argument : "", commands[i].text);
    puts("\n  --dir DIR             folder of the fleet (default: that of mesh-node's fleet.dir)\n"
         "  --help                this text\n"
         "  --version             the version\n\nof token:\n"
         "  --expires TIME        how long it is good, 1m to 366d (default: 30d)\n"
         "  --roles ROLES         what its nodes may do (default: fetch,announce)\n"
         "  --scope OWNER[/REPO]  private repositories that its nodes may share; up to 8 times.\n"
         "                        Every host that joins may then read what members fetched of "
         "them\n\n"
         "example:\n"
         "  mesh-fleet init\n"
         "  (umask 077; mesh-fleet token --expires 7d > ci.token)\n"
         "  mesh-fleet show @ci.token\n"
         "  mesh-fleet revoke @ci.token\n\n"
         "exit codes: 0 fine, 1 problem found or refused, 64 usage, 78 the folder can't be used");
}

static int refuse(const char *what, const char *text)
{
    fprintf(stderr, "mesh-fleet: %s: %s; see mesh-fleet --help\n", what, text);
    return EXIT_USAGE;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

/* Where mesh-node has its fleet's folder when nobody tells it otherwise. */
static void default_folder(struct buffer *out)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && config[0] == '/')
        buffer_put_format(out, "%s/runmesh", config);
    else if (home && home[0] == '/')
        buffer_put_format(out, "%s/.config/runmesh", home);
}

static int run(const struct command *command, struct order *order)
{
    const bool is_token = command->run == token_run;
    if (!is_token && (order->expires || order->roles || order->scope_count > 0))
        return refuse(command->name, "takes no --expires, --roles or --scope");
    if (command->argument && !order->argument)
        return refuse(command->name, "lacks its argument");
    order->expires = order->expires ? order->expires : "30d";
    order->roles = order->roles ? order->roles : "fetch,announce";
    if (random_start() < 0) {
        fputs("mesh-fleet: no randomness from the system\n", stderr);
        return EXIT_INTERNAL;
    }
    struct buffer folder;
    buffer_init(&folder, PATH_MAX_SIZE);
    default_folder(&folder);
    if (!order->dir)
        order->dir = folder.data;
    const int exit_code = order->dir ? command->run(order)
                                     : refuse("--dir", "no HOME to find the folder in; give it");
    buffer_done(&folder);
    return exit_code;
}

/* "--name VALUE" or "--name=VALUE". *at moves on by what it took; NULL when it is another option,
 * or has no value. */
static const char *option_value(char **argv, int *at, const char *name)
{
    const size_t length = strlen(name);
    if (strncmp(argv[*at], name, length) != 0)
        return NULL;
    if (argv[*at][length] == '=' && argv[*at][length + 1])
        return argv[*at] + length + 1;
    if (argv[*at][length] || !argv[*at + 1] || !argv[*at + 1][0])
        return NULL;
    return argv[++*at];
}

/* Exit code, EXIT_FINE when it was one and is noted. */
static int read_option(char **argv, int *at, struct order *order)
{
    const char *option = argv[*at];
    const char *value = option_value(argv, at, "--dir");
    if (value) {
        order->dir = value;
        return EXIT_FINE;
    }
    value = option_value(argv, at, "--expires");
    if (value) {
        order->expires = value;
        return EXIT_FINE;
    }
    value = option_value(argv, at, "--roles");
    if (value) {
        order->roles = value;
        return EXIT_FINE;
    }
    value = option_value(argv, at, "--scope");
    if (!value)
        return refuse(option, "unknown option, or its value is missing");
    if (order->scope_count == CERT_SCOPES_MAX)
        return refuse(option, "a token has up to 8 scopes; issue several tokens");
    order->scopes[order->scope_count++] = value;
    return EXIT_FINE;
}

/* The command, then its argument if it takes one. */
static int read_word(const char *word, const struct command **command, struct order *order)
{
    if (!*command) {
        *command = find_command(word);
        return *command ? EXIT_FINE : refuse(word, "unknown command");
    }
    /* What is too much may be a token, so it is not repeated. */
    if (!(*command)->argument || order->argument)
        return refuse((*command)->name, "has more arguments than it takes");
    order->argument = word;
    return EXIT_FINE;
}

int main(int argc, char **argv)
{
    struct order order = {0};
    const struct command *command = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            print_help();
            return EXIT_SUCCESS;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("mesh-fleet " RUNMESH_VERSION);
            return EXIT_SUCCESS;
        }
        const int exit_code = argv[i][0] == '-' ? read_option(argv, &i, &order)
                                                : read_word(argv[i], &command, &order);
        if (exit_code != EXIT_FINE)
            return exit_code;
    }
    return command ? run(command, &order) : refuse("command", "none given");
}
