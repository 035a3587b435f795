/* Texts of errors. What they say is the caller's. */
#include "node/config_error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum { FIRST_PRINTABLE = 0x20, DELETE = 0x7f };

int node_config_error_set(struct node_config_error *self, enum node_config_exit exit_code,
                          const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(self->text, sizeof self->text, format, arguments);
    va_end(arguments);
    self->exit_code = exit_code;
    for (char *c = self->text; *c; c++)
        if ((unsigned char)*c < FIRST_PRINTABLE || *c == DELETE)
            *c = '?';
    return exit_code == NODE_CONFIG_EXIT_INTERNAL ? -ENOMEM : -EINVAL;
}

int node_config_error_memory(struct node_config_error *self)
{
    return node_config_error_set(self, NODE_CONFIG_EXIT_INTERNAL,
                                 "out of memory while reading the configuration");
}
