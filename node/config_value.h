/* The syntax of settings by type: text to field and back. */
#ifndef NODE_CONFIG_VALUE_H
#define NODE_CONFIG_VALUE_H

#include "base/buffer.h"
#include "node/config.h"

enum {
    NODE_CONFIG_TEXT_MAX = 1024,   /* bytes of a text or path */
    NODE_CONFIG_SECRET_MAX = 8192, /* bytes */
};

/* Reads text by the row's type into its field; paths are taken as they are (config_path.h makes
 * them absolute). -EINVAL: not of that form; -ERANGE: out of the row's limits; -ENOMEM. On failure
 * the field keeps its value. */
int node_config_value_set(struct node_config *config, const struct node_config_row *row,
                          struct slice text) MUST_CHECK;

/* Writes the field as a user would; node_config_value_set reads it back. A literal secret is
 * written in full: callers that show it must not. */
void node_config_value_format(const struct node_config *config, const struct node_config_row *row,
                              struct buffer *out);

/* Writes what the row accepts, as the end of "give ...". */
void node_config_value_expect(const struct node_config_row *row, struct buffer *out);

/* Frees what the field holds, and wipes a secret. */
void node_config_value_done(struct node_config *config, const struct node_config_row *row);

#endif
