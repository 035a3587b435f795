/* Numeric socket addresses and their text. */
#include "node/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

enum { PORT_MAX = 65535, LOOPBACK_NET = 127 };

/* The views of storage by family. memcpy would do as well; the types are made for this cast. */
static const struct sockaddr_in *as_v4(const struct node_address *self)
{
    return (const struct sockaddr_in *)&self->storage;
}

static const struct sockaddr_in6 *as_v6(const struct node_address *self)
{
    return (const struct sockaddr_in6 *)&self->storage;
}

int node_address_parse_host(struct slice text, struct node_address *ret_address)
{
    char host[INET6_ADDRSTRLEN];
    struct node_address address = {0};
    if (text.size == 0 || text.size >= sizeof host)
        return -EINVAL;
    memcpy(host, text.data, text.size);
    host[text.size] = '\0';
    if (memchr(host, '\0', text.size))
        return -EINVAL;

    struct sockaddr_in *v4 = (struct sockaddr_in *)&address.storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address.storage;
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1)
        v4->sin_family = AF_INET;
    else if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1)
        v6->sin6_family = AF_INET6;
    else
        return -EINVAL;
    *ret_address = address;
    return 0;
}

/* Splits at the last colon; the brackets of a v6 address must be there and are dropped. */
static int split(struct slice text, struct slice *ret_host, struct slice *ret_port)
{
    size_t colon = text.size;
    while (colon > 0 && text.data[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return -EINVAL;
    struct slice host = {.data = text.data, .size = colon - 1};
    const bool bracketed = host.size >= 2 && host.data[0] == '[' && host.data[host.size - 1] == ']';
    if (bracketed) {
        host.data++;
        host.size -= 2;
    }
    const bool v6 = host.size > 0 && memchr(host.data, ':', host.size) != NULL;
    if (v6 != bracketed)
        return -EINVAL;
    *ret_host = host;
    *ret_port = slice_skip(text, colon);
    return 0;
}

int node_address_parse(struct slice text, struct node_address *ret_address)
{
    struct node_address address = {0};
    struct slice host = {0}, port_text = {0};
    uint64_t port = 0;
    if (slice_equals(text, slice_of("none"))) {
        *ret_address = address;
        return 0;
    }
    int r = split(text, &host, &port_text);
    if (r == 0 && slice_equals_nocase(host, slice_of("localhost")))
        host = slice_of("127.0.0.1");
    if (r == 0 && !slice_to_u64(port_text, PORT_MAX, &port))
        r = -EINVAL;
    if (r == 0)
        r = node_address_parse_host(host, &address);
    if (r < 0)
        return r;
    if (address.storage.ss_family == AF_INET)
        ((struct sockaddr_in *)&address.storage)->sin_port = htons((uint16_t)port);
    else
        ((struct sockaddr_in6 *)&address.storage)->sin6_port = htons((uint16_t)port);
    *ret_address = address;
    return 0;
}

void node_address_format(const struct node_address *self, char ret[static NODE_ADDRESS_TEXT_SIZE])
{
    char host[INET6_ADDRSTRLEN] = "";
    const unsigned port = node_address_port(self);
    /* The longest v6 text with brackets and port needs 54 bytes. */
    if (self->storage.ss_family == AF_INET) {
        inet_ntop(AF_INET, &as_v4(self)->sin_addr, host, sizeof host);
        snprintf(ret, NODE_ADDRESS_TEXT_SIZE, "%s:%u", host, port);
    } else if (self->storage.ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &as_v6(self)->sin6_addr, host, sizeof host);
        snprintf(ret, NODE_ADDRESS_TEXT_SIZE, "[%s]:%u", host, port);
    } else {
        snprintf(ret, NODE_ADDRESS_TEXT_SIZE, "none");
    }
}

/* ::ffff:a.b.c.d is what a dual-stack socket calls a v4 peer. */
static void unmap(struct node_address *self)
{
    const struct sockaddr_in6 v6 = *as_v6(self);
    if (v6.sin6_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
        return;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = v6.sin6_port};
    memcpy(&v4.sin_addr, v6.sin6_addr.s6_addr + 12, sizeof v4.sin_addr);
    memset(&self->storage, 0, sizeof self->storage);
    memcpy(&self->storage, &v4, sizeof v4);
}

int node_address_of_socket(int fd, struct node_address *ret_address)
{
    struct node_address address = {0};
    socklen_t size = sizeof address.storage;
    if (getsockname(fd, (struct sockaddr *)&address.storage, &size) < 0)
        return -errno;
    unmap(&address);
    *ret_address = address;
    return 0;
}

int node_address_of_peer(int fd, struct node_address *ret_address)
{
    struct node_address address = {0};
    socklen_t size = sizeof address.storage;
    if (getpeername(fd, (struct sockaddr *)&address.storage, &size) < 0)
        return -errno;
    unmap(&address);
    *ret_address = address;
    return 0;
}

bool node_address_is_none(const struct node_address *self)
{
    return self->storage.ss_family != AF_INET && self->storage.ss_family != AF_INET6;
}

bool node_address_is_loopback(const struct node_address *self)
{
    if (self->storage.ss_family == AF_INET)
        return ntohl(as_v4(self)->sin_addr.s_addr) >> 24 == LOOPBACK_NET;
    if (self->storage.ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&as_v6(self)->sin6_addr);
    return false;
}

uint16_t node_address_port(const struct node_address *self)
{
    if (self->storage.ss_family == AF_INET)
        return ntohs(as_v4(self)->sin_port);
    if (self->storage.ss_family == AF_INET6)
        return ntohs(as_v6(self)->sin6_port);
    return 0;
}

socklen_t node_address_size(const struct node_address *self)
{
    if (self->storage.ss_family == AF_INET)
        return sizeof(struct sockaddr_in);
    return self->storage.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : 0;
}
