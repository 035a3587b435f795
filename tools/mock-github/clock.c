/* Clock and the two spellings of a date that GitHub uses. */
#include "clock.h"

#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void mock_clock_init(struct mock_clock *self, int64_t scale)
{
    self->offset_ms = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_MONOTONIC);
    self->scale = scale;
}

int64_t mock_clock_now_ms(const struct mock_clock *self)
{
    return read_clock(CLOCK_MONOTONIC) + self->offset_ms;
}

int64_t mock_clock_steady_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t mock_clock_period_ms(const struct mock_clock *self, int64_t seconds)
{
    const int64_t period = seconds * 1000 / self->scale;
    return period > 0 ? period : 1;
}

static void format_as(const char *format, int64_t ms, char *ret)
{
    const time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    if (strftime(ret, MOCK_CLOCK_TEXT_SIZE, format, &parts) == 0)
        ret[0] = '\0';
}

void mock_clock_format(int64_t ms, char ret[static MOCK_CLOCK_TEXT_SIZE])
{
    format_as("%Y-%m-%dT%H:%M:%SZ", ms, ret);
}

void mock_clock_format_http(int64_t ms, char ret[static MOCK_CLOCK_TEXT_SIZE])
{
    format_as("%a, %d %b %Y %H:%M:%S GMT", ms, ret);
}

int64_t mock_clock_parse(const char *text)
{
    static const char *const formats[] = {"%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y %H:%M:%S GMT"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct tm parts = {0};
        const char *end = strptime(text, formats[i], &parts);
        if (end && *end == '\0')
            return (int64_t)timegm(&parts) * 1000;
    }
    return -1;
}
