/* The child says its verdict through a pipe: no verdict means that it died. It may be forked from a
 * process with threads, so it does nothing but look at the file. */
#include "store/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/image.h"
#include "store/limits.h"

static const char sound[] = "sound";
static const char unable[] = "unable"; /* nothing is said about the file */

static const char *look(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return "not a file";
    if (status.st_size == 0)
        return "empty";
    const size_t size = (size_t)status.st_size;
    void *data = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED)
        return unable;
    const char *problem = NULL;
    switch (store_image_check(data, size, &problem)) {
    case 0:
        return sound;
    case -EUCLEAN:
        return problem;
    default:
        return unable;
    }
}

/* Faults end the child as the kernel does it by itself: no handler of the parent's, no core file,
 * which would hold the parent's memory. And it never outlives the parent, whose lock on the folder
 * it shares. */
static void confine(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        signal(faults[i], SIG_DFL);
    const struct rlimit no_core = {0};
    const struct rlimit processor = {.rlim_cur = STORE_PROBE_CPU_S, .rlim_max = STORE_PROBE_CPU_S};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || setrlimit(RLIMIT_CORE, &no_core) != 0 ||
        setrlimit(RLIMIT_CPU, &processor) != 0)
        _exit(EXIT_FAILURE);
}

static void child(int file, int verdict)
{
    confine();
    const char *text = look(file);
    _exit(write(verdict, text, strlen(text)) < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
}

/* Reads until the other end is closed. Returns the bytes read, at most size. */
static size_t read_all(int fd, char *ret, size_t size)
{
    size_t at = 0;
    while (at < size) {
        ssize_t n = read(fd, ret + at, size - at);
        if (n == 0 || (n < 0 && errno != EINTR))
            break;
        if (n > 0)
            at += (size_t)n;
    }
    return at;
}

static int run(int file, int ends[static 2], char *ret_problem, size_t problem_size)
{
    char verdict[128] = "";
    pid_t pid = fork();
    if (pid < 0)
        return -errno;
    if (pid == 0)
        child(file, ends[1]);
    close(ends[1]);
    ends[1] = -1;
    read_all(ends[0], verdict, sizeof verdict - 1);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    if (strcmp(verdict, sound) == 0)
        return 0;
    if (strcmp(verdict, unable) == 0)
        return -ENOMEM;
    snprintf(ret_problem, problem_size, "%s", verdict[0] ? verdict : "the check died over it");
    return -EUCLEAN;
}

int store_probe_file(const char *path, char *ret_problem, size_t problem_size)
{
    int ends[2] = {-1, -1};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return -errno;
    int r = pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno;
    if (r == 0)
        r = run(file, ends, ret_problem, problem_size);
    close(file);
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
    return r;
}
