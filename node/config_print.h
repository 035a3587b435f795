/* What the table says, in the forms that people read. */
#ifndef NODE_CONFIG_PRINT_H
#define NODE_CONFIG_PRINT_H

#include <stdio.h>

#include "node/config.h"

/* The text of --help. */
void node_config_print_help(FILE *out);

/* The settings as a configuration file, the prose as comments; a literal secret is left out.
 * -ENOMEM.
 */
int node_config_print_file(const struct node_config *config, FILE *out) MUST_CHECK;

#endif
