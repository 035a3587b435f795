/* The configuration file: ZPL, the indented "key = value" form that CZMQ reads. */
#ifndef NODE_CONFIG_FILE_H
#define NODE_CONFIG_FILE_H

#include "node/config.h"

enum { NODE_CONFIG_FILE_MAX = 64 * 1024 }; /* bytes */

/* Gives config every setting of the file at config->file. An unreadable file, a line that is no
 * ZPL, a key that is unknown or stands twice: -EINVAL with *ret_error filled. */
int node_config_file_read(struct node_config *config,
                          struct node_config_error *ret_error) MUST_CHECK;

#endif
