/* libsodium's randombytes, which is getrandom(2). */
#include "base/random.h"

#include <errno.h>

#include <sodium/core.h>
#include <sodium/randombytes.h>

int random_start(void)
{
    return sodium_init() < 0 ? -EIO : 0;
}

void random_bytes(void *ret, size_t size)
{
    randombytes_buf(ret, size);
}
