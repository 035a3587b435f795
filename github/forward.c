/* Lists of fields, and the copying of messages by them. */
#include "github/forward.h"

#include <stdbool.h>

#include "github/entry.h"
#include "github/link.h"

/* Both directions: about one connection, or made anew by the libraries on either side. */
static const char *const hop_by_hop[] = {
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Content-Length",
};

static const char *const not_upstream[] = {
    "Host",      "Expect",          "X-Gh-Cache-Ttl",       "Via",
    "Forwarded", "X-Forwarded-For", "X-RunMesh-Validation",
};

/* Fields of GitHub's that the node makes itself for every client. */
static const char *const synthesised[] = {
    "ETag",
    "Age",
    "Cache-Status",
    "X-From-Cache",
    "Content-Encoding",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Used",
    "X-RateLimit-Reset",
    "X-RateLimit-Resource",
};

static bool is_listed(struct slice name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equals_nocase(name, slice_of(list[i])))
            return true;
    return false;
}

#define IS_LISTED(name, list) is_listed(name, list, sizeof(list) / sizeof(list)[0])

/* A field named in Connection belongs to the hop, too. */
static bool is_hop(const struct github_headers *headers, struct slice name)
{
    if (IS_LISTED(name, hop_by_hop))
        return true;
    struct slice rest = github_headers_find(headers, "Connection");
    while (rest.data)
        if (slice_equals_nocase(slice_trim(slice_next(&rest, ',')), name))
            return true;
    return false;
}

int github_forward_canonical(const struct github_question *question,
                             struct github_headers *ret_headers)
{
    int r =
        github_headers_borrow(ret_headers, slice_of("Accept"), slice_of(question->representation));
    if (r == 0 && question->authorization.data)
        r = github_headers_borrow(ret_headers, slice_of("Authorization"), question->authorization);
    if (r == 0 && question->api_version.data)
        r = github_headers_borrow(ret_headers, slice_of("X-GitHub-Api-Version"),
                                  question->api_version);
    return r;
}

int github_forward_request(const struct github_question *question,
                           struct github_headers *ret_headers)
{
    const struct github_headers *headers = question->request->headers;
    int r = 0;
    for (size_t i = 0; r == 0 && i < headers->count; i++) {
        const struct github_header *field = &headers->list[i];
        if (!is_hop(headers, field->name) && !IS_LISTED(field->name, not_upstream))
            r = github_headers_borrow(ret_headers, field->name, field->value);
    }
    return r;
}

int github_forward_field(const struct github_question *question, const char *upstream,
                         const struct github_header *field, struct github_headers *ret_headers)
{
    const struct slice base = question->request->base;
    const bool is_link = slice_equals_nocase(field->name, slice_of("Link"));
    const bool is_location = slice_equals_nocase(field->name, slice_of("Location"));
    if (!base.data || (!is_link && !is_location))
        return github_headers_add(ret_headers, field->name, field->value);

    /* A stand-in upstream may name itself or the API that it stands in for. */
    void (*move)(struct slice, struct slice, struct slice, struct buffer *) =
        is_link ? github_link_rewrite : github_link_rewrite_url;
    struct buffer half, moved;
    buffer_init(&half, GITHUB_HEADER_VALUE_MAX);
    buffer_init(&moved, GITHUB_HEADER_VALUE_MAX);
    move(field->value, slice_of(upstream), base, &half);
    move(buffer_slice(&half), slice_of(GITHUB_LINK_PUBLIC), base, &moved);
    int r = half.error ? half.error : moved.error;
    if (r == 0)
        r = github_headers_add(ret_headers, field->name, buffer_slice(&moved));
    buffer_done(&half);
    buffer_done(&moved);
    return r;
}

int github_forward_response(const struct github_question *question, const char *upstream,
                            const struct github_headers *response,
                            struct github_headers *ret_headers)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < response->count; i++)
        if (!is_hop(response, response->list[i].name))
            r = github_forward_field(question, upstream, &response->list[i], ret_headers);
    return r;
}

int github_forward_own(const struct github_headers *response, struct github_headers *ret_headers)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < response->count; i++) {
        const struct github_header *field = &response->list[i];
        if (!is_hop(response, field->name) && !IS_LISTED(field->name, synthesised) &&
            !github_entry_keeps(field->name))
            r = github_headers_add(ret_headers, field->name, field->value);
    }
    return r;
}
