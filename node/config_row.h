/* The table of settings as data: what config.def says, and finding a row by any of its names. */
#ifndef NODE_CONFIG_ROW_H
#define NODE_CONFIG_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum node_config_type {
    NODE_CONFIG_BOOL,     /* bool: yes or no */
    NODE_CONFIG_U32,      /* uint32_t */
    NODE_CONFIG_U64,      /* uint64_t */
    NODE_CONFIG_SIZE,     /* uint64_t, bytes: 512M, 1G */
    NODE_CONFIG_DURATION, /* uint32_t, seconds: 300, 5m, 1h */
    NODE_CONFIG_TEXT,     /* char *, never NULL */
    NODE_CONFIG_PATH,     /* char *, absolute, or empty, or "none" */
    NODE_CONFIG_SECRET,   /* char *, "@/absolute/file" or the secret itself; never shown */
    NODE_CONFIG_CHOICE,   /* int: place of the word among the row's */
    NODE_CONFIG_ADDRESS,  /* struct node_address */
};

enum node_config_apply {
    NODE_CONFIG_RESTART, /* takes a restart */
    NODE_CONFIG_RELOAD,  /* SIGHUP applies it at once */
};

/* One constant for each row, in the table's order. */
enum node_config_id {
#define CONFIG(section, key, ...) NODE_CONFIG_##section##_##key,
#include "node/config.def"
#undef CONFIG
    NODE_CONFIG_COUNT
};

enum { NODE_CONFIG_NAME_SIZE = 64 }; /* room for a key or a variable and its zero byte */

struct node_config_row {
    const char *key; /* "http.listen" */
    const char *fallback;
    uint64_t minimum, maximum;
    const char *unit, *option, *metavar, *legacy, *prose; /* option and legacy may be NULL */
    enum node_config_type type;
    enum node_config_apply apply;
    size_t offset; /* of the field in struct node_config */
};

/* The row of an id below NODE_CONFIG_COUNT. */
const struct node_config_row *node_config_row_at(size_t id);

size_t node_config_row_id(const struct node_config_row *self);

/* By "http.listen", or by "--listen"; NULL when there is none. */
const struct node_config_row *node_config_row_find_key(struct slice key);
const struct node_config_row *node_config_row_find_option(struct slice option);

/* "RUNMESH_HTTP_LISTEN" */
void node_config_row_variable(const struct node_config_row *self,
                              char ret[static NODE_CONFIG_NAME_SIZE]);

#endif
