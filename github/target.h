/* The raw request target, before anyone decoded it: checked, split, never changed. */
#ifndef GITHUB_TARGET_H
#define GITHUB_TARGET_H

#include <stdbool.h>

#include "base/check.h"
#include "base/slice.h"

struct github_target {
    struct slice path;  /* begins with '/'; without the /api/v3 prefix; bytes as received */
    struct slice query; /* after '?', bytes as received; data is NULL without '?' */
    bool api_v3;        /* the target was below /api/v3 */
};

/* Splits raw, which is borrowed by the result. "/api/graphql" becomes "/graphql"; an absolute form
 * ("http://host/path", RFC 9112 3.2.2) is taken by its path, and ret_host gets its authority
 * (empty otherwise). -EBADMSG: no leading '/', a control character, space, byte from 0x7f up,
 * backslash, '#', a malformed percent escape, credentials in an absolute form; in the path also an
 * escaped control character or backslash and a "." or ".." segment in any spelling (%2e, %2f). In
 * the query those are data: a search for a backslash is one. -EMSGSIZE: over GITHUB_TARGET_MAX. */
int github_target_parse(struct slice raw, struct github_target *ret_target,
                        struct slice *ret_host) MUST_CHECK;

#endif
