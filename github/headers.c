/* A bounded list of fields over an arena of chunks, so that what was handed out stays where it is
 * while more is added. Knows nothing of what a field means. */
#include "github/headers.h"

#include <errno.h>
#include <string.h>

enum { CHUNK_CAPACITY = 4096 }; /* bytes; a longer field gets a chunk of its own size */

struct github_headers_chunk {
    struct github_headers_chunk *next;
    size_t used, capacity;
    char data[];
};

void github_headers_init(struct github_headers *self)
{
    self->count = 0;
    self->bytes = 0;
    self->chunks = NULL;
}

void github_headers_done(struct github_headers *self)
{
    while (self->chunks) {
        struct github_headers_chunk *next = self->chunks->next;
        free(self->chunks);
        self->chunks = next;
    }
    github_headers_init(self);
}

static bool fits(const struct github_headers *self, struct slice name, struct slice value)
{
    const size_t left = GITHUB_HEADERS_BYTES_MAX - self->bytes;
    return self->count < GITHUB_HEADERS_MAX && value.size <= GITHUB_HEADER_VALUE_MAX &&
           name.size <= left && value.size <= left - name.size;
}

/* The newest chunk if size bytes fit into it, else a new one in front; NULL when memory is short.
 */
static struct github_headers_chunk *chunk_for(struct github_headers *self, size_t size)
{
    struct github_headers_chunk *chunk = self->chunks;
    if (chunk && size <= chunk->capacity - chunk->used)
        return chunk;
    const size_t capacity = size > CHUNK_CAPACITY ? size : CHUNK_CAPACITY;
    chunk = malloc(sizeof *chunk + capacity);
    if (!chunk)
        return NULL;
    chunk->next = self->chunks;
    chunk->used = 0;
    chunk->capacity = capacity;
    self->chunks = chunk;
    return chunk;
}

static struct slice put(struct github_headers_chunk *chunk, struct slice text)
{
    const struct slice copy = {.data = chunk->data + chunk->used, .size = text.size};
    if (text.size)
        memcpy(chunk->data + chunk->used, text.data, text.size);
    chunk->used += text.size;
    return copy;
}

static void append(struct github_headers *self, struct slice name, struct slice value)
{
    self->list[self->count].name = name;
    self->list[self->count].value = value;
    self->count++;
    self->bytes += name.size + value.size;
}

int github_headers_add(struct github_headers *self, struct slice name, struct slice value)
{
    if (!fits(self, name, value))
        return -EMSGSIZE;
    struct github_headers_chunk *chunk = chunk_for(self, name.size + value.size);
    if (!chunk)
        return -ENOMEM;
    const struct slice own_name = put(chunk, name), own_value = put(chunk, value);
    append(self, own_name, own_value);
    return 0;
}

int github_headers_borrow(struct github_headers *self, struct slice name, struct slice value)
{
    if (!fits(self, name, value))
        return -EMSGSIZE;
    if (!value.data)
        value.data = ""; /* an empty value is not an absent one */
    append(self, name, value);
    return 0;
}

int github_headers_copy(struct github_headers *self, const struct github_headers *other)
{
    CHECK(self != other);
    int r = 0;
    for (size_t i = 0; r == 0 && i < other->count; i++)
        r = github_headers_add(self, other->list[i].name, other->list[i].value);
    return r;
}

static bool is_named(const struct github_header *header, struct slice name)
{
    return slice_equals_nocase(header->name, name);
}

void github_headers_remove(struct github_headers *self, const char *name)
{
    const struct slice wanted = slice_of(name);
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++) {
        const struct github_header header = self->list[i];
        if (is_named(&header, wanted))
            self->bytes -= header.name.size + header.value.size;
        else
            self->list[kept++] = header;
    }
    self->count = kept;
}

struct slice github_headers_find(const struct github_headers *self, const char *name)
{
    const struct slice wanted = slice_of(name);
    for (size_t i = 0; i < self->count; i++)
        if (is_named(&self->list[i], wanted))
            return self->list[i].value;
    const struct slice none = {.data = NULL, .size = 0};
    return none;
}

size_t github_headers_count(const struct github_headers *self, const char *name)
{
    const struct slice wanted = slice_of(name);
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        count += is_named(&self->list[i], wanted);
    return count;
}

static bool value_lists(struct slice value, struct slice element)
{
    for (struct slice rest = value; rest.data;)
        if (slice_equals_nocase(slice_trim(slice_next(&rest, ',')), element))
            return true;
    return false;
}

bool github_headers_lists(const struct github_headers *self, const char *name, const char *element)
{
    const struct slice wanted = slice_of(name), wanted_element = slice_of(element);
    for (size_t i = 0; i < self->count; i++)
        if (is_named(&self->list[i], wanted) && value_lists(self->list[i].value, wanted_element))
            return true;
    return false;
}
