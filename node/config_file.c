/* Reading of the configuration file. CZMQ takes the values out; the lines are checked before,
 * because it reports a bad line on standard output only, and a mistyped file deserves its line
 * number. */
#include "node/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <czmq.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/slice.h"

enum { INDENT = 4 }; /* spaces of one level in ZPL */

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static bool is_blank_or_comment(struct slice text)
{
    text = slice_trim(text);
    return text.size == 0 || text.data[0] == '#';
}

/* What stands behind "=": quoted text or bare words, then nothing or a comment. */
static const char *check_value(struct slice text)
{
    text = slice_trim(text);
    if (text.size == 0)
        return NULL;
    if (text.data[0] == '#')
        return "a value can't start with #: put it in quotes";
    if (text.data[0] != '"' && text.data[0] != '\'')
        return NULL;
    const char *end = memchr(text.data + 1, text.data[0], text.size - 1);
    if (!end)
        return "the closing quote is missing";
    if (!is_blank_or_comment(slice_skip(text, (size_t)(end - text.data) + 1)))
        return "nothing may stand behind the closing quote";
    return NULL;
}

/* NULL when the line is fine, else what is wrong with it. */
static const char *check_line(struct slice line, bool *in_section)
{
    size_t indent = 0, name = 0;
    if (memchr(line.data, '\0', line.size))
        return "a zero byte";
    if (slice_ends_with(line, slice_of("\r")))
        line.size--;
    while (indent < line.size && line.data[indent] == ' ')
        indent++;
    const struct slice text = slice_skip(line, indent);
    if (is_blank_or_comment(text))
        return indent % INDENT ? "indent by four spaces" : NULL;
    while (name < text.size && is_name_character(text.data[name]))
        name++;
    if (indent != 0 && indent != INDENT)
        return "indent a key by four spaces below its section";
    if (name == 0)
        return "a line starts with a section or a key";
    if (indent == INDENT && !*in_section)
        return "no section stands above this key";
    *in_section = true;
    const struct slice rest = slice_trim(slice_skip(text, name));
    if (is_blank_or_comment(rest))
        return NULL;
    return rest.data[0] == '=' ? check_value(slice_skip(rest, 1)) : "write KEY = VALUE";
}

static int check_lines(const char *file, struct slice text, struct node_config_error *ret_error)
{
    bool in_section = false;
    for (unsigned number = 1; text.data && text.size; number++) {
        const char *problem = check_line(slice_next(&text, '\n'), &in_section);
        if (problem)
            return node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG, "%s:%u: %s", file,
                                         number, problem);
    }
    return 0;
}

static int read_all(int fd, char *text, size_t *ret_size)
{
    size_t size = 0;
    ssize_t got = 1;
    while (got > 0 && size <= NODE_CONFIG_FILE_MAX) {
        got = read(fd, text + size, NODE_CONFIG_FILE_MAX + 1 - size);
        size += got > 0 ? (size_t)got : 0;
        got = got < 0 && errno == EINTR ? 1 : got;
    }
    if (got < 0)
        return -errno;
    *ret_size = size;
    return size > NODE_CONFIG_FILE_MAX ? -EFBIG : 0;
}

/* The file's text, terminated; the caller frees it. */
static int load_text(const char *file, char **ret_text, size_t *ret_size)
{
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    char *text = calloc(1, NODE_CONFIG_FILE_MAX + 2);
    int r = text ? read_all(fd, text, ret_size) : -ENOMEM;
    close(fd);
    if (r == 0)
        *ret_text = text;
    else
        free(text);
    return r;
}

static int give(struct node_config *config, const char *key, const char *value,
                struct node_config_error *ret_error)
{
    const struct node_config_row *row = node_config_row_find_key(slice_of(key));
    if (!row)
        return node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG,
                                     "%s: unknown key %s: see mesh-node --print-config",
                                     config->file, key);
    return node_config_give(config, row, slice_of(value), NODE_CONFIG_ORIGIN_FILE) < 0
               ? node_config_error_memory(ret_error)
               : 0;
}

static int give_section(struct node_config *config, zconfig_t *section, bool *seen,
                        struct node_config_error *ret_error)
{
    int r = 0;
    for (zconfig_t *item = zconfig_child(section); r == 0 && item; item = zconfig_next(item)) {
        char key[NODE_CONFIG_NAME_SIZE * 2];
        snprintf(key, sizeof key, "%.63s.%.63s", zconfig_name(section), zconfig_name(item));
        const struct node_config_row *row = node_config_row_find_key(slice_of(key));
        if (row && seen[node_config_row_id(row)])
            return node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG,
                                         "%s: %s stands twice: remove one", config->file, key);
        if (row)
            seen[node_config_row_id(row)] = true;
        r = give(config, key, zconfig_value(item), ret_error);
    }
    return r;
}

static bool section_exists(const char *name)
{
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++) {
        struct slice key = slice_of(node_config_row_at(i)->key);
        if (slice_equals(slice_next(&key, '.'), slice_of(name)))
            return true;
    }
    return false;
}

static int give_tree(struct node_config *config, zconfig_t *root,
                     struct node_config_error *ret_error)
{
    bool seen[NODE_CONFIG_COUNT] = {false};
    int r = 0;
    for (zconfig_t *item = zconfig_child(root); r == 0 && item; item = zconfig_next(item)) {
        if (!section_exists(zconfig_name(item)) || zconfig_value(item)[0])
            return node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG,
                                         "%s: unknown section %s: see mesh-node --print-config",
                                         config->file, zconfig_name(item));
        r = give_section(config, item, seen, ret_error);
    }
    return r;
}

int node_config_file_read(struct node_config *config, struct node_config_error *ret_error)
{
    char *text = NULL;
    size_t size = 0;
    int r = load_text(config->file, &text, &size);
    if (r < 0 || !text)
        return node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG,
                                     "--config %s: %s: give a readable file of at most 64 KiB",
                                     config->file, strerror(-r));
    const struct slice all = {.data = text, .size = size};
    r = check_lines(config->file, all, ret_error);
    zconfig_t *root = r == 0 ? zconfig_str_load(text) : NULL;
    if (r == 0 && !root)
        r = node_config_error_set(ret_error, NODE_CONFIG_EXIT_CONFIG, "%s: not valid ZPL",
                                  config->file);
    if (r == 0)
        r = give_tree(config, root, ret_error);
    zconfig_destroy(&root);
    explicit_bzero(text, size);
    free(text);
    return r;
}
