/* What a fuzz target provides. libFuzzer or fuzz_main.c calls it; it knows neither. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Feeds one input to the code under test; returns 0. Anything wrong ends the program. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
