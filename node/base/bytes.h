/* Cursors over borrowed bytes, for fixed layouts. All integers are big-endian. A cursor that went
 * wrong stays wrong, so the caller asks once, at the end. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once a read fails, every later one yields 0 or NULL. */
struct bytes_in {
    const uint8_t *at, *end;
    bool failed;
};

/* Once a write does not fit, nothing more is written. */
struct bytes_out {
    uint8_t *at, *end;
    bool overflowed;
};

struct bytes_in bytes_in_over(const void *data, size_t size);
struct bytes_out bytes_out_over(void *data, size_t size);

uint8_t bytes_read_u8(struct bytes_in *in);
uint16_t bytes_read_u16(struct bytes_in *in);
uint32_t bytes_read_u32(struct bytes_in *in);
uint64_t bytes_read_u64(struct bytes_in *in);

/* Borrows the next size bytes; NULL when there are fewer. */
const uint8_t *bytes_read(struct bytes_in *in, size_t size);

/* Bytes not yet read. */
size_t bytes_left(const struct bytes_in *in);

void bytes_put_u8(struct bytes_out *out, uint8_t value);
void bytes_put_u16(struct bytes_out *out, uint16_t value);
void bytes_put_u32(struct bytes_out *out, uint32_t value);
void bytes_put_u64(struct bytes_out *out, uint64_t value);
void bytes_put(struct bytes_out *out, const void *data, size_t size);

#endif
