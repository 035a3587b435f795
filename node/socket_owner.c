/* Reading of /proc/net/tcp and tcp6 (proc(5)). */
#include "node/socket_owner.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <netinet/in.h>

#include "base/hex.h"

enum {
    V4_DIGITS = 8,
    V6_DIGITS = 32,
    PORT_DIGITS = 4,
    COLUMN_LOCAL = 1,
    COLUMN_STATE = 3,
    COLUMN_UID = 7,
};

/* The state TCP_LISTEN as the table writes it. */
#define STATE_LISTEN "0A"

/* The next word of a line of columns. */
static struct slice next_column(struct slice *line)
{
    while (line->size > 0 && line->data[0] == ' ')
        *line = slice_skip(*line, 1);
    return slice_next(line, ' ');
}

static struct slice column(struct slice line, int number)
{
    struct slice word = {0};
    for (int i = 0; i <= number; i++)
        word = next_column(&line);
    return word;
}

/* Whether the bytes are all zero: the address that stands for all. */
static bool is_any(const uint8_t *bytes, size_t size)
{
    while (size > 0 && bytes[size - 1] == 0)
        size--;
    return size == 0;
}

/* The address's bytes in network order. */
static size_t address_bytes(const struct node_address *self, uint8_t ret[static 16])
{
    if (self->storage.ss_family == AF_INET) {
        memcpy(ret, &((const struct sockaddr_in *)&self->storage)->sin_addr, 4);
        return 4;
    }
    memcpy(ret, &((const struct sockaddr_in6 *)&self->storage)->sin6_addr, 16);
    return 16;
}

/* Reads the table's hexadecimal words, each in the host's byte order, into network order. */
static bool read_bytes(struct slice digits, uint8_t *ret, size_t size)
{
    if (hex_decode(digits, ret, size) < 0)
        return false;
    for (size_t i = 0; i < size; i += sizeof(uint32_t)) {
        const uint32_t word = (uint32_t)ret[i] << 24 | (uint32_t)ret[i + 1] << 16 |
                              (uint32_t)ret[i + 2] << 8 | ret[i + 3];
        memcpy(ret + i, &word, sizeof word);
    }
    return true;
}

/* Whether a listener at "local" keeps others from binding the address. */
static bool collides(struct slice local, const struct node_address *address)
{
    uint8_t wanted[16], held[16], port[2];
    const struct slice digits = slice_next(&local, ':');
    const size_t size = digits.size / 2;
    if ((digits.size != V4_DIGITS && digits.size != V6_DIGITS) || local.size != PORT_DIGITS)
        return false;
    if (hex_decode(local, port, sizeof port) < 0 || !read_bytes(digits, held, size))
        return false;
    if ((port[0] << 8 | port[1]) != node_address_port(address))
        return false;
    const size_t wanted_size = address_bytes(address, wanted);
    if (is_any(held, size) || is_any(wanted, wanted_size))
        return true;
    return size == wanted_size && memcmp(held, wanted, size) == 0;
}

int node_socket_owner_read(struct slice line, const struct node_address *address, uid_t *ret_uid)
{
    uint64_t uid;
    if (!slice_equals(column(line, COLUMN_STATE), slice_of(STATE_LISTEN)))
        return -ENOENT;
    if (!collides(column(line, COLUMN_LOCAL), address))
        return -ENOENT;
    if (!slice_to_u64(column(line, COLUMN_UID), UINT32_MAX, &uid))
        return -ENOENT;
    *ret_uid = (uid_t)uid;
    return 0;
}

static int search(const char *table, const struct node_address *address, uid_t *ret_uid)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    int r = -ENOENT;
    FILE *file = fopen(table, "re");
    if (!file)
        return -errno;
    while (r < 0 && (size = getline(&line, &capacity, file)) > 0) {
        const struct slice text = {.data = line, .size = (size_t)size};
        r = node_socket_owner_read(text, address, ret_uid);
    }
    free(line);
    fclose(file);
    return r;
}

int node_socket_owner_find(const struct node_address *address, uid_t *ret_uid)
{
    CHECK(!node_address_is_none(address));
    const int r = search("/proc/net/tcp", address, ret_uid);
    return r == 0 ? 0 : search("/proc/net/tcp6", address, ret_uid);
}
