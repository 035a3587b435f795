/* Randomness of the operating system. Never for the cores of mesh/ and dht/, which are handed
 * theirs. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>

#include "base/check.h"

/* Readies the library; before any other thread exists. -EIO when it can't be. */
int random_start(void) MUST_CHECK;

/* Fills size bytes; can't fail (the library ends the process if the kernel gives none). */
void random_bytes(void *ret, size_t size);

#endif
