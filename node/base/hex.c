/* Hexadecimal text. */
#include "base/hex.h"

#include <errno.h>

void hex_encode(const uint8_t *data, size_t size, char *ret)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        *ret++ = digits[data[i] >> 4];
        *ret++ = digits[data[i] & 15];
    }
    *ret = '\0';
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int hex_decode(struct slice text, uint8_t *ret, size_t size)
{
    if (text.size != 2 * size)
        return -EBADMSG;
    for (size_t i = 0; i < size; i++) {
        const int high = digit_value(text.data[2 * i]), low = digit_value(text.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return -EBADMSG;
        ret[i] = (uint8_t)(high << 4 | low);
    }
    return 0;
}
