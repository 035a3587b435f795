/* The admin side of a node without its front: asked directly, by the node's own user or by a
 * stranger. */
#ifndef TESTS_UNIT_TEST_NODE_OFFICE_H
#define TESTS_UNIT_TEST_NODE_OFFICE_H

#include <sys/socket.h>

#include "github_world.h"
#include "node/admin.h"

struct office {
    struct world *world;
    struct node_admin admin;
    int own[2]; /* a unix socket whose other end is this process */
};

static inline int office_setup(void **state)
{
    struct office *self = test_calloc(1, sizeof *self);
    void *world = NULL;
    assert_int_equal(world_setup(&world), 0);
    self->world = world;
    self->admin.github = self->world->github;
    self->admin.store = self->world->store;
    self->admin.peer_id = "12D3KooWtest";
    self->admin.region = "de\"fault";
    self->admin.upstream = self->world->upstream.url;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, self->own), 0);
    *state = self;
    return 0;
}

static inline int office_teardown(void **state)
{
    struct office *self = *state;
    void *world = self->world;
    close(self->own[0]);
    close(self->own[1]);
    const int r = world_teardown(&world);
    test_free(self);
    return r;
}

#define OFFICE_TEST(name) cmocka_unit_test_setup_teardown(name, office_setup, office_teardown)

struct office_request {
    const char *method; /* NULL: GET */
    const char *target;
    const char *fields; /* "Name: value", one a line */
    const char *body;
    bool is_stranger;
};

/* Asks; the answer needs github_answer_done. */
static inline int office_ask(struct office *self, const struct office_request *request,
                             struct github_answer *answer)
{
    struct github_headers headers;
    struct slice lines = slice_of(request->fields);
    github_headers_init(&headers);
    while (lines.size > 0) {
        struct slice line = slice_next(&lines, '\n');
        const struct slice name = slice_next(&line, ':');
        assert_int_equal(github_headers_borrow(&headers, name, slice_trim(line)), 0);
    }
    const struct node_admin_request asked = {
        .method = slice_of(request->method ? request->method : "GET"),
        .target = slice_of(request->target),
        .headers = &headers,
        .body = slice_of(request->body),
        .fd = request->is_stranger ? -1 : self->own[0],
    };
    node_admin_answer(&self->admin, &asked, answer);
    github_headers_done(&headers);
    return answer->status;
}

static inline void office_expect(struct office *self, const struct office_request *request,
                                 int status)
{
    struct github_answer answer;
    assert_int_equal(office_ask(self, request, &answer), status);
    github_answer_done(&answer);
}

#endif
