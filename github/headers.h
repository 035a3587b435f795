/* The fields of one HTTP message, in order, duplicates kept. Names compare without case. */
#ifndef GITHUB_HEADERS_H
#define GITHUB_HEADERS_H

#include <stddef.h>

#include "base/check.h"
#include "base/slice.h"
#include "github/limits.h"

struct github_header {
    struct slice name, value;
};

struct github_headers_chunk;

struct github_headers {
    struct github_header list[GITHUB_HEADERS_MAX];
    size_t count;
    size_t bytes;                        /* of all names and values */
    struct github_headers_chunk *chunks; /* copies, at addresses that stay */
};

void github_headers_init(struct github_headers *self);
void github_headers_done(struct github_headers *self);

/* Adds a copy of the field. -EMSGSIZE at GITHUB_HEADERS_MAX, GITHUB_HEADERS_BYTES_MAX or
 * GITHUB_HEADER_VALUE_MAX; -ENOMEM; nothing is added then. */
int github_headers_add(struct github_headers *self, struct slice name,
                       struct slice value) MUST_CHECK;

/* Adds the field without copying: both slices must outlive self. -EMSGSIZE as above. */
int github_headers_borrow(struct github_headers *self, struct slice name,
                          struct slice value) MUST_CHECK;

/* Copies every field of other into self (which may already hold some). Errors as add; self then
 * holds some of them. */
int github_headers_copy(struct github_headers *self, const struct github_headers *other) MUST_CHECK;

/* Drops all fields of that name. */
void github_headers_remove(struct github_headers *self, const char *name);

/* The first value of that name; data is NULL when there is none. */
struct slice github_headers_find(const struct github_headers *self, const char *name);

/* How many fields have that name. */
size_t github_headers_count(const struct github_headers *self, const char *name);

/* Whether a comma-separated field such as Vary or Connection has that element, without case. */
bool github_headers_lists(const struct github_headers *self, const char *name, const char *element);

#endif
