/* SO_PEERCRED for unix sockets, sock_diag(7) for TCP: the client's own socket is looked up by its
 * exact pair of addresses. */
#include "node/peer_uid.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "node/address.h"

enum { ANSWER_SIZE = 4096, ANSWER_TIMEOUT_S = 1 };

struct diag_request {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
};

static void put_end(const struct node_address *end, __be32 *ret_address, __be16 *ret_port)
{
    *ret_port = htons(node_address_port(end));
    if (end->storage.ss_family == AF_INET)
        memcpy(ret_address, &((const struct sockaddr_in *)&end->storage)->sin_addr, 4);
    else
        memcpy(ret_address, &((const struct sockaddr_in6 *)&end->storage)->sin6_addr, 16);
}

/* Asks for the socket whose own end is "from" and whose peer is "to". */
static struct diag_request make_request(const struct node_address *from,
                                        const struct node_address *to)
{
    struct diag_request request = {0};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.header.nlmsg_flags = NLM_F_REQUEST;
    request.body.sdiag_family = (uint8_t)from->storage.ss_family;
    request.body.sdiag_protocol = IPPROTO_TCP;
    request.body.idiag_states = 1U << TCP_ESTABLISHED;
    put_end(from, request.body.id.idiag_src, &request.body.id.idiag_sport);
    put_end(to, request.body.id.idiag_dst, &request.body.id.idiag_dport);
    request.body.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    request.body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    return request;
}

/* The kernel's exact lookup falls back to listening sockets, and reports uid 0 for one that has
 * lost its process (TIME_WAIT, closed, not accepted yet): only an established one with an inode and
 * just these ends tells anything. */
static bool is_asked_for(const struct inet_diag_msg *answer, const struct diag_request *request)
{
    const struct inet_diag_sockid *got = &answer->id, *asked = &request->body.id;
    return answer->idiag_family == request->body.sdiag_family &&
           answer->idiag_state == TCP_ESTABLISHED && answer->idiag_inode != 0 &&
           got->idiag_sport == asked->idiag_sport && got->idiag_dport == asked->idiag_dport &&
           memcmp(got->idiag_src, asked->idiag_src, sizeof got->idiag_src) == 0 &&
           memcmp(got->idiag_dst, asked->idiag_dst, sizeof got->idiag_dst) == 0;
}

static int receive_uid(int netlink, const struct diag_request *request, uid_t *ret_uid)
{
    _Alignas(struct nlmsghdr) uint8_t data[ANSWER_SIZE];
    struct sockaddr_nl sender = {0};
    socklen_t sender_size = sizeof sender;
    const ssize_t size =
        recvfrom(netlink, data, sizeof data, 0, (struct sockaddr *)&sender, &sender_size);
    if (size < 0)
        return -errno;
    const struct nlmsghdr *header = (const struct nlmsghdr *)data;
    struct inet_diag_msg answer;
    if (sender.nl_pid != 0 || (size_t)size < NLMSG_LENGTH(sizeof answer) ||
        header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return -ENOENT;
    memcpy(&answer, NLMSG_DATA(header), sizeof answer);
    if (!is_asked_for(&answer, request))
        return -ENOENT;
    *ret_uid = answer.idiag_uid;
    return 0;
}

static int ask_kernel(const struct node_address *peer, const struct node_address *local,
                      uid_t *ret_uid)
{
    const struct diag_request request = make_request(peer, local);
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    const struct timeval timeout = {.tv_sec = ANSWER_TIMEOUT_S};
    const int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0)
        return -errno;
    int r = setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) < 0 ? -errno : 0;
    if (r == 0 && sendto(netlink, &request, sizeof request, 0, (const struct sockaddr *)&kernel,
                         sizeof kernel) < 0)
        r = -errno;
    if (r == 0)
        r = receive_uid(netlink, &request, ret_uid);
    close(netlink);
    return r;
}

static int find_tcp(int fd, uid_t *ret_uid)
{
    struct node_address local = {0}, peer = {0};
    int r = node_address_of_socket(fd, &local);
    if (r == 0)
        r = node_address_of_peer(fd, &peer);
    if (r == -ENOTCONN)
        return -ENOENT;
    if (r < 0)
        return r;
    if (!node_address_is_loopback(&peer) || !node_address_is_loopback(&local))
        return -ENOENT;
    return ask_kernel(&peer, &local, ret_uid);
}

int node_peer_uid_find(int fd, uid_t *ret_uid)
{
    int domain;
    socklen_t size = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0)
        return -errno;
    if (domain != AF_UNIX)
        return find_tcp(fd, ret_uid);
    struct ucred peer;
    size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return -errno;
    if (peer.uid == (uid_t)-1)
        return -ENOENT;
    *ret_uid = peer.uid;
    return 0;
}
