/* HTTP: takes requests in, holds answers back until their latency is over, sends them, broken ones
 * included. One thread, one loop. Knows nothing of GitHub. */
#ifndef MOCK_SERVER_H
#define MOCK_SERVER_H

#include "base/check.h"
#include "mock.h"

struct mock_server;

/* Listens on "ADDR:PORT". Borrows mock. -EINVAL for a malformed address, -EADDRINUSE and the like.
 */
int mock_server_new(struct mock *mock, const char *address,
                    struct mock_server **ret_server) MUST_CHECK;

/* Closes all connections. */
void mock_server_destroy(struct mock_server **self_p);

/* Where it listens, "127.0.0.1:9490". */
const char *mock_server_address(const struct mock_server *self);

/* Serves until stop_fd is readable. 0, or what epoll failed with. */
int mock_server_run(struct mock_server *self, int stop_fd) MUST_CHECK;

#endif
