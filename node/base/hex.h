/* Bytes as lower-case hexadecimal text and back. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/slice.h"

/* Writes 2 * size characters and a zero byte to ret. */
void hex_encode(const uint8_t *data, size_t size, char *ret);

/* Reads exactly 2 * size digits of either case into ret; -EBADMSG on anything else, ret is then
 * undefined. */
int hex_decode(struct slice text, uint8_t *ret, size_t size) MUST_CHECK;

#endif
