/* Sending one answer through the HTTP library: plain, cut off, slowly, or as raw bytes. */
#ifndef MOCK_SEND_H
#define MOCK_SEND_H

#include <microhttpd.h>

#include "answer.h"
#include "delay.h"
#include "fault.h"
#include "request.h"

enum mock_exchange_stage {
    MOCK_EXCHANGE_HEADERS, /* request line is read */
    MOCK_EXCHANGE_BODY,    /* header fields are taken */
    MOCK_EXCHANGE_WAITING, /* answered, held back */
    MOCK_EXCHANGE_SENDING
};

/* One request and its answer, from the request line to the last byte. */
struct mock_exchange {
    struct mock_server *server;
    struct MHD_Connection *connection;
    enum mock_exchange_stage stage;
    char *target;
    bool is_malformed; /* no request could be made of it: 400 */
    bool is_counted;   /* is in flight: no control request */
    struct mock_request request;
    struct mock_answer answer;
    struct mock_fault *fault;
    struct mock_delay *delays; /* where to wait for the next piece */
    int64_t next_ms;           /* of a slow body */
    char *raw;
    size_t raw_size, raw_sent;
};

/* Queues the answer. MHD_NO closes the connection. */
enum MHD_Result mock_send_answer(struct mock_exchange *exchange);

/* Sends as many raw bytes as the socket takes. True when it is to be called again. */
bool mock_send_raw(struct mock_exchange *exchange);

#endif
