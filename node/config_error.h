/* The one line that says what is wrong with a configuration, and the exit code that goes with it.
 */
#ifndef NODE_CONFIG_ERROR_H
#define NODE_CONFIG_ERROR_H

enum {
    NODE_CONFIG_ERROR_SIZE = 512, /* bytes, longer texts are cut */
};

/* sysexits.h's codes. */
enum node_config_exit {
    NODE_CONFIG_EXIT_USAGE = 64,
    NODE_CONFIG_EXIT_INTERNAL = 70,
    NODE_CONFIG_EXIT_CONFIG = 78,
};

struct node_config_error {
    enum node_config_exit exit_code;
    char text[NODE_CONFIG_ERROR_SIZE];
};

/* Writes the text, with control characters replaced so that it stays one line. Returns -EINVAL, or
 * -ENOMEM for EXIT_INTERNAL, so that a caller can return it. */
int node_config_error_set(struct node_config_error *self, enum node_config_exit exit_code,
                          const char *format, ...) __attribute__((format(printf, 3, 4)));

/* EXIT_INTERNAL: out of memory. */
int node_config_error_memory(struct node_config_error *self);

#endif
