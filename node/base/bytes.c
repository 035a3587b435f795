/* Reading and writing of fixed layouts. Knows no format of its own. */
#include "base/bytes.h"

#include <string.h>

struct bytes_in bytes_in_over(const void *data, size_t size)
{
    const struct bytes_in in = {.at = data, .end = data ? (const uint8_t *)data + size : NULL};
    return in;
}

struct bytes_out bytes_out_over(void *data, size_t size)
{
    const struct bytes_out out = {.at = data, .end = data ? (uint8_t *)data + size : NULL};
    return out;
}

size_t bytes_left(const struct bytes_in *in)
{
    return in->failed ? 0 : (size_t)(in->end - in->at);
}

const uint8_t *bytes_read(struct bytes_in *in, size_t size)
{
    const uint8_t *data = in->at;
    if (in->failed || size > (size_t)(in->end - in->at)) {
        in->failed = true;
        return NULL;
    }
    in->at += size;
    return data;
}

static uint64_t read_integer(struct bytes_in *in, size_t size)
{
    const uint8_t *data = bytes_read(in, size);
    uint64_t value = 0;
    for (size_t i = 0; data && i < size; i++)
        value = value << 8 | data[i];
    return value;
}

uint8_t bytes_read_u8(struct bytes_in *in)
{
    return (uint8_t)read_integer(in, 1);
}

uint16_t bytes_read_u16(struct bytes_in *in)
{
    return (uint16_t)read_integer(in, 2);
}

uint32_t bytes_read_u32(struct bytes_in *in)
{
    return (uint32_t)read_integer(in, 4);
}

uint64_t bytes_read_u64(struct bytes_in *in)
{
    return read_integer(in, 8);
}

void bytes_put(struct bytes_out *out, const void *data, size_t size)
{
    if (out->overflowed || size > (size_t)(out->end - out->at)) {
        out->overflowed = true;
        return;
    }
    if (size)
        memcpy(out->at, data, size);
    out->at += size;
}

static void put_integer(struct bytes_out *out, uint64_t value, size_t size)
{
    uint8_t data[8];
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    bytes_put(out, data, size);
}

void bytes_put_u8(struct bytes_out *out, uint8_t value)
{
    put_integer(out, value, 1);
}

void bytes_put_u16(struct bytes_out *out, uint16_t value)
{
    put_integer(out, value, 2);
}

void bytes_put_u32(struct bytes_out *out, uint32_t value)
{
    put_integer(out, value, 4);
}

void bytes_put_u64(struct bytes_out *out, uint64_t value)
{
    put_integer(out, value, 8);
}
