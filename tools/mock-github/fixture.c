/* Reads files below one folder only. */
#include "fixture.h"

#include <string.h>

/* Segments are decoded: one that holds a slash or is a dot name could leave the folder. */
static bool is_safe(const struct mock_request *request)
{
    for (size_t i = 0; i < request->segment_count; i++) {
        const char *segment = request->segments[i];
        if (strchr(segment, '/') || strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0 ||
            *segment == '\0')
            return false;
    }
    return request->segment_count > 0;
}

static void read_all(FILE *file, struct buffer *out)
{
    char chunk[MOCK_TEXT_MAX];
    for (size_t size = fread(chunk, 1, sizeof chunk, file); size;
         size = fread(chunk, 1, sizeof chunk, file))
        buffer_put(out, chunk, size);
}

bool mock_fixture_serve(struct mock_call *call)
{
    const char *folder = call->mock->options.fixtures;
    struct buffer path;
    FILE *file = NULL;
    if (!*folder || !is_safe(call->request))
        return false;
    buffer_init(&path, MOCK_TARGET_MAX);
    buffer_put_text(&path, folder);
    for (size_t i = 0; i < call->request->segment_count; i++)
        buffer_put_format(&path, "/%s", call->request->segments[i]);
    buffer_put_text(&path, ".json");
    if (!path.error)
        file = fopen(path.data, "re");
    buffer_done(&path);
    if (!file)
        return false;
    read_all(file, &call->answer->body);
    fclose(file);
    return true;
}
