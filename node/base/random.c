/* libsodium's randombytes, which is getrandom(2). */
#include "base/random.h"

#include <sodium/randombytes.h>

void random_bytes(void *ret, size_t size)
{
    randombytes_buf(ret, size);
}
