/* Answers of GitHub's, put into the store of a world without asking anybody. */
#ifndef TESTS_UNIT_GITHUB_KEPT_H
#define TESTS_UNIT_GITHUB_KEPT_H

#include "github/clock.h"
#include "github/keep.h"
#include "github/state.h"
#include "github_asked.h"

struct told {
    const char *body;
    const char *fields; /* "Name: value", one a line; Content-Type is JSON unless it is here */
    const char *etag;   /* NULL: by the recipe */
    int status;         /* 0: 200 */
    int64_t age_ms;     /* how long ago the request was sent */
    enum github_share share;
    bool is_cut; /* its end was not marked */
    bool is_contrary;
    uint8_t contradictions;
};

struct kept {
    struct github_headers headers;
    char etag[GITHUB_ETAG_TEXT_SIZE];
    struct github_kept kept;
    int result;
};

static inline struct github_keep_answer told_answer(const struct told *told,
                                                    const struct asked *asked, struct kept *kept)
{
    const struct github_etag_request recipe = {
        .accept = slice_of(asked->question.representation),
        .authorization = asked->question.authorization,
        .vary = GITHUB_VARY_ALL,
    };
    uint8_t etag[GITHUB_ETAG_SIZE];
    struct slice lines = slice_of(told->fields);
    github_headers_init(&kept->headers);
    github_etag_compute(&recipe, slice_of(told->body), etag);
    github_etag_format(etag, kept->etag);
    while (lines.size > 0) {
        struct slice line = slice_next(&lines, '\n');
        const struct slice name = slice_next(&line, ':');
        assert_int_equal(github_headers_borrow(&kept->headers, name, slice_trim(line)), 0);
    }
    add_field(&kept->headers, "ETag", told->etag ? told->etag : kept->etag);
    if (!github_headers_count(&kept->headers, "Content-Type"))
        add_field(&kept->headers, "Content-Type", "application/json; charset=utf-8");
    return (struct github_keep_answer){
        .status = told->status ? told->status : 200,
        .headers = &kept->headers,
        .body = slice_of(told->body),
        .sent_ms = github_clock_ms() - told->age_ms,
        .is_framed = !told->is_cut,
        .is_contrary = told->is_contrary,
        .contradictions = told->contradictions,
        .share = told->share,
    };
}

/* Keeps an answer; needs kept_done. */
static inline void kept_new(struct kept *self, const struct world *world, const struct asked *asked,
                            const struct told *told)
{
    const struct github_keep_answer answer = told_answer(told, asked, self);
    self->kept.item = NULL;
    self->result =
        github_keep_new(world->github, &asked->question, &answer, github_clock_ms(), &self->kept);
}

/* Keeps a 304 to what self holds already. */
static inline void kept_renew(struct kept *self, struct kept *before, const struct world *world,
                              const struct asked *asked, const struct told *told)
{
    const struct github_keep_answer answer = told_answer(told, asked, self);
    self->kept.item = NULL;
    self->result = github_keep_renewed(world->github, &asked->question, &answer, &before->kept,
                                       github_clock_ms(), &self->kept);
}

static inline void kept_done(struct kept *self)
{
    github_keep_done(&self->kept);
    github_headers_done(&self->headers);
}

/* Keeps an answer to a GET and forgets the rest. */
static inline void keep_told(const struct world *world, const char *token, const char *target,
                             const struct told *told)
{
    struct asked asked;
    struct kept kept;
    asked_get(&asked, world, token, target);
    kept_new(&kept, world, &asked, told);
    assert_int_equal(kept.result, 0);
    kept_done(&kept);
    asked_done(&asked);
}

#endif
