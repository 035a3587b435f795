/* The datagrams of sd_notify(3). */
#include "node/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <unistd.h>

#include "base/slice.h"

void node_notify_init(struct node_notify *self, const char *notify_socket,
                      const char *watchdog_usec, const char *watchdog_pid)
{
    const size_t size = notify_socket ? strlen(notify_socket) : 0;
    uint64_t usec, pid = (uint64_t)getpid();
    memset(self, 0, sizeof *self);
    if (size < 2 || size >= sizeof self->name.sun_path ||
        (notify_socket[0] != '/' && notify_socket[0] != '@'))
        return;
    self->name.sun_family = AF_UNIX;
    memcpy(self->name.sun_path, notify_socket, size);
    if (notify_socket[0] == '@')
        self->name.sun_path[0] = '\0';
    self->name_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);

    if (watchdog_pid && !slice_to_u64(slice_of(watchdog_pid), UINT32_MAX, &pid))
        return;
    /* Half the limit, as sd_watchdog_enabled(3) advises. */
    if (pid == (uint64_t)getpid() && slice_to_u64(slice_of(watchdog_usec), INT64_MAX, &usec))
        self->watchdog_ms = (int64_t)(usec / 2000);
}

static int send_text(const struct node_notify *self, const char *text)
{
    if (self->name_size == 0)
        return 0;
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    const ssize_t sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL,
                                (const struct sockaddr *)&self->name, self->name_size);
    const int r = sent < 0 ? -errno : 0;
    close(fd);
    return r;
}

int node_notify_ready(const struct node_notify *self, const char *status)
{
    char text[NODE_NOTIFY_TEXT_MAX];
    snprintf(text, sizeof text, "READY=1\nSTATUS=%s", status);
    return send_text(self, text);
}

int node_notify_status(const struct node_notify *self, const char *status)
{
    char text[NODE_NOTIFY_TEXT_MAX];
    snprintf(text, sizeof text, "STATUS=%s", status);
    return send_text(self, text);
}

int node_notify_reloading(const struct node_notify *self)
{
    char text[NODE_NOTIFY_TEXT_MAX];
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    const int64_t usec = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, usec);
    return send_text(self, text);
}

int node_notify_stopping(const struct node_notify *self)
{
    return send_text(self, "STOPPING=1");
}

int node_notify_alive(const struct node_notify *self)
{
    return send_text(self, "WATCHDOG=1");
}
