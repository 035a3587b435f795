/* Store and policy, put together for one question. */
#include "github/lookup.h"

#include "github/clock.h"
#include "github/state.h"
#include "store/store.h"

/* Finds the record of key and decodes it; a record of another version or of another request with
 * the same hash counts as absent. */
static struct store_item *find(struct github *github, const struct github_question *question,
                               const uint8_t *key, int64_t now_ms, struct github_entry *ret_entry)
{
    struct store_item *item = NULL;
    if (store_get(github->options.store, key, now_ms, &item) < 0)
        return NULL;
    size_t size;
    const void *meta = store_item_meta(item, &size);
    if (github_entry_decode(meta, size, ret_entry) < 0 ||
        !slice_equals(ret_entry->text, buffer_slice(&question->text)))
        store_item_release(&item);
    return item;
}

static void find_bound(struct github_lookup *self, struct github *github,
                       const struct github_question *question, int64_t now_ms)
{
    struct github_entry other_entry;
    self->input.share = GITHUB_SHARE_TOKEN;
    if (!self->item)
        self->item = find(github, question, question->key, now_ms, &other_entry);
    self->other = self->item;
    self->item = find(github, question, question->bound, now_ms, &self->entry);
}

static void find_item(struct github_lookup *self, struct github *github,
                      const struct github_question *question, int64_t now_ms)
{
    const enum github_share share = question->match.route->share;
    self->input.share = share;
    if (share == GITHUB_SHARE_NEVER || !question->is_get || question->is_bypassed)
        return;
    if (share != GITHUB_SHARE_TOKEN)
        self->item = find(github, question, question->key, now_ms, &self->entry);
    if (self->item)
        self->contradictions = self->entry.contradictions;
    if (share == GITHUB_SHARE_TOKEN || self->contradictions >= GITHUB_CONTRADICTIONS_MAX)
        find_bound(self, github, question, now_ms);
}

int64_t github_lookup_dirty_ms(struct github *github, const struct github_question *question,
                               int64_t now_ms)
{
    const int64_t soiled_ms = github_access_soiled_ms(github->access, question->token_id, now_ms);
    int64_t marked_ms = github_tombstone_ms(github->tombstone, question->named_path, now_ms);
    if (question->named_path.data != question->target.path.data) {
        const int64_t by_id_ms =
            github_tombstone_ms(github->tombstone, question->target.path, now_ms);
        marked_ms = by_id_ms > marked_ms ? by_id_ms : marked_ms;
    }
    return soiled_ms > marked_ms ? soiled_ms : marked_ms;
}

static bool has_proof(struct github *github, const struct github_question *question,
                      const uint8_t *scope_id, enum github_permission permission, int64_t now_ms)
{
    const struct github_access_subject subject = {
        .token_id = question->token_id,
        .scope_id = scope_id,
        .permission = permission,
    };
    return github_access_is_proved(github->access, &subject, now_ms);
}

static bool is_proved(struct github *github, const struct github_question *question, int64_t now_ms)
{
    const enum github_permission permission = question->match.route->permission;
    enum github_permission either[2];
    if (question->is_anonymous)
        return false;
    if (has_proof(github, question, question->scope_id, permission, now_ms))
        return true;
    if (github_route_reach(permission) != GITHUB_REACH_EITHER)
        return false;
    github_route_alternatives(permission, either);
    return has_proof(github, question, question->repository_id, either[0], now_ms) ||
           has_proof(github, question, question->repository_id, either[1], now_ms);
}

static void fill_input(struct github_lookup *self, struct github *github,
                       const struct github_question *question, int64_t now_ms)
{
    struct github_policy_input *input = &self->input;
    input->route = question->match.route;
    input->entry = self->item ? &self->entry : NULL;
    input->client = question->control;
    input->is_get = question->is_get;
    input->is_bypassed =
        question->is_bypassed || github_table_get(github->oversize, question->key, now_ms, NULL);
    input->is_anonymous = question->is_anonymous;
    input->is_proved = input->share == GITHUB_SHARE_TOKEN || is_proved(github, question, now_ms);
    input->is_public = github_access_is_public(github->access, question->public_id, now_ms);
    input->dirty_ms = github_lookup_dirty_ms(github, question, now_ms);
    input->time_scale = github->options.time_scale;
}

void github_lookup_make(struct github_lookup *self, struct github *github,
                        const struct github_question *question, int64_t since_ms, int64_t now_ms)
{
    self->item = NULL;
    self->other = NULL;
    self->contradictions = 0;
    find_item(self, github, question, now_ms);
    fill_input(self, github, question, now_ms);
    int64_t judged_ms = now_ms;
    if (self->item && self->entry.validated_ms >= since_ms) {
        const struct github_cache_control none = github_cache_control_parse(
            (struct slice){.data = NULL, .size = 0}, (struct slice){.data = NULL, .size = 0});
        self->input.client = none;
        judged_ms = self->entry.validated_ms;
    }
    self->decision = github_policy_decide(&self->input, judged_ms);
}

void github_lookup_done(struct github_lookup *self)
{
    store_item_release(&self->item);
    store_item_release(&self->other);
}

void github_lookup_move(struct github_lookup *self, struct github_lookup *other)
{
    *self = *other;
    self->input.entry = self->item ? &self->entry : NULL;
    other->item = NULL;
    other->other = NULL;
    other->input.entry = NULL;
}
