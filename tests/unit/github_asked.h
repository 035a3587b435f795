/* One question, made from a few words: for tests of what takes a question and nothing more. */
#ifndef TESTS_UNIT_GITHUB_ASKED_H
#define TESTS_UNIT_GITHUB_ASKED_H

#include "github/question.h"
#include "github_world.h"

struct asked {
    struct github_headers headers;
    char authorization[ASKER_FIELD_MAX];
    struct github_request request;
    struct github_question question;
    int result; /* of github_question_init */
};

/* Needs asked_done. */
static inline void asked_init(struct asked *self, const struct world *world,
                              const struct asker_request *request)
{
    struct slice lines = slice_of(request->fields);
    github_headers_init(&self->headers);
    if (request->token) {
        snprintf(self->authorization, sizeof self->authorization, "Bearer %s", request->token);
        assert_int_equal(github_headers_borrow(&self->headers, slice_of("Authorization"),
                                               slice_of(self->authorization)),
                         0);
    }
    while (lines.size > 0) {
        struct slice line = slice_next(&lines, '\n');
        const struct slice name = slice_next(&line, ':');
        assert_int_equal(github_headers_borrow(&self->headers, name, slice_trim(line)), 0);
    }
    self->request = (struct github_request){
        .method = slice_of(request->method ? request->method : "GET"),
        .target = slice_of(request->target),
        .headers = &self->headers,
        .base = slice_of(request->base),
        .rewrites_body = request->rewrites_body,
        .body_size = request->body_size,
    };
    self->result = github_question_init(&self->question, world->github, &self->request);
}

static inline void asked_done(struct asked *self)
{
    github_question_done(&self->question);
    github_headers_done(&self->headers);
}

/* A GET without anything else. */
static inline void asked_get(struct asked *self, const struct world *world, const char *token,
                             const char *target)
{
    const struct asker_request request = {.target = target, .token = token};
    asked_init(self, world, &request);
    assert_int_equal(self->result, 0);
}

static inline void expect_slice(struct slice got, const char *text)
{
    assert_int_equal(got.size, strlen(text));
    if (got.size > 0)
        assert_memory_equal(got.data, text, got.size);
}

static inline void add_field(struct github_headers *headers, const char *name, const char *value)
{
    assert_int_equal(github_headers_borrow(headers, slice_of(name), slice_of(value)), 0);
}

#endif
