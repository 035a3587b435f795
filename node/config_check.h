/* What settings must mean, beyond the syntax of their types. */
#ifndef NODE_CONFIG_CHECK_H
#define NODE_CONFIG_CHECK_H

#include "node/config.h"

/* Judges settings that have their values: forms, lengths, readable files. An upstream's trailing
 * slash is dropped. -EINVAL with *ret_error filled at the first that is wrong. */
int node_config_check_values(struct node_config *config,
                             struct node_config_error *ret_error) MUST_CHECK;

/* Writes what a user should know though it is no error, a line each, without line ends of its own
 * in a value. */
void node_config_check_warn(const struct node_config *config, FILE *out);

#endif
