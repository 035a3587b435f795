/* Metrics out of the same counters as the statistics. */
#include "node/metrics.h"

#include <inttypes.h>

#include "base/slice.h"
#include "github/clock.h"
#include "github/github.h"
#include "node/admin.h"
#include "node/stats.h"
#include "store/store.h"

struct metric {
    const char *name, *type, *help;
    uint64_t value;
};

static void put(struct buffer *out, const struct metric *metric)
{
    buffer_put_format(out, "# HELP runmesh_%s %s\n# TYPE runmesh_%s %s\nrunmesh_%s %" PRIu64 "\n",
                      metric->name, metric->help, metric->name, metric->type, metric->name,
                      metric->value);
}

static void put_counters(const struct node_admin *admin, struct buffer *out)
{
    const struct github_counters *counters = github_get_counters(admin->github);
    for (int i = 0; i < GITHUB_COUNTERS_COUNT; i++) {
        const enum github_counter counter = (enum github_counter)i;
        const struct slice name = slice_of(github_counters_name(counter));
        const char *suffix = slice_ends_with(name, slice_of("_total")) ? "" : "_total";
        buffer_put_format(out, "# HELP runmesh_%s%s %s\n# TYPE runmesh_%s%s counter\n", name.data,
                          suffix, github_counters_help(counter), name.data, suffix);
        buffer_put_format(out, "runmesh_%s%s %" PRIu64 "\n", name.data, suffix,
                          github_counters_get(counters, counter));
    }
}

static void put_store(const struct node_admin *admin, struct buffer *out)
{
    struct store_counts counts = {0};
    if (admin->store)
        store_counts(admin->store, &counts);
    const struct metric metrics[] = {
        {"store_entries", "gauge", "Answers in the store", counts.entries},
        {"store_bodies", "gauge", "Bodies in the store", counts.bodies},
        {"store_bytes", "gauge", "Bytes of the data file in use", counts.bytes},
        {"store_commits_total", "counter", "Batches committed", counts.commits},
        {"store_writes_total", "counter", "Writes committed", counts.writes},
        {"store_evictions_total", "counter", "Answers that left for room", counts.evictions},
        {"store_expirations_total", "counter", "Answers that ran out", counts.expirations},
        {"store_dropped_total", "counter", "Writes given up", counts.dropped},
        {"store_damaged_total", "counter", "Records that failed their checksum", counts.damaged},
        {"store_quarantines_total", "counter", "Data files set aside", counts.quarantines},
        {"store_degraded", "gauge", "1 while the disk can't be written", counts.degraded},
        {"hot_entries", "gauge", "Answers in memory", counts.hot_entries},
        {"hot_bytes", "gauge", "Bytes of answers in memory", counts.hot_bytes},
        {"hot_hits_total", "counter", "Lookups that memory answered", counts.hot_hits},
        {"hot_misses_total", "counter", "Lookups that went to disk", counts.hot_misses},
    };
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        put(out, &metrics[i]);
}

void node_metrics_write(const struct node_admin *admin, struct buffer *out)
{
    const int64_t uptime_ms = github_clock_ms() - admin->started_ms;
    struct github_access_counts tables;
    github_get_access_counts(admin->github, &tables);
    const struct metric metrics[] = {
        {"proofs", "gauge", "Access proofs in memory", tables.proofs},
        {"public_repositories", "gauge", "Repositories seen public lately", tables.publics},
        {"dirty_tokens", "gauge", "Tokens that wrote lately", tables.soiled},
        {"etags", "gauge", "ETags in memory", tables.etags},
        {"tables_full_total", "counter", "Entries that left a full table early", tables.full},
        {"api_calls_saved_total", "counter", "Requests that cost no quota",
         node_stats_saved(admin)},
        {"etag_model_ok", "gauge", "1 while GitHub's ETags follow the recipe",
         github_etag_model_holds(admin->github)},
        {"uptime_seconds", "gauge", "Seconds since the start",
         uptime_ms > 0 ? (uint64_t)(uptime_ms / 1000) : 0},
    };
    put_counters(admin, out);
    put_store(admin, out);
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        put(out, &metrics[i]);
    buffer_put_format(out,
                      "# HELP runmesh_build_info Version of the running program\n"
                      "# TYPE runmesh_build_info gauge\nrunmesh_build_info{version=\"%s\"} 1\n",
                      RUNMESH_VERSION);
}
