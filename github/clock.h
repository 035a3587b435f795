/* The one place where the GitHub side reads the clock; everything else is handed the time. */
#ifndef GITHUB_CLOCK_H
#define GITHUB_CLOCK_H

#include <stdint.h>

/* Unix time in milliseconds. */
int64_t github_clock_ms(void);

#endif
