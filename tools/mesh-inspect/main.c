/* mesh-inspect: options and commands. What a command does is in its own file. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "tools/mesh-inspect/fsck.h"

enum {
    EXIT_USAGE = 64,
    EXIT_INTERNAL = 70,
    PATH_MAX_SIZE = 4096,
};

struct command {
    const char *name;
    int (*run)(const struct inspect_options *options);
    const char *text;
};

static const struct command commands[] = {
#define COMMAND(name, handler, text) {name, handler, text},
#include "tools/mesh-inspect/commands.def"
#undef COMMAND
};

static void print_help(void)
{
    puts("usage: mesh-inspect [--node DATADIR] [--json] COMMAND\n\n"
         "Looks into a RunMesh node of this user.\n\n"
         "  --node DATADIR   data folder of the node (default: that of mesh-node)\n"
         "  --json           print JSON\n"
         "  --help           this text\n"
         "  --version        the version\n\ncommands:");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        printf("  %-16s %s\n", commands[i].name, commands[i].text);
    puts("\nexit codes: 0 fine, 1 problem found, 64 usage, 69 no node there");
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

static int refuse(const char *what, const char *text)
{
    fprintf(stderr, "mesh-inspect: %s: %s; see mesh-inspect --help\n", what, text);
    return EXIT_USAGE;
}

/* Where mesh-node has its data folder when nobody tells it otherwise. */
static void default_folder(struct buffer *out)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache)
        buffer_put_format(out, "%s/runmesh", cache);
    else
        buffer_put_format(out, "%s/.cache/runmesh", home ? home : "");
}

static int run(const struct command *command, struct inspect_options *options)
{
    struct buffer folder;
    buffer_init(&folder, PATH_MAX_SIZE);
    default_folder(&folder);
    if (!options->node)
        options->node = folder.data;
    const int exit_code = options->node ? command->run(options) : EXIT_INTERNAL;
    buffer_done(&folder);
    return exit_code;
}

/* Reads one option at *at, which moves on by what it took. False when it is none. */
static bool read_option(char **argv, int *at, struct inspect_options *options)
{
    if (strcmp(argv[*at], "--json") == 0) {
        options->is_json = true;
        return true;
    }
    if (strcmp(argv[*at], "--node") == 0 && argv[*at + 1]) {
        options->node = argv[++*at];
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    struct inspect_options options = {0};
    const struct command *command = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            print_help();
            return EXIT_SUCCESS;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("mesh-inspect " RUNMESH_VERSION);
            return EXIT_SUCCESS;
        }
        if (read_option(argv, &i, &options))
            continue;
        if (argv[i][0] == '-')
            return refuse(argv[i], "unknown option, or its value is missing");
        if (command)
            return refuse(argv[i], "one command at a time");
        command = find_command(argv[i]);
        if (!command)
            return refuse(argv[i], "unknown command");
    }
    return command ? run(command, &options) : refuse("command", "none given");
}
