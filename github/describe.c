/* What the admin paths show of the GitHub side. JSON is written by hand: a few flat objects. */
#include "github/describe.h"

#include <errno.h>
#include <inttypes.h>

#include "base/hex.h"
#include "github/clock.h"
#include "github/key.h"
#include "github/lookup.h"
#include "github/state.h"
#include "store/store.h"

void github_describe_budget(struct github *self, struct buffer *out)
{
    github_budget_describe(self->budget, github_clock_ms(), out);
}

static void put_text(struct buffer *out, const char *name, struct slice value)
{
    buffer_put_format(out, "\"%s\":\"", name);
    buffer_put_json(out, value);
    buffer_put_text(out, "\"");
}

/* The text is "<target>\n<representation>\n<version>" behind the upstream. */
static void put_entry(const struct github *self, const struct github_entry *entry,
                      const uint8_t *content, size_t body_size, struct buffer *out)
{
    char hex[2 * GITHUB_CONTENT_SIZE + 1];
    struct slice rest = entry->text;
    slice_next(&rest, '\n');
    const struct slice representation = slice_next(&rest, '\n');
    const int64_t age_ms = github_clock_ms() - entry->validated_ms;
    const int64_t scale = self->options.time_scale;
    hex_encode(content, GITHUB_CONTENT_SIZE, hex);
    buffer_put_char(out, '{');
    put_text(out, "url", github_key_target(entry->text, slice_of(self->upstream)));
    buffer_put_char(out, ',');
    put_text(out, "accept", representation);
    buffer_put_char(out, ',');
    put_text(out, "api_version", rest);
    buffer_put_format(out,
                      ",\"status\":%u,\"bytes\":%zu,\"sha256\":\"%s\",\"age_seconds\":%" PRId64
                      ",\"ttl_seconds\":%" PRIu32 ",\"portable\":%s}",
                      (unsigned)entry->status, body_size, hex,
                      age_ms > 0 ? age_ms * scale / 1000 : 0, entry->ttl_s,
                      entry->flags & GITHUB_ENTRY_PORTABLE ? "true" : "false");
}

static const char *action_text(enum github_action action)
{
    static const char *const texts[] = {
        [GITHUB_ACTION_SERVE] = "serve",   [GITHUB_ACTION_REVALIDATE] = "revalidate",
        [GITHUB_ACTION_FETCH] = "fetch",   [GITHUB_ACTION_PASS] = "pass",
        [GITHUB_ACTION_REFUSE] = "refuse",
    };
    return texts[action];
}

static void put_decision(const struct github *self, const struct github_question *question,
                         const struct github_lookup *lookup, struct buffer *out)
{
    char hex[2 * GITHUB_KEY_SIZE + 1];
    hex_encode(question->key, GITHUB_KEY_SIZE, hex);
    buffer_put_format(out,
                      "{\"key\":\"%s\",\"route\":\"%s\",\"ttl_seconds\":%" PRIu32
                      ",\"permission\":\"%s\",\"decision\":\"%s\",\"entry\":",
                      hex, question->match.route->name, question->match.route->ttl_s,
                      github_route_permission_text(question->match.route->permission),
                      action_text(lookup->decision.action));
    size_t body_size;
    if (lookup->item) {
        store_item_body(lookup->item, &body_size);
        put_entry(self, &lookup->entry, store_item_content(lookup->item), body_size, out);
    } else {
        buffer_put_text(out, "null");
    }
    buffer_put_char(out, '}');
}

int github_describe_key(struct github *self, struct slice target, struct buffer *out)
{
    struct github_headers headers;
    struct github_question question;
    struct github_lookup lookup;
    github_headers_init(&headers);
    const struct github_request request = {
        .method = slice_of("GET"),
        .target = target,
        .headers = &headers,
    };
    int r = github_question_init(&question, self, &request);
    if (r == 0) {
        github_lookup_make(&lookup, self, &question, INT64_MAX, github_clock_ms());
        put_decision(self, &question, &lookup, out);
        r = out->error;
        github_lookup_done(&lookup);
    }
    github_question_done(&question);
    github_headers_done(&headers);
    return r;
}

struct listing {
    struct github *github;
    struct slice prefix;
    struct buffer *out;
    size_t limit, count;
};

static bool list_entry(void *cls, const uint8_t *key, const uint8_t *content, const void *meta,
                       size_t meta_size, size_t body_size)
{
    struct listing *listing = cls;
    struct github_entry entry;
    (void)key;
    if (github_entry_decode(meta, meta_size, &entry) < 0)
        return true;
    const struct slice target = github_key_target(entry.text, slice_of(listing->github->upstream));
    if (!slice_starts_with(target, listing->prefix))
        return true;
    if (listing->count++ > 0)
        buffer_put_char(listing->out, ',');
    put_entry(listing->github, &entry, content, body_size, listing->out);
    return listing->count < listing->limit && !listing->out->error;
}

int github_describe_entries(struct github *self, struct slice prefix, size_t limit,
                            struct buffer *out)
{
    struct listing listing = {.github = self, .prefix = prefix, .out = out, .limit = limit};
    buffer_put_text(out, "{\"entries\":[");
    int r = 0;
    if (limit > 0 && self->options.store)
        r = store_each(self->options.store, list_entry, &listing);
    buffer_put_format(out, "],\"count\":%zu}", listing.count);
    return r < 0 ? r : out->error;
}
