/* The canonical name of what a GET asks for, and its 32 bytes. */
#ifndef GITHUB_KEY_H
#define GITHUB_KEY_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/check.h"
#include "base/slice.h"
#include "github/limits.h"

struct github_key_parts {
    struct slice upstream;       /* "https://api.github.com", no trailing slash */
    struct slice path, query;    /* of the target, raw */
    struct slice representation; /* folded Accept */
    struct slice api_version;    /* X-GitHub-Api-Version, may be empty */
};

/* Appends "<upstream><path>[?<query>]\n<representation>\n<api version>" to text, the parameters
 * sorted by name, equal names kept in order, nothing else changed. The errors of the buffer are
 * left in it; -EMSGSIZE over GITHUB_QUERY_PARAMETERS_MAX. */
int github_key_write(const struct github_key_parts *parts, struct buffer *text) MUST_CHECK;

/* BLAKE2b-256 of the text, keyed with the fleet's secret (GITHUB_SECRET_SIZE bytes). */
void github_key_hash(struct slice text, const uint8_t *secret, uint8_t ret[static GITHUB_KEY_SIZE]);

/* The key of the copy that belongs to one token: for routes whose answers differ per token. */
void github_key_bind(const uint8_t key[static GITHUB_KEY_SIZE],
                     const uint8_t token_id[static GITHUB_TOKEN_ID_SIZE],
                     uint8_t ret[static GITHUB_KEY_SIZE]);

/* The URL part of a key text, without upstream: path and sorted query. */
struct slice github_key_target(struct slice text, struct slice upstream);

#endif
