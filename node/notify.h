/* Tells systemd how the service is, as sd_notify(3) does, without its library. */
#ifndef NODE_NOTIFY_H
#define NODE_NOTIFY_H

#include <stdint.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "base/check.h"

enum { NODE_NOTIFY_TEXT_MAX = 512 }; /* bytes of a message */

struct node_notify {
    struct sockaddr_un name;
    socklen_t name_size; /* 0: nobody wants to know */
    int64_t watchdog_ms; /* send node_notify_alive this often; 0: never */
};

/* From NOTIFY_SOCKET (a path, or @name in the abstract namespace) and WATCHDOG_USEC with
 * WATCHDOG_PID, each NULL when unset. What can't be used counts as unset. */
void node_notify_init(struct node_notify *self, const char *notify_socket,
                      const char *watchdog_usec, const char *watchdog_pid);

/* Each is a no-op without NOTIFY_SOCKET. A negative errno is of interest for the log only. status
 * is one line for people. */
int node_notify_ready(const struct node_notify *self, const char *status) MUST_CHECK;
int node_notify_status(const struct node_notify *self, const char *status) MUST_CHECK;
int node_notify_reloading(const struct node_notify *self) MUST_CHECK;
int node_notify_stopping(const struct node_notify *self) MUST_CHECK;
int node_notify_alive(const struct node_notify *self) MUST_CHECK;

#endif
