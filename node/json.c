/* Writing of node.json. */
#include "node/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

enum { JSON_MAX = 16 * 1024, JSON_MODE = 0600 };

static void put_member(struct buffer *out, const char *name, const char *value)
{
    buffer_put_format(out, ",\n  \"%s\": ", name);
    if (!value) {
        buffer_put_text(out, "null");
        return;
    }
    buffer_put_char(out, '"');
    buffer_put_json(out, slice_of(value));
    buffer_put_char(out, '"');
}

static void put_facts(struct buffer *out, const struct node_json_facts *facts)
{
    buffer_put_format(out, "{\n  \"pid\": %ld", (long)facts->pid);
    put_member(out, "peer_id", facts->peer_id);
    put_member(out, "http", facts->http);
    put_member(out, "socket", facts->socket);
    put_member(out, "mesh", NULL);
    put_member(out, "region", facts->region);
    put_member(out, "version", facts->version);
    buffer_put_text(out, "\n}\n");
}

static int write_file(const char *path, struct slice text)
{
    /* A draft that a crash left behind is overwritten; one node at a time uses the folder. */
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, JSON_MODE);
    if (fd < 0)
        return -errno;
    const ssize_t wrote = write(fd, text.data, text.size);
    int r = wrote < 0 ? -errno : (size_t)wrote < text.size ? -ENOSPC : 0;
    if (close(fd) < 0 && r == 0)
        r = -errno;
    return r;
}

static int write_and_move(const char *data_dir, struct slice text)
{
    char *draft = NULL, *path = NULL;
    int r = asprintf(&draft, "%s/node.json.new", data_dir) < 0 ? -ENOMEM : 0;
    if (r == 0 && asprintf(&path, "%s/node.json", data_dir) < 0)
        r = -ENOMEM;
    if (r == 0)
        r = write_file(draft, text);
    if (r == 0 && rename(draft, path) < 0)
        r = -errno;
    if (r < 0 && path)
        unlink(draft);
    free(draft);
    free(path);
    return r;
}

int node_json_write(const char *data_dir, const struct node_json_facts *facts)
{
    struct buffer text;
    buffer_init(&text, JSON_MAX);
    put_facts(&text, facts);
    int r = text.error;
    if (r == 0)
        r = write_and_move(data_dir, buffer_slice(&text));
    buffer_done(&text);
    return r;
}

int node_json_remove(const char *data_dir)
{
    char *path = NULL;
    if (asprintf(&path, "%s/node.json", data_dir) < 0)
        return -ENOMEM;
    const int r = unlink(path) < 0 && errno != ENOENT ? -errno : 0;
    free(path);
    return r;
}
