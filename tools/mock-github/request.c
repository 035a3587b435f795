/* Parts of a request. Decodes, judges nothing. */
#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "base/slice.h"

/* Percent-decoding; a broken escape stays as it is. In queries a plus sign is a space. */
static char *decode(struct slice text, bool is_query)
{
    char *decoded = malloc(text.size + 1);
    if (!decoded)
        return NULL;
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        const struct slice digits = {.data = text.data + i + 1, .size = 2};
        uint8_t byte = (uint8_t)text.data[i];
        if (byte == '%' && i + 2 < text.size && hex_decode(digits, &byte, 1) == 0)
            i += 2;
        else if (text.data[i] == '%')
            byte = '%';
        else if (byte == '+' && is_query)
            byte = ' ';
        decoded[size++] = (char)byte;
    }
    decoded[size] = '\0';
    return decoded;
}

static int split_path(struct mock_request *self, struct slice path)
{
    struct slice rest = slice_skip(path, 1);
    while (rest.data && rest.size) {
        if (self->segment_count == MOCK_SEGMENTS_MAX)
            return -EINVAL;
        char *segment = decode(slice_next(&rest, '/'), false);
        if (!segment)
            return -ENOMEM;
        self->segments[self->segment_count++] = segment;
    }
    return 0;
}

static int split_query(struct mock_request *self, struct slice query)
{
    while (query.data) {
        struct slice value = slice_next(&query, '&');
        if (value.size == 0)
            continue;
        if (self->parameter_count == MOCK_PARAMETERS_MAX)
            return -EINVAL;
        struct mock_header *parameter = &self->parameters[self->parameter_count++];
        parameter->name = decode(slice_next(&value, '='), true);
        parameter->value = decode(value, true);
        if (!parameter->name || !parameter->value)
            return -ENOMEM;
    }
    return 0;
}

/* Of "http://host/path" the part before the path: the absolute form of a target (RFC 9112, 3.2.2).
 */
static size_t origin_size(const char *target)
{
    const char *scheme = target ? strstr(target, "://") : NULL;
    if (!scheme || memchr(target, '/', (size_t)(scheme - target)))
        return 0;
    return (size_t)(scheme - target) + strlen("://") + strcspn(scheme + strlen("://"), "/?");
}

int mock_request_init(struct mock_request *self, const char *method, const char *target)
{
    memset(self, 0, sizeof *self);
    buffer_init(&self->body, MOCK_REQUEST_MAX);
    self->method = strdup(method);
    self->target = strdup(target);
    int r = self->method && self->target ? 0 : -ENOMEM;
    struct slice rest = slice_skip(slice_of(self->target), origin_size(self->target));
    const struct slice path = slice_next(&rest, '?');
    if (r == 0 && (path.size == 0 || path.data[0] != '/'))
        r = -EINVAL;
    if (r == 0)
        r = split_path(self, path);
    if (r == 0)
        r = split_query(self, rest);
    return r;
}

static void drop(struct mock_header *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(headers[i].name);
        free(headers[i].value);
    }
}

void mock_request_done(struct mock_request *self)
{
    free(self->method);
    free(self->target);
    for (size_t i = 0; i < self->segment_count; i++)
        free(self->segments[i]);
    drop(self->parameters, self->parameter_count);
    drop(self->headers, self->header_count);
    buffer_done(&self->body);
}

int mock_request_add_header(struct mock_request *self, const char *name, const char *value)
{
    if (self->header_count == MOCK_HEADERS_MAX) {
        self->headers_dropped = true;
        return -E2BIG;
    }
    struct mock_header *header = &self->headers[self->header_count];
    header->name = strdup(name);
    header->value = strdup(value ? value : "");
    if (!header->name || !header->value) {
        drop(header, 1);
        return -ENOMEM;
    }
    self->header_count++;
    return 0;
}

const char *mock_request_header(const struct mock_request *self, const char *name)
{
    for (size_t i = 0; i < self->header_count; i++)
        if (strcasecmp(self->headers[i].name, name) == 0)
            return self->headers[i].value;
    return NULL;
}

const char *mock_request_parameter(const struct mock_request *self, const char *name)
{
    for (size_t i = 0; i < self->parameter_count; i++)
        if (strcmp(self->parameters[i].name, name) == 0)
            return self->parameters[i].value;
    return NULL;
}

size_t mock_request_number(const struct mock_request *self, const char *name, size_t max,
                           size_t otherwise)
{
    uint64_t number = 0;
    const char *text = mock_request_parameter(self, name);
    return text && slice_to_u64(slice_of(text), max, &number) ? (size_t)number : otherwise;
}

bool mock_request_is(const struct mock_request *self, const char *method)
{
    return strcmp(self->method, method) == 0;
}

bool mock_request_is_read(const struct mock_request *self)
{
    return mock_request_is(self, "GET") || mock_request_is(self, "HEAD");
}
