/* Paths in settings: defaults that depend on the user and the environment, "~/", relative paths. */
#ifndef NODE_CONFIG_PATH_H
#define NODE_CONFIG_PATH_H

#include "base/slice.h"
#include "node/config.h"

/* The word that switches a path's thing off. */
#define NODE_CONFIG_PATH_NONE "none"

/* Makes a path as given absolute: "~/" is the home folder, a relative path starts at the working
 * folder. Empty and "none" stay. The caller frees *ret_path. -ENOENT when no home is known, -errno
 * of getcwd(3). */
int node_config_path_absolute(struct slice text, char **ret_path) MUST_CHECK;

/* Chooses from a default's alternatives, separated by '|', the first that can be used: ${NAME} is a
 * variable of the environment that holds an absolute path (for XDG_RUNTIME_DIR: to a folder of this
 * user, as the XDG specification demands), ${section.key} is a setting that is resolved already.
 * Otherwise like node_config_path_absolute. */
int node_config_path_default(const struct node_config *config, const char *alternatives,
                             char **ret_path) MUST_CHECK;

#endif
