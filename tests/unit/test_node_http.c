/* The HTTP front with real connections: heads, bodies both ways, and the end of it all. */
#include "node/http.h"

#include "github_world.h"
#include "http_client.h"

#include "node/admin.h"
#include "node/log.h"

static const char issues[] = "/repos/o/r/issues";
static const char issues_body[] = "[{\"number\":1}]";

enum { REQUEST_MAX = 32 * 1024, LARGE = 24 * 1024 * 1024 };

struct front {
    struct world *world;
    struct node_log *log;
    struct node_admin admin;
    struct node_http *http;
    int fd;
    uint16_t port;
};

static int setup(void **state)
{
    struct front *self = test_calloc(1, sizeof *self);
    void *world = NULL;
    assert_int_equal(world_setup(&world), 0);
    self->world = world;
    const struct node_log_options log = {.fd = STDERR_FILENO, .level = NODE_LOG_ERROR};
    assert_int_equal(node_log_new(&log, &self->log), 0);
    self->admin.github = self->world->github;
    self->admin.store = self->world->store;
    self->admin.peer_id = self->admin.region = "x";
    self->admin.upstream = self->world->upstream.url;
    self->fd = http_client_listen(&self->port);
    assert_true(self->fd >= 0);
    const struct node_http_options options = {
        .github = self->world->github,
        .admin = &self->admin,
        .log = self->log,
        .tcp = self->fd,
        .unix_socket = -1,
        .upstream = self->world->upstream.url,
        .hosts = "runner.internal",
        .rewrite_for = "PyGithub",
        .workers = 2,
        .connections_max = 64,
    };
    assert_int_equal(node_http_new(&options, &self->http), 0);
    *state = self;
    return 0;
}

/* In the order in which a node ends. */
static int teardown(void **state)
{
    struct front *self = *state;
    void *world = self->world;
    if (self->http) {
        node_http_quiesce(self->http);
        github_shut(self->world->github);
    }
    node_http_destroy(&self->http);
    close(self->fd);
    node_log_destroy(&self->log);
    const int r = world_teardown(&world);
    test_free(self);
    return r;
}

/* Sends the text with "Connection: close" in its head, reads the answer to its end. */
static int exchange(const struct front *front, const char *text, struct buffer *answer)
{
    const int fd = http_client_connect(front->port);
    assert_true(fd >= 0);
    buffer_init(answer, HTTP_CLIENT_ANSWER_MAX);
    assert_true(http_client_send(fd, text, strlen(text)));
    assert_true(http_client_read(fd, answer));
    close(fd);
    return http_client_status(answer);
}

static void expect(const struct front *front, const char *text, int status)
{
    struct buffer answer;
    assert_int_equal(exchange(front, text, &answer), status);
    buffer_done(&answer);
}

/* A GET of the issues by alice, with more lines in its head. */
static int get(const struct front *front, const char *lines, struct buffer *answer)
{
    char text[REQUEST_MAX];
    snprintf(text, sizeof text,
             "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
             "Authorization: Bearer alice\r\n%s\r\n",
             issues, lines);
    return exchange(front, text, answer);
}

/* --- Heads --- */

#define CLOSE "Connection: close\r\n\r\n"

static void test_ambiguous_and_malformed_heads_are_refused(void **state)
{
    expect(*state, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n" CLOSE, 400);
    expect(*state, "GET / HTTP/1.1\r\n" CLOSE, 400);
    expect(*state,
           "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: a\r\nAuthorization: b\r\n" CLOSE,
           400);
    expect(*state, "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization:\r\n" CLOSE, 400);
    expect(*state, "GET /repos/../x HTTP/1.1\r\nHost: localhost\r\n" CLOSE, 400);
    expect(*state,
           "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
           "Transfer-Encoding: chunked\r\n" CLOSE,
           400);
}

static void test_only_our_own_names_are_answered_for(void **state)
{
    struct front *front = *state;
    world_put(front->world, "/meta", "{}", NULL);

    expect(front, "GET /meta HTTP/1.1\r\nHost: 127.0.0.1:80\r\n" CLOSE, 200);
    expect(front, "GET /meta HTTP/1.1\r\nHost: [::1]\r\n" CLOSE, 200);
    expect(front, "GET /meta HTTP/1.1\r\nHost: API.github.com\r\n" CLOSE, 200);
    expect(front, "GET /meta HTTP/1.1\r\nHost: runner.internal\r\n" CLOSE, 200);
    expect(front, "GET /meta HTTP/1.1\r\nHost: evil.example\r\n" CLOSE, 421);
    expect(front, "GET http://evil.example/meta HTTP/1.1\r\nHost: localhost\r\n" CLOSE, 421);
    expect(front, "GET /meta HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n" CLOSE, 421);
}

static void test_methods_of_proxies_are_not_known(void **state)
{
    expect(*state, "TRACE / HTTP/1.1\r\nHost: localhost\r\n" CLOSE, 405);
    expect(*state, "BREW / HTTP/1.1\r\nHost: localhost\r\n" CLOSE, 405);
}

static void test_a_field_over_its_limit_is_refused(void **state)
{
    char lines[GITHUB_HEADER_VALUE_MAX + 64];
    struct buffer answer;
    const int size = snprintf(lines, sizeof lines, "X-Long: ");
    memset(lines + size, 'x', GITHUB_HEADER_VALUE_MAX + 1);
    snprintf(lines + size + GITHUB_HEADER_VALUE_MAX + 1, 3, "\r\n");

    assert_int_equal(get(*state, lines, &answer), 431);
    buffer_done(&answer);
}

/* However it is spelt, an admin path does not leave the node. */
static void test_admin_paths_are_never_forwarded(void **state)
{
    struct front *front = *state;

    expect(front, "GET /-/live HTTP/1.1\r\nHost: localhost\r\n" CLOSE, 200);
    expect(front, "GET http://localhost/-/live HTTP/1.1\r\nHost: localhost\r\n" CLOSE, 200);
    expect(front, "GET /api/v3/-/live HTTP/1.1\r\nHost: localhost\r\n" CLOSE, 200);
    expect(front, "GET /-/absent HTTP/1.1\r\nHost: localhost\r\n" CLOSE, 404);
    expect(front, "POST /-/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" CLOSE, 405);

    assert_int_equal(world_asked(front->world), 0);
}

static void test_an_admin_body_over_its_limit_is_refused(void **state)
{
    static char text[64 * 1024];
    const int size = snprintf(text, sizeof text,
                              "POST /-/invalidate HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 17000\r\n" CLOSE);
    memset(text + size, ' ', 17000);

    expect(*state, text, 413);
}

/* --- Answers --- */

static void test_a_body_is_coded_for_those_who_take_it_so(void **state)
{
    struct front *front = *state;
    static char body[4096];
    struct buffer answer;
    memset(body, 'x', sizeof body - 1);
    world_put(front->world, issues, body, "alice");

    assert_int_equal(get(front, "Accept-Encoding: br, gzip\r\n", &answer), 200);
    assert_non_null(strcasestr(answer.data, "Content-Encoding: gzip"));
    assert_non_null(strcasestr(answer.data, "ETag: W/\""));
    assert_non_null(strcasestr(answer.data, "Vary: Accept-Encoding"));
    buffer_done(&answer);
    assert_int_equal(get(front, "Accept-Encoding: *, gzip;q=0\r\n", &answer), 200);
    assert_null(strcasestr(answer.data, "Content-Encoding"));
    assert_non_null(strcasestr(answer.data, "Vary: Accept-Encoding"));
    assert_string_equal(http_client_body(&answer), body);
    buffer_done(&answer);
    assert_int_equal(get(front, "Accept-Encoding: *;q=0, gzip\r\n", &answer), 200);
    assert_non_null(strcasestr(answer.data, "Content-Encoding: gzip"));
    buffer_done(&answer);
    assert_int_equal(get(front, "", &answer), 200);
    assert_null(strcasestr(answer.data, "Content-Encoding"));
    buffer_done(&answer);
}

static void test_a_head_has_the_fields_of_its_get_and_no_body(void **state)
{
    struct front *front = *state;
    struct buffer answer;
    world_put(front->world, issues, issues_body, NULL);

    assert_int_equal(
        exchange(front, "HEAD /repos/o/r/issues HTTP/1.1\r\nHost: localhost\r\n" CLOSE, &answer),
        200);
    assert_non_null(strcasestr(answer.data, "Content-Length: 14\r\n"));
    assert_string_equal(http_client_body(&answer), "");
    buffer_done(&answer);
    assert_int_equal(upstream_server_count(&front->world->upstream, "GET /repos/o/r/issues"), 1);
}

static void test_pages_stay_on_the_node(void **state)
{
    struct front *front = *state;
    struct buffer answer;
    char fields[128];
    snprintf(fields, sizeof fields, "Link: <%s/repositories/1/issues?page=2>; rel=\"next\"\r\n",
             front->world->upstream.url);
    const struct upstream_resource page = {.target = issues, .body = "[]", .fields = fields};
    upstream_server_put(&front->world->upstream, &page);

    assert_int_equal(get(front, "", &answer), 200);
    assert_non_null(
        strstr(answer.data, "Link: <http://localhost/repositories/1/issues?page=2>; rel=\"next\""));
    buffer_done(&answer);
}

/* --- Bodies --- */

static char *large_body(void)
{
    char *body = malloc(LARGE);
    assert_non_null(body);
    memset(body, 'x', LARGE);
    return body;
}

static int upload(const struct front *front, struct buffer *answer)
{
    char head[256];
    char *body = large_body();
    const int fd = http_client_connect(front->port);
    const int size = snprintf(head, sizeof head,
                              "POST /repos/o/r/issues HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: %d\r\n" CLOSE,
                              LARGE);
    buffer_init(answer, HTTP_CLIENT_ANSWER_MAX);
    assert_true(http_client_send(fd, head, (size_t)size));
    assert_true(http_client_send(fd, body, LARGE));
    assert_true(http_client_read(fd, answer));
    close(fd);
    free(body);
    return http_client_status(answer);
}

static void test_a_large_body_goes_up_to_its_last_byte(void **state)
{
    struct front *front = *state;
    struct buffer answer;
    const struct upstream_resource resource = {.target = "POST /repos/o/r/issues", .body = "{}"};
    upstream_server_put(&front->world->upstream, &resource);

    assert_int_equal(upload(front, &answer), 200);
    assert_int_equal(front->world->upstream.bodies[0], LARGE);
    buffer_done(&answer);
}

/* Whatever is left in which buffer on the way when GitHub begins to read. */
static void test_bodies_of_all_sizes_go_up_to_a_github_that_is_late(void **state)
{
    enum { STEP = 96 * 1024, SIZE_MAX_SENT = 5 * 1024 * 1024 };
    struct front *front = *state;
    char *body = large_body();
    const struct upstream_resource resource = {.target = "POST /repos/o/r/issues", .body = "{}"};
    upstream_server_put(&front->world->upstream, &resource);
    for (size_t body_size = STEP; body_size < SIZE_MAX_SENT; body_size += STEP) {
        char head[256];
        struct buffer answer;
        const size_t asked = world_asked(front->world);
        const int fd = http_client_connect(front->port);
        const int size = snprintf(head, sizeof head,
                                  "POST /repos/o/r/issues HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Length: %zu\r\n" CLOSE,
                                  body_size);
        upstream_server_hold(&front->world->upstream, UPSTREAM_HOLD_HEADS);
        assert_true(http_client_send(fd, head, (size_t)size));
        ssize_t sent = send(fd, body, body_size, MSG_NOSIGNAL | MSG_DONTWAIT);
        assert_true(upstream_server_await(&front->world->upstream, asked + 1));
        world_settle(front->world);
        upstream_server_hold(&front->world->upstream, 0);
        assert_true(http_client_send(fd, body + sent, body_size - (size_t)sent));
        buffer_init(&answer, HTTP_CLIENT_ANSWER_MAX);
        assert_true(http_client_read(fd, &answer));
        assert_int_equal(http_client_status(&answer), 200);
        buffer_done(&answer);
        close(fd);
    }
    free(body);
}

static void test_a_refusal_before_the_body_is_read_reaches_the_client(void **state)
{
    struct front *front = *state;
    struct buffer answer;
    const struct upstream_resource resource = {
        .target = "POST /repos/o/r/issues", .body = "{}", .status = 401, .is_early = true};
    upstream_server_put(&front->world->upstream, &resource);

    assert_int_equal(upload(front, &answer), 401);
    buffer_done(&answer);
}

static void test_a_large_answer_comes_down_to_its_last_byte(void **state)
{
    struct front *front = *state;
    struct buffer answer;
    char *body = large_body();
    const struct upstream_resource resource = {
        .target = "POST /repos/o/r/issues", .body = body, .body_size = LARGE};
    upstream_server_put(&front->world->upstream, &resource);

    assert_int_equal(exchange(front,
                              "POST /repos/o/r/issues HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 0\r\n" CLOSE,
                              &answer),
                     200);
    assert_int_equal(answer.size - (size_t)(http_client_body(&answer) - answer.data), LARGE);
    buffer_done(&answer);
    free(body);
}

/* --- The end --- */

static void test_the_end_finds_a_client_in_the_middle_of_a_stream(void **state)
{
    struct front *front = *state;
    struct buffer answer;
    char block[4096];
    const struct upstream_resource resource = {
        .target = "POST /repos/o/r/issues", .body = "[1,2]", .pause_at = 2};
    upstream_server_put(&front->world->upstream, &resource);
    upstream_server_hold(&front->world->upstream, UPSTREAM_HOLD_BODIES);
    const int fd = http_client_connect(front->port);
    static const char text[] = "POST /repos/o/r/issues HTTP/1.1\r\nHost: localhost\r\n"
                               "Content-Length: 0\r\n" CLOSE;
    buffer_init(&answer, HTTP_CLIENT_ANSWER_MAX);
    assert_true(http_client_send(fd, text, strlen(text)));
    while (!answer.data || strcmp(http_client_body(&answer), "[1") != 0) {
        const ssize_t size = recv(fd, block, sizeof block, 0);
        assert_true(size > 0);
        buffer_put(&answer, block, (size_t)size);
    }

    node_http_quiesce(front->http);
    github_shut(front->world->github);
    node_http_destroy(&front->http);

    http_client_read(fd, &answer);
    assert_string_equal(http_client_body(&answer), "[1");
    close(fd);
    buffer_done(&answer);
}

enum { CROWD = 16 };

/* Asks for something new again and again on one connection until that ends. */
static void *ask_until_the_end(void *cls)
{
    const struct front *front = cls;
    char text[256], block[4096];
    const int fd = http_client_connect(front->port);
    for (int i = 0; fd >= 0; i++) {
        const int size = snprintf(text, sizeof text,
                                  "GET /repos/o/r/issues?q=%d.%d HTTP/1.1\r\nHost: localhost\r\n"
                                  "Authorization: Bearer alice\r\n\r\n",
                                  fd, i);
        if (!http_client_send(fd, text, (size_t)size) || recv(fd, block, sizeof block, 0) <= 0)
            break;
    }
    close(fd);
    return NULL;
}

static void test_the_end_finds_clients_that_go_on_asking(void **state)
{
    struct front *front = *state;
    pthread_t threads[CROWD];
    for (size_t i = 0; i < CROWD; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_until_the_end, front), 0);
    assert_true(upstream_server_await(&front->world->upstream, 20 * CROWD));

    node_http_quiesce(front->http);
    github_shut(front->world->github);
    node_http_destroy(&front->http);

    for (size_t i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
}

#define FRONT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRONT_TEST(test_ambiguous_and_malformed_heads_are_refused),
        FRONT_TEST(test_only_our_own_names_are_answered_for),
        FRONT_TEST(test_methods_of_proxies_are_not_known),
        FRONT_TEST(test_a_field_over_its_limit_is_refused),
        FRONT_TEST(test_admin_paths_are_never_forwarded),
        FRONT_TEST(test_an_admin_body_over_its_limit_is_refused),
        FRONT_TEST(test_a_body_is_coded_for_those_who_take_it_so),
        FRONT_TEST(test_a_head_has_the_fields_of_its_get_and_no_body),
        FRONT_TEST(test_pages_stay_on_the_node),
        FRONT_TEST(test_a_large_body_goes_up_to_its_last_byte),
        FRONT_TEST(test_bodies_of_all_sizes_go_up_to_a_github_that_is_late),
        FRONT_TEST(test_a_refusal_before_the_body_is_read_reaches_the_client),
        FRONT_TEST(test_a_large_answer_comes_down_to_its_last_byte),
        FRONT_TEST(test_the_end_finds_a_client_in_the_middle_of_a_stream),
        FRONT_TEST(test_the_end_finds_clients_that_go_on_asking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
