/* What the node knows of a stored answer besides its body: the meta block of a store record. */
#ifndef GITHUB_ENTRY_H
#define GITHUB_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/check.h"
#include "base/slice.h"
#include "github/etag.h"
#include "github/headers.h"
#include "github/limits.h"

/* The end of the year 9999: no time of an entry is later, none is before 1970. */
#define GITHUB_ENTRY_TIME_MAX_MS INT64_C(253402300799999)

enum github_entry_flags {
    GITHUB_ENTRY_PORTABLE = 1 << 0,  /* its ETag followed the recipe: any token can revalidate it */
    GITHUB_ENTRY_FULL_PAGE = 1 << 1, /* a list as long as its page, without a next one */
    GITHUB_ENTRY_COMPLETED = 1 << 2, /* its run or job has ended */
    GITHUB_ENTRY_ANONYMOUS = 1 << 3, /* GitHub gave it to a client without token */
};

struct github_entry {
    struct slice text;      /* canonical key text; compared on every read */
    uint16_t status;        /* 200, 301 or 308 */
    uint16_t flags;         /* enum github_entry_flags */
    uint8_t vary;           /* enum github_vary, of the response, no unknown field */
    uint8_t contradictions; /* times that a token was given another body while this one was fresh */
    uint32_t ttl_s;
    int64_t validated_ms; /* Unix time at which the request was sent whose answer said so */
    int64_t fetched_ms;   /* Unix time at which the body was last transferred */
    struct github_headers headers; /* those of kept_headers.def that the answer had */
};

/* Writes the block. -EMSGSIZE or -ENOMEM as the buffer noted. Fields that are not kept, or that
 * hold a control character, are left out; an entry that github_policy_may_store forbids is a bug.
 */
int github_entry_encode(const struct github_entry *entry, struct buffer *out) MUST_CHECK;

/* Reads a block; slices and headers are borrowed from it. -EBADMSG on any byte that encode would
 * not have written; *ret_entry is then undefined. Needs no github_headers_done. */
int github_entry_decode(const void *data, size_t size, struct github_entry *ret_entry) MUST_CHECK;

/* The fields that GitHub's Vary names in an answer to such a client: one to a token also varies by
 * Authorization, whoever got the entry's. */
unsigned github_entry_vary(const struct github_entry *entry, bool is_anonymous);

/* Whether a response field is kept: its canonical name, or NULL. */
const char *github_entry_keeps(struct slice name);

#endif
