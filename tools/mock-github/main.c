/* mock-github: options, the data, the server, and SIGTERM. */
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "limits.h"
#include "mock.h"
#include "options.h"
#include "server.h"

enum { EXIT_USAGE = 64, EXIT_UNAVAILABLE = 69, EXIT_INTERNAL = 70 };

/* A descriptor for each connection, and some more. */
static void raise_descriptors(void)
{
    enum { OTHERS = 64 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= MOCK_CONNECTIONS_MAX + OTHERS)
        return;
    limit.rlim_cur = MOCK_CONNECTIONS_MAX + OTHERS;
    if (limit.rlim_cur > limit.rlim_max)
        limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        fprintf(stderr, "mock-github: few connections only: %s\n", strerror(errno));
}

static int open_stop_signal(void)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    sigprocmask(SIG_BLOCK, &stops, NULL);
    return signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int serve(struct mock *mock, const char *address)
{
    struct mock_server *server = NULL;
    const int stop_fd = open_stop_signal();
    int r = stop_fd < 0 ? -errno : mock_server_new(mock, address, &server);
    if (r < 0) {
        fprintf(stderr, "mock-github: --listen %s: %s; give ADDR:PORT of a free port, or port 0\n",
                address, strerror(-r));
    } else {
        printf("mock-github: listening on http://%s\n", mock_server_address(server));
        fflush(stdout);
        r = mock_server_run(server, stop_fd);
    }
    mock_server_destroy(&server);
    if (stop_fd >= 0)
        close(stop_fd);
    return r;
}

int main(int argc, char **argv)
{
    struct mock_options options;
    struct mock mock;
    const int asked = mock_options_read(&options, argc, argv);
    if (asked != 0)
        return asked < 0 ? EXIT_USAGE : EXIT_SUCCESS;
    raise_descriptors();
    if (sodium_init() < 0 || mock_init(&mock, &options) < 0) {
        fprintf(stderr, "mock-github: not enough memory\n");
        return EXIT_INTERNAL;
    }
    const int r = serve(&mock, options.listen);
    mock_done(&mock);
    if (r == -EINVAL)
        return EXIT_USAGE;
    return r < 0 ? EXIT_UNAVAILABLE : EXIT_SUCCESS;
}
