/* A numeric TCP address as people write it: 127.0.0.1:9480, [::1]:9480. Never asks a resolver. */
#ifndef NODE_ADDRESS_H
#define NODE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/socket.h>

#include "base/check.h"
#include "base/slice.h"

enum { NODE_ADDRESS_TEXT_SIZE = 64 }; /* room for any address with port and its zero byte */

struct node_address {
    struct sockaddr_storage storage; /* AF_INET or AF_INET6; AF_UNSPEC means: none */
};

/* Reads ADDR:PORT or [v6]:PORT; "localhost" stands for 127.0.0.1 and "none" gives AF_UNSPEC.
 * -EINVAL on anything else. */
int node_address_parse(struct slice text, struct node_address *ret_address) MUST_CHECK;

/* Reads a bare numeric address without port, v6 without brackets. */
int node_address_parse_host(struct slice text, struct node_address *ret_address) MUST_CHECK;

/* Writes what node_address_parse reads. */
void node_address_format(const struct node_address *self, char ret[static NODE_ADDRESS_TEXT_SIZE]);

/* The address that a socket is bound to, or that its peer has; negative errno of the call. A v4
 * address mapped into v6 is given as v4. */
int node_address_of_socket(int fd, struct node_address *ret_address) MUST_CHECK;
int node_address_of_peer(int fd, struct node_address *ret_address) MUST_CHECK;

bool node_address_is_none(const struct node_address *self);

/* 127.0.0.0/8 or ::1. */
bool node_address_is_loopback(const struct node_address *self);

/* 0 for an address that is none. */
uint16_t node_address_port(const struct node_address *self);

/* The size of the address inside storage, for bind(2) and connect(2). */
socklen_t node_address_size(const struct node_address *self);

#endif
