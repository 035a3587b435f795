/* The command line and the environment as sources of settings. */
#ifndef NODE_CONFIG_ARGS_H
#define NODE_CONFIG_ARGS_H

#include "node/config.h"

/* What the program was asked to do instead of serving. */
enum node_config_action {
    NODE_CONFIG_ACTION_RUN,
    NODE_CONFIG_ACTION_HELP,
    NODE_CONFIG_ACTION_VERSION,
    NODE_CONFIG_ACTION_PRINT_CONFIG,
    NODE_CONFIG_ACTION_PRINT_MAN,
};

/* Gives config what the command line says and overwrites literal secrets in argv. -EINVAL with
 * *ret_error filled for wrong usage. */
int node_config_args_read(struct node_config *config, int argc, char **argv,
                          enum node_config_action *ret_action,
                          struct node_config_error *ret_error) MUST_CHECK;

/* Gives config the variables of the environment; an empty one counts as unset. A literal secret is
 * overwritten and its variable removed. -ENOMEM. */
int node_config_args_read_environment(struct node_config *config) MUST_CHECK;

#endif
