/* Whether a data file is built as LMDB 0.9 builds one and holds our tables: every page in use
 * reached once, none of them free, all offsets inside their page, keys in order and of the right
 * size. LMDB itself follows whatever it finds, so a file must pass here before LMDB may open it.
 * What the records say is not looked at: they have checksums of their own. */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

/* The tables of a data file, in the order of their names in image.c. */
enum store_table_id {
    STORE_TABLE_ENTRIES, /* key -> entry record */
    STORE_TABLE_BODIES,  /* row, piece -> part of a body record */
    STORE_TABLE_REFS,    /* row -> number of entries that have this body */
    STORE_TABLE_EXPIRY,  /* keep until, key -> nothing */
    STORE_TABLE_USE,     /* last use, key -> nothing */
    STORE_TABLE_META,    /* what the file is */
    STORE_TABLES,
};

const char *store_image_table_name(enum store_table_id id);

/* Under the name "schema" in the table of meta; another text there means another layout. */
const char *store_image_schema(void);

/* Looks at the file's bytes. 0, or -EUCLEAN with a text that says what is wrong; -ENOMEM. */
int store_image_check(const uint8_t *data, size_t size, const char **ret_problem) MUST_CHECK;

#endif
