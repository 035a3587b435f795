/* Answers on their way to the client. */
#ifndef NODE_HTTP_RESPONSE_H
#define NODE_HTTP_RESPONSE_H

#include "github/answer.h"
#include "node/http_exchange.h"

/* Queues the answer, which is empty afterwards. MHD_NO closes the connection. */
enum MHD_Result node_http_response_send(struct node_http_exchange *exchange,
                                        struct github_answer *answer);

/* Queues an error in GitHub's shape. */
enum MHD_Result node_http_response_refuse(struct node_http_exchange *exchange, int status,
                                          const char *message, const char *detail);

#endif
