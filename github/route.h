/* What GitHub's GET routes are like, from one table: github/routes.def. */
#ifndef GITHUB_ROUTE_H
#define GITHUB_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "github/limits.h"

/* Who may be given a stored answer. */
enum github_share {
    GITHUB_SHARE_PUBLIC, /* the same for everybody, no proof needed (/meta, /emojis, ...) */
    GITHUB_SHARE_SCOPE,  /* whoever may read the repository or owner with this permission */
    GITHUB_SHARE_TOKEN,  /* the answer differs per token */
    GITHUB_SHARE_NEVER,  /* passed through, never kept */
};

enum github_permission {
#define GITHUB_PERMISSION(name, ...) GITHUB_PERMISSION_##name,
#include "github/permissions.def"
#undef GITHUB_PERMISSION
};

/* What a proof of a permission is about. */
enum github_reach {
    GITHUB_REACH_REPOSITORY,
    GITHUB_REACH_EITHER,
    GITHUB_REACH_KEY,
};

enum github_topic {
    GITHUB_TOPIC_GLOBAL,
    GITHUB_TOPIC_OWNER,
    GITHUB_TOPIC_REPOSITORY,
};

struct github_route {
    const char *name;    /* for logs and metrics */
    const char *pattern; /* see routes.def */
    uint32_t ttl_s;      /* freshness lifetime */
    enum github_share share;
    enum github_permission permission;
    uint32_t stale_max_s; /* past its ttl an entry may be served for so long when GitHub can't be
                             asked; 0: never */
    bool prove;           /* a peer's copy is proved by a 304 before its first use */
    bool immutable;       /* the body can never change */
    enum github_topic topic;
    const char *events; /* webhook events that change it, comma separated; "" for none known */
};

struct github_route_match {
    const struct github_route *route; /* never NULL: the last row matches everything */
    struct slice owner, repository;   /* borrowed from the path; data NULL when it has none */
    uint64_t repository_id;           /* of /repositories/{id}/..., else 0 */
    bool full_sha;                    /* the pattern has a {sha}, so the path names an object */
};

/* The row for a raw path. Segments are compared as received, so an escaped spelling of a known
 * route matches nothing and falls to a last, most careful row. The owner and the repository are set
 * also there, when the path begins with them. */
struct github_route_match github_route_find(struct slice path);

/* What an access proof for this match is about, and what is public or not: the repository
 * (lower-cased owner/name), else the key itself. It is the key also for rows with the permissions
 * RUNNERS and ADMINISTRATION, which a public repository does not open to all, and OTHER, of which
 * nobody knows what else a 200 would prove. Names of the repository may be given by an alias
 * instead of the path. */
void github_route_scope(const struct github_route_match *match,
                        const uint8_t key[static GITHUB_KEY_SIZE],
                        uint8_t ret[static GITHUB_SCOPE_ID_SIZE]);

/* The scope id of one repository; names are compared without case. */
void github_route_repository_scope(struct slice owner, struct slice repository,
                                   uint8_t ret[static GITHUB_SCOPE_ID_SIZE]);

/* All rows, for the tests and the documentation. */
const struct github_route *github_route_table(size_t *ret_count);

enum github_reach github_route_reach(enum github_permission permission);

/* The two permissions of which either opens a row with reach EITHER; the permission itself, twice,
 * for any other. */
void github_route_alternatives(enum github_permission permission,
                               enum github_permission ret[static 2]);

const char *github_route_permission_text(enum github_permission permission);

#endif
