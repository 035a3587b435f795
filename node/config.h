/* The settings of one node: from the command line, the environment, a file and defaults, in that
 * order of precedence, validated before anything uses them. What settings exist is config.def's. */
#ifndef NODE_CONFIG_H
#define NODE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/check.h"
#include "node/address.h"
#include "node/config_error.h"
#include "node/config_row.h"

#define NODE_CONFIG_FIELD_BOOL bool
#define NODE_CONFIG_FIELD_U32 uint32_t
#define NODE_CONFIG_FIELD_U64 uint64_t
#define NODE_CONFIG_FIELD_SIZE uint64_t
#define NODE_CONFIG_FIELD_DURATION uint32_t
#define NODE_CONFIG_FIELD_TEXT char *
#define NODE_CONFIG_FIELD_PATH char *
#define NODE_CONFIG_FIELD_SECRET char *
#define NODE_CONFIG_FIELD_CHOICE int
#define NODE_CONFIG_FIELD_ADDRESS struct node_address

/* How a join token begins. */
#define NODE_CONFIG_TOKEN_PREFIX "rmt1."

/* The words of mesh.trust in their order; log.level and log.format have theirs in log.h. */
enum node_config_trust { NODE_CONFIG_TRUST_FLEET, NODE_CONFIG_TRUST_VERIFY };

/* Where a setting came from; a later one wins. */
enum node_config_origin {
    NODE_CONFIG_ORIGIN_DEFAULT,
    NODE_CONFIG_ORIGIN_FILE,
    NODE_CONFIG_ORIGIN_LEGACY, /* a variable of the system that RunMesh replaces */
    NODE_CONFIG_ORIGIN_ENVIRONMENT,
    NODE_CONFIG_ORIGIN_COMMAND_LINE,
};

struct node_config_given {
    char *text; /* as given; NULL with ORIGIN_DEFAULT */
    enum node_config_origin origin;
};

/* Fields are named section_key: config.http_listen, config.store_max_bytes, ... The owner calls
 * node_config_done; all bytes zero is a valid empty value. */
struct node_config {
#define CONFIG(section, key, type, ...) NODE_CONFIG_FIELD_##type section##_##key;
#include "node/config.def"
#undef CONFIG
    struct node_config_given given[NODE_CONFIG_COUNT];
    char *file; /* --config, or NULL */
};

/* What the program was started with, beside its environment. A secret given literally is
 * overwritten in argv and in the environment, so that nobody reads it in /proc. */
struct node_config_start {
    int argc;
    char **argv;
    FILE *out; /* gets what --help and --print-... print */
    FILE *err; /* gets warnings and the one line of an error */
};

/* Loads the settings into *self, which must be all zero. 0: go on. Otherwise everything has been
 * said and *ret_exit is the program's exit code: 0 after --help and the like, 64 for wrong usage,
 * 78 for a bad setting, 70 when memory is short; self holds nothing then. */
int node_config_load(struct node_config *self, const struct node_config_start *start,
                     int *ret_exit) MUST_CHECK;

void node_config_done(struct node_config *self);

struct node_config_changes {
    size_t count;
    const struct node_config_row *rows[NODE_CONFIG_COUNT]; /* row->apply says what happens */
};

/* Reads the file again, all or nothing. *ret_next, all zero before, is a complete new value that
 * the caller owns: rows that SIGHUP applies have their new values, the others keep the running
 * ones. ret_changes lists both kinds. Negative errno with *ret_error filled: nothing has changed.
 */
int node_config_reload(const struct node_config *self, struct node_config *ret_next,
                       struct node_config_changes *ret_changes,
                       struct node_config_error *ret_error) MUST_CHECK;

/* Notes one setting from one origin; of two origins the later kind wins, of equal ones the later
 * call. -ENOMEM. */
int node_config_give(struct node_config *self, const struct node_config_row *row, struct slice text,
                     enum node_config_origin origin) MUST_CHECK;

#endif
