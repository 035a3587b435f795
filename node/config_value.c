/* One reader and one writer for each type of setting. Meaning beyond the type (an URL, a socket's
 * length) is config_check.c's. */
#include "node/config_value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

struct unit {
    char letter;
    uint64_t factor;
};

static const struct unit size_units[] = {
    {'T', 1ULL << 40}, {'G', 1ULL << 30}, {'M', 1ULL << 20}, {'K', 1ULL << 10}};
static const struct unit duration_units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

enum {
    SIZE_UNITS = sizeof size_units / sizeof *size_units,
    DURATION_UNITS = sizeof duration_units / sizeof *duration_units,
};

static void *field_of(struct node_config *config, const struct node_config_row *row)
{
    return (char *)config + row->offset;
}

static const void *field_in(const struct node_config *config, const struct node_config_row *row)
{
    return (const char *)config + row->offset;
}

static int read_bool(struct slice text, bool *ret)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equals_nocase(text, slice_of(words[i]))) {
            *ret = i % 2 == 1;
            return 0;
        }
    return -EINVAL;
}

static int read_number(const struct node_config_row *row, struct slice text, uint64_t *ret)
{
    uint64_t value;
    if (text.size == 0)
        return -EINVAL;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return -EINVAL;
    if (!slice_to_u64(text, row->maximum, &value) || value < row->minimum)
        return -ERANGE;
    *ret = value;
    return 0;
}

/* A number with at most one letter of the given units behind it. */
static int read_scaled(const struct node_config_row *row, struct slice text,
                       const struct unit *units, size_t count, uint64_t *ret)
{
    const struct node_config_row digits = {.maximum = UINT64_MAX};
    uint64_t factor = 1, value = 0;
    for (size_t i = 0; text.size > 1 && i < count; i++) {
        const struct slice letter = {.data = &units[i].letter, .size = 1};
        const struct slice last = {.data = text.data + text.size - 1, .size = 1};
        if (slice_equals_nocase(letter, last)) {
            factor = units[i].factor;
            text.size--;
            break;
        }
    }
    int r = read_number(&digits, text, &value);
    if (r == 0 && value > row->maximum / factor)
        r = -ERANGE;
    if (r == 0 && value * factor < row->minimum)
        r = -ERANGE;
    if (r == 0)
        *ret = value * factor;
    return r;
}

static int read_any_number(const struct node_config_row *row, struct slice text, uint64_t *ret)
{
    if (row->type == NODE_CONFIG_SIZE)
        return read_scaled(row, text, size_units, SIZE_UNITS, ret);
    if (row->type == NODE_CONFIG_DURATION)
        return read_scaled(row, text, duration_units, DURATION_UNITS, ret);
    return read_number(row, text, ret);
}

static int read_choice(const struct node_config_row *row, struct slice text, int *ret)
{
    struct slice words = slice_of(row->unit);
    for (int i = 0; words.data; i++)
        if (slice_equals(slice_next(&words, '|'), text)) {
            *ret = i;
            return 0;
        }
    return -EINVAL;
}

/* Control characters have no place in a setting, and with both kinds of quotes a text could not be
 * written into a configuration file. */
static int check_text(struct slice text, size_t max)
{
    bool quote = false, apostrophe = false;
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7f)
            return -EINVAL;
        quote = quote || c == '"';
        apostrophe = apostrophe || c == '\'';
    }
    if (quote && apostrophe)
        return -EINVAL;
    return text.size > max ? -ERANGE : 0;
}

static int set_text(struct node_config *config, const struct node_config_row *row,
                    struct slice text)
{
    const bool secret = row->type == NODE_CONFIG_SECRET;
    int r = check_text(text, secret ? NODE_CONFIG_SECRET_MAX : NODE_CONFIG_TEXT_MAX);
    if (r < 0)
        return r;
    char *copy = slice_copy(text);
    if (!copy)
        return -ENOMEM;
    node_config_value_done(config, row);
    *(char **)field_of(config, row) = copy;
    return 0;
}

static int set_number(struct node_config *config, const struct node_config_row *row,
                      struct slice text)
{
    uint64_t value = 0;
    int r = read_any_number(row, text, &value);
    if (r < 0)
        return r;
    if (row->type == NODE_CONFIG_U32 || row->type == NODE_CONFIG_DURATION)
        *(uint32_t *)field_of(config, row) = (uint32_t)value;
    else
        *(uint64_t *)field_of(config, row) = value;
    return 0;
}

int node_config_value_set(struct node_config *config, const struct node_config_row *row,
                          struct slice text)
{
    switch (row->type) {
    case NODE_CONFIG_BOOL:
        return read_bool(text, field_of(config, row));
    case NODE_CONFIG_CHOICE:
        return read_choice(row, text, field_of(config, row));
    case NODE_CONFIG_ADDRESS:
        return node_address_parse(text, field_of(config, row));
    case NODE_CONFIG_TEXT:
    case NODE_CONFIG_PATH:
    case NODE_CONFIG_SECRET:
        return set_text(config, row, text);
    case NODE_CONFIG_U32:
    case NODE_CONFIG_U64:
    case NODE_CONFIG_SIZE:
    case NODE_CONFIG_DURATION:
        return set_number(config, row, text);
    }
    return -EINVAL;
}

/* The largest unit that divides the bytes exactly. */
static void put_size(uint64_t value, struct buffer *out)
{
    for (size_t i = 0; value > 0 && i < SIZE_UNITS; i++)
        if (value % size_units[i].factor == 0) {
            buffer_put_format(out, "%" PRIu64 "%c", value / size_units[i].factor,
                              size_units[i].letter);
            return;
        }
    buffer_put_format(out, "%" PRIu64, value);
}

static void put_choice(const struct node_config_row *row, int value, struct buffer *out)
{
    struct slice words = slice_of(row->unit), word = {0};
    for (int i = 0; i <= value; i++)
        word = slice_next(&words, '|');
    buffer_put_slice(out, word);
}

void node_config_value_format(const struct node_config *config, const struct node_config_row *row,
                              struct buffer *out)
{
    const void *field = field_in(config, row);
    char address[NODE_ADDRESS_TEXT_SIZE];
    switch (row->type) {
    case NODE_CONFIG_BOOL:
        buffer_put_text(out, *(const bool *)field ? "yes" : "no");
        break;
    case NODE_CONFIG_CHOICE:
        put_choice(row, *(const int *)field, out);
        break;
    case NODE_CONFIG_ADDRESS:
        node_address_format(field, address);
        buffer_put_text(out, address);
        break;
    case NODE_CONFIG_TEXT:
    case NODE_CONFIG_PATH:
    case NODE_CONFIG_SECRET:
        buffer_put_text(out, *(char *const *)field);
        break;
    case NODE_CONFIG_U32:
    case NODE_CONFIG_DURATION:
        buffer_put_format(out, "%" PRIu32, *(const uint32_t *)field);
        break;
    case NODE_CONFIG_U64:
        buffer_put_format(out, "%" PRIu64, *(const uint64_t *)field);
        break;
    case NODE_CONFIG_SIZE:
        put_size(*(const uint64_t *)field, out);
        break;
    }
}

void node_config_value_expect(const struct node_config_row *row, struct buffer *out)
{
    switch (row->type) {
    case NODE_CONFIG_BOOL:
        buffer_put_text(out, "yes or no");
        break;
    case NODE_CONFIG_CHOICE:
        buffer_put_format(out, "one of %s", row->unit);
        break;
    case NODE_CONFIG_ADDRESS:
        buffer_put_text(out, "a numeric address with port such as 127.0.0.1:9480 or [::1]:9480");
        break;
    case NODE_CONFIG_TEXT:
    case NODE_CONFIG_PATH:
    case NODE_CONFIG_SECRET:
        buffer_put_format(out, "at most %d bytes without control characters or mixed quotes",
                          row->type == NODE_CONFIG_SECRET ? NODE_CONFIG_SECRET_MAX
                                                          : NODE_CONFIG_TEXT_MAX);
        break;
    case NODE_CONFIG_U32:
    case NODE_CONFIG_U64:
    case NODE_CONFIG_DURATION:
        buffer_put_format(out, "a whole number from %" PRIu64 " to %" PRIu64 " (%s)", row->minimum,
                          row->maximum, row->unit);
        break;
    case NODE_CONFIG_SIZE:
        buffer_put_text(out, "a size from ");
        put_size(row->minimum, out);
        buffer_put_text(out, " to ");
        put_size(row->maximum, out);
        buffer_put_text(out, " such as 512M");
        break;
    }
}

static bool holds_memory(const struct node_config_row *row)
{
    return row->type == NODE_CONFIG_TEXT || row->type == NODE_CONFIG_PATH ||
           row->type == NODE_CONFIG_SECRET;
}

void node_config_value_done(struct node_config *config, const struct node_config_row *row)
{
    if (!holds_memory(row))
        return;
    char **text = field_of(config, row);
    if (*text && row->type == NODE_CONFIG_SECRET)
        explicit_bzero(*text, strlen(*text));
    free(*text);
    *text = NULL;
}
