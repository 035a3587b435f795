/* Borrowed text: a pointer and a length, not terminated. A slice owns nothing and lives as long as
 * the bytes that it points into. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
    const char *data; /* may be NULL when size is 0 */
    size_t size;      /* bytes */
};

/* A slice over a terminated string; NULL gives the empty slice. */
struct slice slice_of(const char *text);

bool slice_is_empty(struct slice self);

bool slice_equals(struct slice self, struct slice other);

/* The same, with ASCII letters compared without case (RFC 9110, 5.1: field names). */
bool slice_equals_nocase(struct slice self, struct slice other);

bool slice_starts_with(struct slice self, struct slice prefix);

bool slice_ends_with(struct slice self, struct slice suffix);

/* Whether the needle occurs anywhere; ASCII letters without case. An empty needle does. */
bool slice_contains_nocase(struct slice self, struct slice needle);

/* Without leading and trailing spaces and tabs (RFC 9110, 5.6.3: OWS). */
struct slice slice_trim(struct slice self);

/* From byte at to the end; empty when at is beyond it. */
struct slice slice_skip(struct slice self, size_t at);

/* Takes the part before the separator off the front of *self and returns it. Without a separator
 * that is all, and *self becomes empty with data NULL, so `while (rest.data)` visits every part,
 * empty ones included. */
struct slice slice_next(struct slice *self, char separator);

/* Reads decimal digits only, nothing else before or after. False on anything else or on a value
 * above max; *ret_value is then left alone. */
bool slice_to_u64(struct slice self, uint64_t max, uint64_t *ret_value);

/* A terminated copy for the caller to free, or NULL when memory is short. */
char *slice_copy(struct slice self);

#endif
