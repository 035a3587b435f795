/* Links and bodies: what is moved away can be moved back, nothing else changes, and every answer
 * lies inside the input. */
#include "fuzz.h"

#include "base/buffer.h"
#include "base/check.h"
#include "github/link.h"

enum { OUT_MAX = 1024 * 1024 };

typedef void rewrite(struct slice, struct slice, struct slice, struct buffer *);

static void check_there_and_back(rewrite *move, struct slice text)
{
    const struct slice upstream = slice_of("https://api.github.com");
    const struct slice base = slice_of("http://127.0.0.1:9480");
    struct buffer there, back;
    buffer_init(&there, OUT_MAX);
    buffer_init(&back, OUT_MAX);

    move(text, upstream, base, &there);
    move(buffer_slice(&there), base, upstream, &back);
    CHECK(there.error == 0 && back.error == 0);
    if (!slice_contains_nocase(text, base))
        CHECK(slice_equals(buffer_slice(&back), text));

    buffer_clear(&there);
    move(text, upstream, upstream, &there);
    CHECK(slice_equals(buffer_slice(&there), text));
    buffer_done(&there);
    buffer_done(&back);
}

static void check_find(struct slice link)
{
    const struct slice next = github_link_find(link, slice_of("next"));
    if (!next.data)
        return;
    CHECK(next.data > link.data && next.data + next.size < link.data + link.size);
    CHECK(next.data[-1] == '<' && next.data[next.size] == '>');
}

static void check_page(struct slice query)
{
    struct buffer out;
    buffer_init(&out, OUT_MAX);
    github_link_set_page(slice_of("/a"), query, 7, &out);
    struct slice rest = slice_skip(buffer_slice(&out), sizeof "/a?" - 1);
    CHECK(github_link_parameter(rest, "page", 0) == 7);
    CHECK(github_link_parameter(rest, "per_page", 1) ==
          github_link_parameter(query, "per_page", 1));
    buffer_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice text = {.data = (const char *)data, .size = size};
    check_there_and_back(github_link_rewrite, text);
    check_there_and_back(github_link_rewrite_url, text);
    check_there_and_back(github_link_rewrite_body, text);
    check_find(text);
    check_page(text);
    if (github_link_repository_id(text) != 0)
        CHECK(slice_contains_nocase(text, slice_of("/repositories/")));
    return 0;
}
