/* Pages as GitHub numbers and links them. */
#include "page.h"

#include <string.h>

struct mock_page mock_page_of(const struct mock_request *request, size_t total)
{
    enum { NUMBER_MAX = 1000000 };
    struct mock_page self = {.total = total};
    const size_t size = mock_request_number(request, "per_page", NUMBER_MAX, MOCK_PAGE_DEFAULT);
    self.number = mock_request_number(request, "page", NUMBER_MAX, 1);
    self.size = size == 0 ? MOCK_PAGE_DEFAULT : size > MOCK_PAGE_MAX ? MOCK_PAGE_MAX : size;
    if (self.number == 0)
        self.number = 1;
    self.first = (self.number - 1) * self.size;
    if (self.first > total)
        self.first = total;
    self.end = self.first + self.size < total ? self.first + self.size : total;
    return self;
}

/* The raw query with page=number in the place of its page, or at its end. */
static void put_query(struct buffer *out, const char *target, size_t number)
{
    struct slice rest = slice_of(target);
    bool is_put = false;
    char separator = '?';
    slice_next(&rest, '?');
    while (rest.data) {
        const struct slice parameter = slice_next(&rest, '&');
        if (parameter.size == 0)
            continue;
        buffer_put_char(out, separator);
        separator = '&';
        if (slice_starts_with(parameter, slice_of("page=")) && !is_put) {
            buffer_put_format(out, "page=%zu", number);
            is_put = true;
        } else {
            buffer_put_slice(out, parameter);
        }
    }
    if (!is_put)
        buffer_put_format(out, "%cpage=%zu", separator, number);
}

void mock_page_link(const struct mock_page *self, const struct mock_request *request,
                    const char *base, const char *path, struct mock_answer *answer)
{
    const size_t last = self->total ? (self->total + self->size - 1) / self->size : 1;
    const struct {
        const char *name;
        size_t number;
        bool exists;
    } links[] = {
        {"prev", self->number - 1 < last ? self->number - 1 : last, self->number > 1},
        {"next", self->number + 1, self->number < last},
        {"last", last, self->number < last},
        {"first", 1, self->number > 1},
    };
    struct buffer out;
    buffer_init(&out, MOCK_ITEM_MAX);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        if (!links[i].exists)
            continue;
        buffer_put_format(&out, "%s<%s%s", out.size ? ", " : "", base, path);
        put_query(&out, request->target, links[i].number);
        buffer_put_format(&out, ">; rel=\"%s\"", links[i].name);
    }
    if (out.size)
        mock_answer_put(answer, "Link", "%s", out.data);
    buffer_done(&out);
}
