/* Checks of a request's head (RFC 9110, 9112), and who we are to the client. */
#include "node/http_request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "github/target.h"
#include "node/admin.h"
#include "node/http_state.h"

static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

/* Fields of which a second one would leave it open which counts. */
static const char *const single[] = {
    "Host", "Authorization", "Content-Length", "Transfer-Encoding", "X-GitHub-Api-Version",
};

static struct node_http_refusal refusal(int status, const char *message, const char *detail)
{
    const struct node_http_refusal made = {status, message, detail};
    return made;
}

static struct node_http_refusal fine(void)
{
    return refusal(0, NULL, NULL);
}

/* RFC 9110, 5.6.2. */
static bool is_token(struct slice text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        const bool is_word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_word && (c == '\0' || !strchr(others, c)))
            return false;
    }
    return text.size > 0;
}

/* RFC 9110, 5.5: visible characters, blanks, and bytes beyond ASCII. */
static bool is_value(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

struct field_reader {
    struct node_http_exchange *exchange;
    struct node_http_refusal refusal;
};

static enum MHD_Result read_field(void *cls, enum MHD_ValueKind kind, const char *name,
                                  size_t name_size, const char *value, size_t value_size)
{
    struct field_reader *reader = cls;
    const struct slice name_slice = {.data = name, .size = name_size};
    /* A field without a value has none to libmicrohttpd; here it is present and empty. */
    const struct slice value_slice = {.data = value ? value : "", .size = value_size};
    (void)kind;
    if (!is_token(name_slice) || !is_value(value_slice))
        reader->refusal = refusal(400, "A header field is malformed.", "malformed");
    else if (github_headers_borrow(&reader->exchange->headers, name_slice, value_slice) < 0)
        reader->refusal = refusal(431, "The request's header fields are too large.", "limit");
    return reader->refusal.status ? MHD_NO : MHD_YES;
}

static struct node_http_refusal read_fields(struct node_http_exchange *exchange)
{
    struct field_reader reader = {.exchange = exchange, .refusal = fine()};
    const struct github_headers *headers = &exchange->headers;
    MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, read_field, &reader);
    if (reader.refusal.status)
        return reader.refusal;
    if (headers->bytes > NODE_HTTP_HEAD_MAX)
        return refusal(431, "The request's header fields are too large.", "limit");
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        if (github_headers_count(headers, single[i]) > 1)
            return refusal(400, "A header field that must be single occurs twice.", "ambiguous");
    const struct slice authorization = github_headers_find(headers, "Authorization");
    if (authorization.data && slice_trim(authorization).size == 0)
        return refusal(400, "The Authorization field is empty.", "malformed");
    return fine();
}

static struct node_http_refusal read_length(struct node_http_exchange *exchange)
{
    const struct github_headers *headers = &exchange->headers;
    const struct slice length = github_headers_find(headers, "Content-Length");
    const struct slice coding = github_headers_find(headers, "Transfer-Encoding");
    uint64_t size = 0;
    if (length.data && coding.data)
        return refusal(400, "Content-Length and Transfer-Encoding contradict.", "ambiguous");
    if (coding.data && !slice_equals_nocase(slice_trim(coding), slice_of("chunked")))
        return refusal(400, "The transfer coding is not known.", "malformed");
    if (length.data && !slice_to_u64(slice_trim(length), INT64_MAX, &size))
        return refusal(400, "Content-Length is malformed.", "malformed");
    exchange->body_size = coding.data ? -1 : (int64_t)size;
    return fine();
}

/* --- Names --- */

bool node_http_request_is_named(struct slice text, const char *names)
{
    struct slice rest = slice_of(names);
    while (rest.data && rest.size > 0) {
        const struct slice name = slice_trim(slice_next(&rest, ','));
        if (name.size > 0 && slice_contains_nocase(text, name))
            return true;
    }
    return false;
}

static bool is_any_of(struct slice name, const char *names)
{
    struct slice rest = slice_of(names);
    while (rest.data && rest.size > 0) {
        const struct slice known = slice_trim(slice_next(&rest, ','));
        if (known.size > 0 && slice_equals_nocase(name, known))
            return true;
    }
    return false;
}

/* Without ":port" and the brackets of an IPv6 address; empty when what follows the name is no
 * port. */
static struct slice name_of(struct slice authority)
{
    const bool has_brackets = slice_starts_with(authority, slice_of("["));
    struct slice rest = slice_skip(authority, has_brackets ? 1 : 0);
    struct slice name = slice_next(&rest, has_brackets ? ']' : ':');
    uint64_t port;
    if (has_brackets && rest.size > 0 && rest.data[0] == ':')
        rest = slice_skip(rest, 1);
    if (rest.size > 0 && !slice_to_u64(rest, UINT16_MAX, &port))
        name.size = 0;
    return name;
}

static bool is_loopback(struct slice name)
{
    char text[INET6_ADDRSTRLEN];
    struct in_addr v4;
    struct in6_addr v6;
    if (slice_equals_nocase(name, slice_of("localhost")))
        return true;
    if (name.size >= sizeof text || name.size == 0)
        return false;
    memcpy(text, name.data, name.size);
    text[name.size] = '\0';
    if (inet_pton(AF_INET, text, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool is_ours(const struct node_http *http, struct slice host)
{
    const struct slice name = name_of(host);
    struct slice upstream = slice_of(http->upstream);
    upstream =
        slice_skip(upstream, slice_starts_with(upstream, slice_of("https://")) ? strlen("https://")
                                                                               : strlen("http://"));
    return is_loopback(name) || slice_equals_nocase(name, slice_of("api.github.com")) ||
           slice_equals_nocase(name, name_of(upstream)) || is_any_of(name, http->hosts);
}

/* RFC 9112, 3.2.2: the authority of an absolute target goes before Host. */
static struct node_http_refusal read_host(struct node_http_exchange *exchange)
{
    struct github_target target;
    struct slice authority;
    const struct slice raw = slice_of(exchange->target);
    exchange->host = slice_trim(github_headers_find(&exchange->headers, "Host"));
    const int r = github_target_parse(raw, &target, &authority);
    if (r < 0)
        return r == -EMSGSIZE ? refusal(414, "The request target is too long.", "limit")
                              : refusal(400, "The request target is malformed.", "malformed");
    if (authority.size > 0)
        exchange->host = authority;
    if (exchange->host.size == 0)
        return refusal(400, "The request names no host.", "malformed");
    if (!is_ours(exchange->http, exchange->host))
        return refusal(421, "This node does not answer for that host.", "host");
    /* Path and query stand together in the raw target. */
    if (node_admin_owns(target.path))
        exchange->admin_target = slice_skip(raw, (size_t)(target.path.data - exchange->target));
    buffer_put_text(&exchange->base, "http://");
    buffer_put_slice(&exchange->base, exchange->host);
    if (target.api_v3)
        buffer_put_text(&exchange->base, "/api/v3");
    return exchange->base.error ? refusal(400, "The host is too long.", "limit") : fine();
}

static bool is_zero_weight(struct slice weight)
{
    return slice_equals(weight, slice_of("q=0")) || slice_equals(weight, slice_of("q=0.0")) ||
           slice_equals(weight, slice_of("q=0.00")) || slice_equals(weight, slice_of("q=0.000"));
}

/* RFC 9110, 12.5.3: "gzip", or "*" where gzip is not named, not with weight 0. */
static bool accepts_gzip(const struct node_http_exchange *exchange)
{
    struct slice rest = github_headers_find(&exchange->headers, "Accept-Encoding");
    bool accepts_any = false;
    while (rest.data) {
        struct slice element = slice_next(&rest, ',');
        const struct slice coding = slice_trim(slice_next(&element, ';'));
        const bool is_accepted = !is_zero_weight(slice_trim(element));
        if (slice_equals_nocase(coding, slice_of("gzip")))
            return is_accepted;
        if (slice_equals(coding, slice_of("*")))
            accepts_any = is_accepted;
    }
    return accepts_any;
}

static bool is_known(const char *method)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(method, methods[i]) == 0)
            return true;
    return false;
}

struct node_http_refusal node_http_request_read(struct node_http_exchange *exchange,
                                                const char *method)
{
    exchange->method = slice_of(method);
    if (!is_known(method))
        return refusal(405, "The method is not supported.", "method");
    struct node_http_refusal found = read_fields(exchange);
    if (found.status == 0)
        found = read_length(exchange);
    if (found.status == 0)
        found = read_host(exchange);
    if (found.status == 0)
        exchange->accepts_gzip = accepts_gzip(exchange);
    return found;
}
