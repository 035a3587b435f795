/* Wall clock in milliseconds: entries outlive the process, so a monotonic clock would not do. */
#include "github/clock.h"

#include <time.h>

int64_t github_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
