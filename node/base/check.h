/* Two habits as macros: a broken assumption ends the program, also in release builds, and a result
 * that reports failure can't be dropped silently. */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#include <stdio.h>
#include <stdlib.h>

/* Aborts when a condition that only a bug can break does not hold. Never for input or I/O. */
#define CHECK(condition) ((condition) ? (void)0 : check_broken(__FILE__, __LINE__, #condition))

static inline _Noreturn void check_broken(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: broken: %s\n", file, line, condition);
    abort();
}

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
