/* A client on a raw socket: sends the bytes it is given, and reads what comes back. */
#ifndef TESTS_UNIT_HTTP_CLIENT_H
#define TESTS_UNIT_HTTP_CLIENT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buffer.h"

enum { HTTP_CLIENT_PATIENCE_S = 20, HTTP_CLIENT_ANSWER_MAX = 64 * 1024 * 1024 };

/* Listens on a free loopback port. */
static inline int http_client_listen(uint16_t *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 128) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return -1;
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static inline int http_client_connect(uint16_t port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const struct timeval patience = {.tv_sec = HTTP_CLIENT_PATIENCE_S};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static inline bool http_client_send(int fd, const char *data, size_t size)
{
    while (size > 0) {
        const ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Reads until the other side closes; false when it does not, or breaks the connection. */
static inline bool http_client_read(int fd, struct buffer *out)
{
    char block[32 * 1024];
    ssize_t size;
    while ((size = recv(fd, block, sizeof block, 0)) > 0)
        buffer_put(out, block, (size_t)size);
    return size == 0;
}

/* The status of an answer; -1 when it is none. */
static inline int http_client_status(const struct buffer *answer)
{
    struct slice rest = buffer_slice(answer);
    uint64_t status;
    slice_next(&rest, ' ');
    return slice_to_u64(slice_next(&rest, ' '), 999, &status) ? (int)status : -1;
}

/* The body of an answer: what stands behind its head. */
static inline const char *http_client_body(const struct buffer *answer)
{
    const char *end = answer->data ? strstr(answer->data, "\r\n\r\n") : NULL;
    return end ? end + 4 : "";
}

#endif
