/* Answers as MHD responses. */
#include "send.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"

enum { SLOW_BYTES = 1, SLOW_MS = 100 };

static int socket_of(const struct mock_exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/* Dissolving a TCP association sends RST at once; the library's own close begins with a FIN. */
static void abort_socket(const struct mock_exchange *exchange)
{
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    if (connect(socket_of(exchange), &nobody, sizeof nobody) < 0)
        perror("mock-github: reset");
}

bool mock_send_raw(struct mock_exchange *exchange)
{
    while (exchange->raw_sent < exchange->raw_size) {
        const ssize_t sent =
            send(socket_of(exchange), exchange->raw + exchange->raw_sent,
                 exchange->raw_size - exchange->raw_sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        exchange->raw_sent += (size_t)sent;
    }
    return false;
}

static ssize_t copy(const struct mock_exchange *exchange, uint64_t at, char *buf, size_t size)
{
    const struct buffer *body = &exchange->answer.body;
    const size_t left = body->size - (size_t)at;
    const size_t count = size < left ? size : left;
    memcpy(buf, body->data + at, count);
    return (ssize_t)count;
}

static ssize_t read_plain(void *cls, uint64_t at, char *buf, size_t max)
{
    const struct mock_exchange *exchange = cls;
    if (at >= exchange->answer.body.size)
        return MHD_CONTENT_READER_END_OF_STREAM;
    return copy(exchange, at, buf, max);
}

static ssize_t read_truncated(void *cls, uint64_t at, char *buf, size_t max)
{
    const struct mock_exchange *exchange = cls;
    const size_t half = exchange->answer.body.size / 2;
    const int64_t asked = mock_fault_number(exchange->fault, "bytes", (int64_t)half);
    const size_t end =
        asked < 0 || (size_t)asked > exchange->answer.body.size ? half : (size_t)asked;
    if (at >= end)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    return copy(exchange, at, buf, max < end - at ? max : end - (size_t)at);
}

static ssize_t read_slowly(void *cls, uint64_t at, char *buf, size_t max)
{
    struct mock_exchange *exchange = cls;
    const int64_t bytes = mock_fault_number(exchange->fault, "bytes", SLOW_BYTES);
    const int64_t wait = mock_fault_number(exchange->fault, "ms", SLOW_MS);
    const int64_t now = mock_clock_steady_ms();
    if (at >= exchange->answer.body.size)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (now < exchange->next_ms &&
        mock_delay_add(exchange->delays, exchange->next_ms, exchange) == 0) {
        MHD_suspend_connection(exchange->connection);
        return 0;
    }
    exchange->next_ms = now + wait;
    return copy(exchange, at, buf, bytes > 0 && (size_t)bytes < max ? (size_t)bytes : max);
}

static struct MHD_Response *make_response(struct mock_exchange *exchange)
{
    struct buffer *body = &exchange->answer.body;
    const struct mock_fault *fault = exchange->fault;
    MHD_ContentReaderCallback reader = NULL;
    uint64_t size = body->size;
    if (mock_fault_is(fault, MOCK_FAULT_TRUNCATE) && body->size)
        reader = read_truncated;
    else if (mock_fault_is(fault, MOCK_FAULT_SLOW) && body->size)
        reader = read_slowly;
    else if (mock_fault_is(fault, MOCK_FAULT_NOLENGTH) && body->size)
        reader = read_plain;
    if (!reader)
        return MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_PERSISTENT);
    if (mock_fault_is(fault, MOCK_FAULT_NOLENGTH) || mock_fault_flag(fault, "chunked"))
        size = MHD_SIZE_UNKNOWN;
    return MHD_create_response_from_callback(size, MOCK_CHUNK_MAX, reader, exchange, NULL);
}

enum MHD_Result mock_send_answer(struct mock_exchange *exchange)
{
    const struct mock_answer *answer = &exchange->answer;
    if (mock_fault_is(exchange->fault, MOCK_FAULT_CLOSE)) {
        if (mock_fault_flag(exchange->fault, "reset"))
            abort_socket(exchange);
        return MHD_NO;
    }
    struct MHD_Response *response = make_response(exchange);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < answer->field_count; i++)
        MHD_add_response_header(response, answer->fields[i].name, answer->fields[i].value);
    const enum MHD_Result r = MHD_queue_response(exchange->connection, answer->status, response);
    MHD_destroy_response(response);
    return r;
}
