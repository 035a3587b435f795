/* Unix time that the test moves: CLOCK_REALTIME of the whole program runs this much ahead. Time
 * that only goes forward is left alone, so time-outs of libraries are what they are. */
#ifndef TESTS_UNIT_SHIFTED_CLOCK_H
#define TESTS_UNIT_SHIFTED_CLOCK_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t shifted_clock_s;

/* Stands in for the C library's; see clock_gettime(2). */
int clock_gettime(clockid_t id, struct timespec *ret)
{
    const long r = syscall(SYS_clock_gettime, id, ret);
    if (r == 0 && id == CLOCK_REALTIME)
        ret->tv_sec += (time_t)atomic_load(&shifted_clock_s);
    return (int)r;
}

static inline void shifted_clock_move(int64_t seconds)
{
    atomic_fetch_add(&shifted_clock_s, seconds);
}

#endif
