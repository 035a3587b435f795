/* Which representation an Accept value asks GitHub for. */
#ifndef GITHUB_ACCEPT_H
#define GITHUB_ACCEPT_H

#include <stddef.h>

#include "base/check.h"
#include "base/slice.h"
#include "github/limits.h"

/* Writes the canonical Accept, terminated: what stands in the key and what is sent upstream. All
 * spellings of GitHub's plain JSON (absent, empty, the wildcard, application/json,
 * application/vnd.github+json, with or without a version, a charset parameter or a weight) become
 * "application/vnd.github+json"; a media type with a suffix (raw, html, text, full, object, sha,
 * diff, patch, star, text-match ...) becomes "application/vnd.github.<suffix>" or, for the JSON
 * ones, "application/vnd.github.<suffix>+json"; anything else is kept, lower case, blanks removed.
 * Elements of a list keep their order, and weights other than 1 where not all of them are plain
 * JSON. -EBADMSG for what can't be folded safely (quoted strings, control characters, blanks inside
 * an element); -EMSGSIZE over GITHUB_REPRESENTATION_MAX. */
int github_accept_fold(struct slice accept,
                       char ret[static GITHUB_REPRESENTATION_MAX + 1]) MUST_CHECK;

#endif
