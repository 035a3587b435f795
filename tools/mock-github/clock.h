/* Time as the mock sees it: milliseconds since 1970, never going back, and periods that
 * --time-scale makes shorter. Latency is not a period: it is real. */
#ifndef MOCK_CLOCK_H
#define MOCK_CLOCK_H

#include <stdint.h>

enum { MOCK_CLOCK_TEXT_SIZE = 40 }; /* room for any of the texts below */

struct mock_clock {
    int64_t offset_ms; /* wall clock minus steady clock at the start */
    int64_t scale;
};

void mock_clock_init(struct mock_clock *self, int64_t scale);
int64_t mock_clock_now_ms(const struct mock_clock *self);

/* Milliseconds of the steady clock, for waiting. */
int64_t mock_clock_steady_ms(void);

/* How long a period of GitHub's takes here, at least one millisecond. */
int64_t mock_clock_period_ms(const struct mock_clock *self, int64_t seconds);

/* "2026-01-31T12:34:56Z" */
void mock_clock_format(int64_t ms, char ret[static MOCK_CLOCK_TEXT_SIZE]);

/* "Sat, 31 Jan 2026 12:34:56 GMT" */
void mock_clock_format_http(int64_t ms, char ret[static MOCK_CLOCK_TEXT_SIZE]);

/* Either of the two forms, to milliseconds; -1 when it is neither. */
int64_t mock_clock_parse(const char *text);

#endif
