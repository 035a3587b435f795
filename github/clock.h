/* The one place where the GitHub side reads the clock; everything else is handed the time. */
#ifndef GITHUB_CLOCK_H
#define GITHUB_CLOCK_H

#include <stdint.h>

/* Unix time in milliseconds: for what is stored or compared with GitHub's. */
int64_t github_clock_ms(void);

/* Milliseconds since some start, whatever happens to the host's clock: for how long somebody
 * waits. */
int64_t github_clock_steady_ms(void);

#endif
