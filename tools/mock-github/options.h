/* The command line, read by one table (options.def). */
#ifndef MOCK_OPTIONS_H
#define MOCK_OPTIONS_H

#include <stdint.h>

#include "base/check.h"

struct mock_options {
#define OPTION_TEXT(name, ...) const char *name;
#define OPTION_NUMBER(name, ...) int64_t name;
#include "options.def"
#undef OPTION_TEXT
#undef OPTION_NUMBER
};

/* Texts stay the command line's. 0; 1 when --help was asked for and printed; -EINVAL after one
 * line on stderr. */
int mock_options_read(struct mock_options *ret_options, int argc, char **argv) MUST_CHECK;

#endif
