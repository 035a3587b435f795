/* Resolving of paths in settings. Touches the file system only to look at the runtime folder. */
#include "node/config_path.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include <linux/limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

enum { PASSWD_BUFFER_SIZE = 16384 };

/* HOME, else what the user database says. */
static int put_home(struct buffer *out)
{
    const char *home = getenv("HOME");
    if (home && home[0] == '/') {
        buffer_put_text(out, home);
        return 0;
    }
    char *buffer = malloc(PASSWD_BUFFER_SIZE);
    if (!buffer)
        return -ENOMEM;
    struct passwd entry, *found = NULL;
    int r = -getpwuid_r(geteuid(), &entry, buffer, PASSWD_BUFFER_SIZE, &found);
    if (r == 0 && (!found || found->pw_dir[0] != '/'))
        r = -ENOENT;
    if (r == 0)
        buffer_put_text(out, found->pw_dir);
    free(buffer);
    return r;
}

static int put_working_folder(struct buffer *out)
{
    char *folder = getcwd(NULL, 0);
    if (!folder)
        return -errno;
    buffer_put_text(out, folder);
    if (strcmp(folder, "/") != 0)
        buffer_put_char(out, '/');
    free(folder);
    return 0;
}

static int put_absolute(struct slice text, struct buffer *out)
{
    int r = 0;
    const struct slice tilde = slice_of("~/");
    if (slice_starts_with(text, tilde)) {
        r = put_home(out);
        text = slice_skip(text, 1);
    } else if (!slice_starts_with(text, slice_of("/"))) {
        r = put_working_folder(out);
    }
    buffer_put_slice(out, text);
    return r;
}

int node_config_path_absolute(struct slice text, char **ret_path)
{
    struct buffer out;
    buffer_init(&out, PATH_MAX);
    int r = 0;
    if (slice_is_empty(text) || slice_equals(text, slice_of(NODE_CONFIG_PATH_NONE)))
        buffer_put_slice(&out, text);
    else
        r = put_absolute(text, &out);
    if (r == 0)
        r = buffer_take(&out, ret_path, NULL);
    buffer_done(&out);
    return r;
}

static bool is_users_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

/* NULL when the variable can't be used. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    if (!value || value[0] != '/')
        return NULL;
    if (strcmp(name, "XDG_RUNTIME_DIR") == 0 && !is_users_folder(value))
        return NULL;
    return value;
}

/* The value of what stands between ${ and }; borrowed, NULL when there is none. */
static const char *reference(const struct node_config *config, struct slice name)
{
    const struct node_config_row *row = node_config_row_find_key(name);
    if (row) {
        CHECK(row->type == NODE_CONFIG_PATH);
        const char *value = *(char *const *)((const char *)config + row->offset);
        CHECK(value);
        return value;
    }
    char *terminated = slice_copy(name);
    const char *value = terminated ? variable(terminated) : NULL;
    free(terminated);
    return value;
}

/* Whether the alternative could be expanded into out. */
static bool put_alternative(const struct node_config *config, struct slice text, struct buffer *out)
{
    if (!slice_starts_with(text, slice_of("${"))) {
        buffer_put_slice(out, text);
        return true;
    }
    struct slice rest = slice_skip(text, 2);
    const char *value = reference(config, slice_next(&rest, '}'));
    if (!value)
        return false;
    buffer_put_text(out, value);
    buffer_put_slice(out, rest);
    return true;
}

int node_config_path_default(const struct node_config *config, const char *alternatives,
                             char **ret_path)
{
    struct slice rest = slice_of(alternatives);
    struct buffer out;
    buffer_init(&out, PATH_MAX);
    bool found = false;
    while (!found && rest.data)
        found = put_alternative(config, slice_next(&rest, '|'), &out);
    int r = found ? out.error : -ENOENT;
    if (r == 0)
        r = node_config_path_absolute(buffer_slice(&out), ret_path);
    buffer_done(&out);
    return r;
}
