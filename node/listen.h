/* The sockets that clients connect to: opened here or handed over by systemd. Accepting is not done
 * here. */
#ifndef NODE_LISTEN_H
#define NODE_LISTEN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/check.h"
#include "node/address.h"
#include "node/log.h"

enum {
    NODE_LISTEN_BACKLOG = 4096,  /* the kernel takes the smaller of this and somaxconn */
    NODE_LISTEN_HANDED_MAX = 16, /* sockets that are looked at when systemd hands them over */
    NODE_LISTEN_URL_SIZE = 80,   /* room for "http://ADDR:PORT" and its zero byte */
};

/* Descriptors are -1 when there is no such listener. */
struct node_listen {
    int tcp;
    int unix_socket;
    struct node_address address; /* where tcp is bound, with the port that it got */
    char *path;                  /* of unix_socket; NULL without */
    bool handed_over;            /* systemd opened them: their files stay */
    ino_t inode;                 /* of path, so that only our own file is removed */
    dev_t device;
};

struct node_listen_options {
    const struct node_address *address; /* or one that is none */
    const char *socket_path;            /* or "none" */
    const char *second_path; /* where to go when somebody listens on the first; or NULL */
    const char *listen_fds, *listen_pid; /* LISTEN_FDS and LISTEN_PID, or NULL */
};

/* Opens both listeners, or takes those that systemd handed over in their place (then options' own
 * are not opened). Nonblocking and close-on-exec. Logs what is wrong, the setting and the remedy,
 * and returns a negative errno: -EADDRINUSE when somebody else has the address or the socket. */
int node_listen_open(const struct node_listen_options *options, struct node_log *log,
                     struct node_listen *ret_listen) MUST_CHECK;

/* Closes, and removes the unix socket's file if it is still ours. */
void node_listen_close(struct node_listen *self);

/* "http://127.0.0.1:9480", or false without a TCP listener. An address that stands for all is shown
 * as the loopback address, which clients on this host can use. */
bool node_listen_url(const struct node_listen *self, char ret[static NODE_LISTEN_URL_SIZE]);

/* One TCP listener; *ret_address is where it is bound. Logs nothing. */
int node_listen_tcp(const struct node_address *address, struct node_address *ret_address,
                    int *ret_fd) MUST_CHECK;

#endif
