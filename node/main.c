/* The table of contents of mesh-node. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "node/config.h"
#include "node/log.h"
#include "node/node.h"

/* Tokens are in memory: no core file, no look into the process by others of the same user, no file
 * that others can read. And as many descriptors as the system gives. */
static int confine(void)
{
    const struct rlimit no_core = {0};
    struct rlimit files;
    umask(S_IRWXG | S_IRWXO);
    if (setrlimit(RLIMIT_CORE, &no_core) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
        return -1;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &files) < 0)
            return -1;
    }
    return random_start();
}

static int make_log(const struct node_config *config, struct node_log **ret_log)
{
    const struct node_log_options options = {
        .fd = STDERR_FILENO,
        .level = (enum node_log_level)config->log_level,
        .format = (enum node_log_format)config->log_format,
        .paths = config->log_paths,
        .journal = node_log_is_journal(STDERR_FILENO, getenv("JOURNAL_STREAM")),
    };
    return node_log_new(&options, ret_log);
}

static int serve(struct node_config *config)
{
    struct node_log *log = NULL;
    struct node *node = NULL;
    int exit_code = NODE_CONFIG_EXIT_INTERNAL;
    if (make_log(config, &log) < 0) {
        fputs("mesh-node: short of memory\n", stderr);
        return exit_code;
    }
    if (node_new(config, log, &node, &exit_code) == 0)
        exit_code = node_run(node);
    node_destroy(&node);
    node_log_destroy(&log);
    return exit_code;
}

int main(int argc, char **argv)
{
    struct node_config config = {0};
    const struct node_config_start start = {
        .argc = argc, .argv = argv, .out = stdout, .err = stderr};
    int exit_code = NODE_CONFIG_EXIT_INTERNAL;
    if (confine() < 0) {
        perror("mesh-node: the process can't be confined");
        return exit_code;
    }
    if (node_config_load(&config, &start, &exit_code) == 0)
        exit_code = serve(&config);
    node_config_done(&config);
    return exit_code;
}
