/* The manual page mesh-node(8). */
#ifndef NODE_CONFIG_MAN_H
#define NODE_CONFIG_MAN_H

#include <stdio.h>

/* Writes the page in mdoc(7). */
void node_config_man_print(FILE *out);

#endif
