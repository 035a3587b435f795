/* Entries are made here and nowhere else. */
#include "github/keep.h"

#include <errno.h>
#include <string.h>

#include "github/alias.h"
#include "github/digest.h"
#include "github/facts.h"
#include "github/link.h"
#include "github/lookup.h"
#include "github/state.h"
#include "store/store.h"

enum {
    PER_PAGE_DEFAULT = 30,
    PER_PAGE_MAX = 100,
    REPOSITORIES_MAX = 100, /* whose visibility is taken from one answer */
};

void github_keep_done(struct github_kept *self)
{
    store_item_release(&self->item);
}

static struct slice find(const struct github_keep_answer *answer, const char *name)
{
    return github_headers_find(answer->headers, name);
}

/* --- What an answer teaches --- */

static void learn_access(struct github *github, const struct github_question *question,
                         int64_t now_ms)
{
    const struct github_access_subject subject = {
        .token_id = question->token_id,
        .scope_id = question->scope_id,
        .permission = question->match.route->permission,
    };
    if (!question->is_anonymous)
        github_access_prove(github->access, &subject, now_ms);
    else /* what GitHub gives to nobody in particular is public */
        github_access_set_public(github->access, question->public_id, true, now_ms);
}

static void learn_repositories(struct github *github, const struct github_facts *facts,
                               int64_t now_ms)
{
    struct github_facts_repository list[REPOSITORIES_MAX];
    const size_t count = github_facts_repositories(facts, list, REPOSITORIES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct slice name = list[i].full_name;
        const struct slice owner = slice_next(&name, '/');
        uint8_t scope[GITHUB_SCOPE_ID_SIZE];
        github_route_repository_scope(owner, name, scope);
        github_access_set_public(github->access, scope, list[i].is_public, now_ms);
        if (list[i].id)
            github_alias_learn(github->alias, list[i].id, owner, name);
    }
}

/* GitHub's Link of /repos/o/r/... names the repository by its number: the pages after the first
 * belong to the same repository. */
static void learn_alias(struct github *github, const struct github_question *question,
                        const struct github_keep_answer *answer)
{
    const struct github_route_match *match = &question->match;
    const struct slice next = github_link_find(find(answer, "Link"), slice_of("next"));
    if (!next.data || !match->owner.data || !match->repository.data || match->repository_id)
        return;
    const struct slice path = slice_starts_with(next, slice_of(github->upstream))
                                  ? slice_skip(next, strlen(github->upstream))
                                  : next;
    const uint64_t id = github_link_repository_id(path);
    if (id)
        github_alias_learn(github->alias, id, match->owner, match->repository);
}

static bool is_full_page(const struct github_question *question,
                         const struct github_keep_answer *answer, const struct github_facts *facts)
{
    uint64_t per_page = github_link_parameter(question->target.query, "per_page", PER_PAGE_DEFAULT);
    if (per_page == 0 || per_page > PER_PAGE_MAX)
        per_page = PER_PAGE_MAX;
    const int64_t items = github_facts_items(facts);
    return items > 0 && (uint64_t)items >= per_page &&
           !github_link_find(find(answer, "Link"), slice_of("next")).data;
}

/* Facts are believed of GitHub's own JSON only: a file that somebody wrote comes as
 * application/vnd.github.raw+json, and may say anything about any repository. */
static bool is_own_json(const struct github_question *question,
                        const struct github_keep_answer *answer)
{
    struct slice type = find(answer, "Content-Type");
    return slice_equals_nocase(slice_trim(slice_next(&type, ';')), slice_of("application/json")) &&
           !slice_contains_nocase(slice_of(question->representation), slice_of("raw"));
}

static uint16_t learn_body(struct github *github, const struct github_question *question,
                           const struct github_keep_answer *answer, int64_t now_ms)
{
    uint16_t flags = 0;
    if (answer->status != 200 || !is_own_json(question, answer))
        return 0;
    struct github_facts *facts = github_facts_read(answer->body);
    if (!facts)
        return 0;
    learn_repositories(github, facts, now_ms);
    if (is_full_page(question, answer, facts))
        flags |= GITHUB_ENTRY_FULL_PAGE;
    if (github_facts_is_completed(facts))
        flags |= GITHUB_ENTRY_COMPLETED;
    github_facts_destroy(&facts);
    return flags;
}

/* --- The ETag --- */

/* Of all Vary fields together. */
static unsigned vary_of(const struct github_headers *headers)
{
    unsigned vary = 0;
    size_t count = 0;
    for (size_t i = 0; i < headers->count; i++) {
        if (!slice_equals_nocase(headers->list[i].name, slice_of("Vary")))
            continue;
        vary |= github_etag_vary(headers->list[i].value);
        count++;
    }
    return count ? vary : github_etag_vary((struct slice){.data = NULL, .size = 0});
}

/* The canary: whether the received ETag is the one that the recipe makes. */
static bool follows_recipe(struct github *github, const struct github_question *question,
                           const struct github_keep_answer *answer, unsigned vary)
{
    const struct github_etag_request request = {
        .accept = slice_of(question->representation),
        .authorization = question->authorization,
        .vary = vary,
    };
    uint8_t received[GITHUB_ETAG_SIZE], computed[GITHUB_ETAG_SIZE];
    const struct slice field = find(answer, "ETag");
    if (!field.data || answer->status != 200)
        return false;
    bool matches = false;
    if (github_etag_parse(field, received) == 0) {
        github_etag_compute(&request, answer->body, computed);
        matches = memcmp(received, computed, sizeof received) == 0;
    }
    github_canary_note(github->canary, matches);
    if (!matches)
        github_counters_add(&github->counters, GITHUB_COUNTER_etag_mismatches);
    return matches;
}

/* Where the recipe does not hold, this token's own ETag has to do. But one that came with a body
 * that was altered on its way would confirm that body for ever: while the recipe holds elsewhere,
 * the same ETag must have come with the same body before. */
static bool is_consistent(struct github *github, const struct github_question *question,
                          const struct github_keep_answer *answer, int64_t now_ms)
{
    struct github_access_etag before;
    uint8_t content[GITHUB_CONTENT_SIZE], etag[GITHUB_ETAG_SIZE];
    if (answer->status != 200 || !find(answer, "ETag").data || !github_canary_holds(github->canary))
        return true;
    if (github_etag_parse(find(answer, "ETag"), etag) < 0)
        return true; /* of another form, so it is never remembered either */
    github_digest_content(answer->body.data, answer->body.size, content);
    return github_access_get_etag(github->access, question->token_id, question->key, now_ms,
                                  &before) &&
           memcmp(before.etag, etag, sizeof etag) == 0 &&
           memcmp(before.content, content, sizeof content) == 0;
}

static void remember_etag(struct github *github, const struct github_question *question,
                          const struct github_keep_answer *answer, const uint8_t *content,
                          int64_t now_ms)
{
    struct github_access_etag etag;
    if (github_etag_parse(find(answer, "ETag"), etag.etag) < 0)
        return;
    memcpy(etag.content, content, sizeof etag.content);
    github_access_put_etag(github->access, question->token_id, question->key, &etag, now_ms);
}

/* --- Entries --- */

static int keep_fields(const struct github_keep_answer *answer, const struct github_entry *before,
                       struct github_entry *entry)
{
    int r = 0;
    github_headers_init(&entry->headers);
    for (size_t i = 0; r == 0 && i < answer->headers->count; i++) {
        const struct github_header *field = &answer->headers->list[i];
        const char *name = github_entry_keeps(field->name);
        if (name)
            r = github_headers_borrow(&entry->headers, slice_of(name), field->value);
    }
    /* RFC 9111, 4.3.4: a 304 replaces the fields that it carries, the others stay. */
    for (size_t i = 0; r == 0 && before && i < before->headers.count; i++) {
        const struct github_header *field = &before->headers.list[i];
        const char *name = github_entry_keeps(field->name);
        if (name && !find(answer, name).data)
            r = github_headers_borrow(&entry->headers, slice_of(name), field->value);
    }
    return r;
}

static uint32_t ttl_s(const struct github_question *question, const struct github_entry *entry)
{
    uint64_t poll_interval_s = 0;
    if (!slice_to_u64(github_headers_find(&entry->headers, "X-Poll-Interval"), UINT32_MAX,
                      &poll_interval_s))
        poll_interval_s = 0;
    return github_policy_ttl_s(&question->match, entry->flags, poll_interval_s);
}

static int64_t keep_until_ms(const struct github *github, const struct github_entry *entry)
{
    const int64_t ttl_ms = (int64_t)entry->ttl_s * 1000 / github->options.time_scale;
    return entry->validated_ms + ttl_ms + (int64_t)GITHUB_KEEP_S * 1000;
}

/* Bodies that anybody may read lie on disk as they are, all others sealed. */
static unsigned record_flags(struct github *github, const struct github_question *question,
                             enum github_share share, int64_t now_ms)
{
    if (share == GITHUB_SHARE_PUBLIC ||
        (share == GITHUB_SHARE_SCOPE &&
         github_access_is_public(github->access, question->public_id, now_ms)))
        return 0;
    return STORE_RECORD_SEALED;
}

static int finish(struct store_item *item, struct github_kept *ret_kept)
{
    size_t size;
    const void *meta = store_item_meta(item, &size);
    ret_kept->item = item;
    const int r = github_entry_decode(meta, size, &ret_kept->entry);
    CHECK(r == 0);
    return 0;
}

static int put_new(struct github *github, const struct github_question *question,
                   const struct github_keep_answer *answer, const struct github_entry *entry,
                   int64_t now_ms, struct github_kept *ret_kept)
{
    struct buffer meta;
    struct store_item *item = NULL;
    uint8_t content[GITHUB_CONTENT_SIZE];
    const bool is_bound = answer->share == GITHUB_SHARE_TOKEN;
    github_digest_content(answer->body.data, answer->body.size, content);
    remember_etag(github, question, answer, content, now_ms);
    buffer_init(&meta, STORE_META_MAX);
    int r = github_entry_encode(entry, &meta);
    if (r == 0) {
        const struct store_record record = {
            .key = is_bound ? question->bound : question->key,
            .content = content,
            .meta = meta.data,
            .meta_size = meta.size,
            .body = answer->body.data,
            .body_size = answer->body.size,
            .keep_until_ms = keep_until_ms(github, entry),
            .flags = record_flags(github, question, answer->share, now_ms),
        };
        r = store_put(github->options.store, &record, now_ms, &item);
    }
    /* Another token's first request begins with what this one got. */
    const struct store_label label = {meta.data, meta.size, keep_until_ms(github, entry)};
    if (r == 0 && is_bound)
        r = store_share(github->options.store, item, question->key, &label, now_ms, NULL);
    buffer_done(&meta);
    if (r < 0) {
        store_item_release(&item);
        return r;
    }
    return finish(item, ret_kept);
}

static bool may_store(const struct github_question *question,
                      const struct github_keep_answer *answer, unsigned vary)
{
    const struct github_cache_control control = github_cache_control_parse(
        find(answer, "Cache-Control"), (struct slice){.data = NULL, .size = 0});
    return !control.no_store && github_policy_may_store(question->match.route, answer->status, vary,
                                                        find(answer, "Set-Cookie").data != NULL);
}

/* Not kept this time; what came is remembered, to be compared with what comes next. */
static int refrain(struct github *github, const struct github_question *question,
                   const struct github_keep_answer *answer, int64_t now_ms)
{
    uint8_t content[GITHUB_CONTENT_SIZE];
    github_digest_content(answer->body.data, answer->body.size, content);
    remember_etag(github, question, answer, content, now_ms);
    github_counters_add(&github->counters, GITHUB_COUNTER_unstored);
    return -ENOTSUP;
}

static void note_contradiction(struct github *github, const struct github_keep_answer *answer,
                               struct github_entry *entry)
{
    if (!answer->is_contrary)
        return;
    github_counters_add(&github->counters, GITHUB_COUNTER_contradictions);
    if (entry->contradictions < UINT8_MAX)
        entry->contradictions++;
}

int github_keep_new(struct github *github, const struct github_question *question,
                    const struct github_keep_answer *answer, int64_t now_ms,
                    struct github_kept *ret_kept)
{
    const unsigned vary = vary_of(answer->headers);
    const bool is_portable = follows_recipe(github, question, answer, vary);
    if (!answer->is_framed && !is_portable)
        return -EPROTO;
    learn_access(github, question, now_ms);
    learn_alias(github, question, answer);
    if (!may_store(question, answer, vary) ||
        (!is_portable && !is_consistent(github, question, answer, now_ms)))
        return refrain(github, question, answer, now_ms);
    struct github_entry entry = {
        .text = buffer_slice(&question->text),
        .status = (uint16_t)answer->status,
        .flags = learn_body(github, question, answer, now_ms),
        .vary = (uint8_t)vary,
        .contradictions = answer->contradictions,
        .validated_ms = answer->sent_ms,
        .fetched_ms = answer->sent_ms,
    };
    if (is_portable)
        entry.flags |= GITHUB_ENTRY_PORTABLE;
    if (question->is_anonymous)
        entry.flags |= GITHUB_ENTRY_ANONYMOUS;
    note_contradiction(github, answer, &entry);
    int r = keep_fields(answer, NULL, &entry);
    if (r == 0) {
        entry.ttl_s = ttl_s(question, &entry);
        r = put_new(github, question, answer, &entry, now_ms, ret_kept);
    }
    return r;
}

int github_keep_renewed(struct github *github, const struct github_question *question,
                        const struct github_keep_answer *answer, const struct github_kept *before,
                        int64_t now_ms, struct github_kept *ret_kept)
{
    struct github_entry renewed = before->entry;
    struct store_item *renewed_item = NULL;
    struct buffer meta;
    const uint8_t *key = answer->share == GITHUB_SHARE_TOKEN ? question->bound : question->key;
    learn_access(github, question, now_ms);
    learn_alias(github, question, answer);
    remember_etag(github, question, answer, store_item_content(before->item), now_ms);

    renewed.validated_ms = answer->sent_ms;
    if (answer->is_agreeing)
        renewed.contradictions = 0;
    if (github_link_find(find(answer, "Link"), slice_of("next")).data)
        renewed.flags &= (uint16_t)~GITHUB_ENTRY_FULL_PAGE;
    int r = keep_fields(answer, &before->entry, &renewed);
    buffer_init(&meta, STORE_META_MAX);
    if (r == 0) {
        renewed.ttl_s = ttl_s(question, &renewed);
        r = github_entry_encode(&renewed, &meta);
    }
    const struct store_label label = {meta.data, meta.size, keep_until_ms(github, &renewed)};
    if (r == 0)
        r = store_share(github->options.store, before->item, key, &label, now_ms, &renewed_item);
    buffer_done(&meta);
    return r < 0 ? r : finish(renewed_item, ret_kept);
}

/* Any refusal ends what was proved for this token, repository and permission. */
void github_keep_withdraw(struct github *github, const struct github_question *question)
{
    struct github_access_subject subject = {
        .token_id = question->token_id,
        .scope_id = question->scope_id,
        .permission = question->match.route->permission,
    };
    enum github_permission either[2];
    github_route_alternatives(subject.permission, either);
    github_access_withdraw(github->access, &subject);
    subject.scope_id = question->repository_id;
    for (size_t i = 0; i < 2; i++) {
        subject.permission = either[i];
        github_access_withdraw(github->access, &subject);
    }
}

void github_keep_refused(struct github *github, const struct github_question *question,
                         const struct github_keep_answer *answer, int64_t now_ms)
{
    const int status = answer->status;
    if (status != 401 && status != 403 && status != 404)
        return;
    if (github_budget_is_limit(status, answer->headers, answer->body))
        return;
    github_keep_withdraw(github, question);
    /* A 404 from before a write may be wrong by now. */
    if (status == 404 && github_lookup_dirty_ms(github, question, now_ms) < answer->sent_ms)
        github_negative_put(github->negative, question->token_id, question->key, answer->body.data,
                            answer->body.size, now_ms);
}
