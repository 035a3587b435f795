/* Counters of all parts in one object. Scripts rely on their names. */
#include "node/stats.h"

#include <inttypes.h>

#include "base/slice.h"
#include "github/clock.h"
#include "github/describe.h"
#include "github/github.h"
#include "node/admin.h"
#include "store/store.h"

static uint64_t count(const struct node_admin *admin, enum github_counter counter)
{
    return github_counters_get(github_get_counters(admin->github), counter);
}

static uint64_t hits(const struct node_admin *admin)
{
    return count(admin, GITHUB_COUNTER_local_hits) + count(admin, GITHUB_COUNTER_stale_hits) +
           count(admin, GITHUB_COUNTER_negative_hits);
}

uint64_t node_stats_saved(const struct node_admin *admin)
{
    return hits(admin) + count(admin, GITHUB_COUNTER_collapsed) +
           count(admin, GITHUB_COUNTER_upstream_not_modified);
}

static void put_number(struct buffer *out, const char *name, uint64_t value)
{
    buffer_put_format(out, ",\"%s\":%" PRIu64, name, value);
}

static void put_store(const struct node_admin *admin, struct buffer *out)
{
    struct store_counts counts = {0};
    if (admin->store)
        store_counts(admin->store, &counts);
    put_number(out, "cache_entries", counts.entries);
    put_number(out, "cache_bodies", counts.bodies);
    put_number(out, "cache_bytes", counts.bytes);
    put_number(out, "cache_commits", counts.commits);
    put_number(out, "cache_writes", counts.writes);
    put_number(out, "evictions", counts.evictions);
    put_number(out, "expirations", counts.expirations);
    put_number(out, "store_dropped", counts.dropped);
    put_number(out, "store_damaged", counts.damaged);
    put_number(out, "store_quarantines", counts.quarantines);
    put_number(out, "hot_entries", counts.hot_entries);
    put_number(out, "hot_bytes", counts.hot_bytes);
}

static void put_tables(const struct node_admin *admin, struct buffer *out)
{
    struct github_access_counts counts;
    github_get_access_counts(admin->github, &counts);
    put_number(out, "proofs", counts.proofs);
    put_number(out, "public_repositories", counts.publics);
    put_number(out, "dirty_tokens", counts.soiled);
    put_number(out, "etags", counts.etags);
    put_number(out, "tables_full", counts.full);
}

/* The mesh is not there yet: its counters are, and say so. */
static void put_mesh(struct buffer *out)
{
    static const char *const names[] = {"peer_hits", "connected_peers", "announcements_sent",
                                        "announcements_received"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        put_number(out, names[i], 0);
    buffer_put_text(out, ",\"rejected\":{}");
}

void node_stats_write(const struct node_admin *admin, struct buffer *out)
{
    const uint64_t requests = count(admin, GITHUB_COUNTER_requests_total);
    const int64_t uptime_ms = github_clock_ms() - admin->started_ms;
    buffer_put_text(out, "{\"peer_id\":\"");
    buffer_put_json(out, slice_of(admin->peer_id));
    buffer_put_text(out, "\",\"region\":\"");
    buffer_put_json(out, slice_of(admin->region));
    buffer_put_format(out, "\",\"version\":\"%s\",\"uptime_seconds\":%" PRId64, RUNMESH_VERSION,
                      uptime_ms > 0 ? uptime_ms / 1000 : 0);
    for (int i = 0; i < GITHUB_COUNTERS_COUNT; i++)
        put_number(out, github_counters_name((enum github_counter)i),
                   count(admin, (enum github_counter)i));
    const uint64_t answered = hits(admin) + count(admin, GITHUB_COUNTER_collapsed);
    buffer_put_format(out, ",\"hit_rate\":%.4f",
                      requests ? (double)answered / (double)requests : 0.0);
    put_number(out, "api_calls_saved", node_stats_saved(admin));
    put_store(admin, out);
    put_tables(admin, out);
    put_mesh(out);
    buffer_put_text(out, ",\"budget\":");
    github_describe_budget(admin->github, out);
    buffer_put_char(out, '}');
}
