/* --help and --print-config from config.def. The manual page is config_man.c's. */
#include "node/config_print.h"

#include <string.h>

#include "base/buffer.h"
#include "base/slice.h"
#include "node/config_value.h"

enum {
    LINE_WIDTH = 80, /* columns of --help */
    FILE_WIDTH = 100,
    HELP_INDENT = 26, /* where the prose starts */
    FILE_INDENT = 4,  /* ZPL's indentation of a key */
    VALUE_MAX = 16 * 1024,
};

/* Writes the words of text in lines of at most width columns. The first line starts at column, each
 * later one with indent spaces and the mark. */
struct wrap {
    FILE *out;
    int width, indent, column;
    const char *mark;
};

static void wrap_word(struct wrap *self, struct slice word)
{
    const int size = (int)word.size, start = self->indent + (int)strlen(self->mark);
    if (self->column + 1 + size > self->width && self->column > start) {
        fprintf(self->out, "\n%*s%s", self->indent, "", self->mark);
        self->column = start;
    }
    fprintf(self->out, "%s%.*s", self->column > start ? " " : "", size, word.data);
    self->column += size + (self->column > start);
}

static void wrap_text(struct wrap *self, const char *text)
{
    struct slice rest = slice_of(text);
    while (rest.data)
        wrap_word(self, slice_next(&rest, ' '));
}

/* The default as people read it: alternatives joined by "or". */
static void put_default(const struct node_config_row *row, char *ret, size_t size)
{
    struct slice rest = slice_of(row->type == NODE_CONFIG_PATH ? row->fallback : "");
    size_t used = 0;
    snprintf(ret, size, "%s", row->fallback[0] ? row->fallback : "nothing");
    while (rest.size) {
        const struct slice part = slice_next(&rest, '|');
        const int wrote = snprintf(ret + used, size - used, "%s%.*s", used ? ", else " : "",
                                   (int)part.size, part.data);
        CHECK(wrote > 0 && (size_t)wrote < size - used);
        used += (size_t)wrote;
    }
}

enum { DEFAULT_SIZE = 160 };

static void print_help_row(const struct node_config_row *row, FILE *out)
{
    char head[NODE_CONFIG_NAME_SIZE * 2], fallback[DEFAULT_SIZE], tail[DEFAULT_SIZE * 2];
    if (row->option)
        snprintf(head, sizeof head, "  %s %s", row->option, row->metavar);
    else
        snprintf(head, sizeof head, "  %s=%s", row->key, row->metavar);
    put_default(row, fallback, sizeof fallback);
    snprintf(tail, sizeof tail, "[%s%sdefault: %s]", row->option ? row->key : "",
             row->option ? "; " : "", fallback);

    int column = fprintf(out, "%s", head);
    if (column >= HELP_INDENT) {
        fputc('\n', out);
        column = 0;
    }
    fprintf(out, "%*s", HELP_INDENT - column, "");
    struct wrap wrap = {
        .out = out, .width = LINE_WIDTH, .indent = HELP_INDENT, .column = HELP_INDENT, .mark = ""};
    wrap_text(&wrap, row->prose);
    wrap_text(&wrap, tail);
    fputc('\n', out);
}

static void print_help_rows(FILE *out, bool with_option)
{
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++) {
        const struct node_config_row *row = node_config_row_at(i);
        if ((row->option != NULL) == with_option)
            print_help_row(row, out);
    }
}

void node_config_print_help(FILE *out)
{
    fputs("usage: mesh-node [--config FILE] [--set KEY=VALUE]... [options]\n"
          "\n"
          "Answers for GitHub's API on this host, and asks GitHub as little as possible.\n"
          "\n"
          "  --config FILE           Read settings from FILE (see --print-config).\n"
          "  --set KEY=VALUE         Change one setting by its key.\n"
          "  --print-config          Print the settings in force as a file, and stop.\n"
          "  --print-man             Print the manual page (mdoc), and stop.\n"
          "  --version, --help       Print that, and stop.\n"
          "\n"
          "Options:\n",
          out);
    print_help_rows(out, true);
    fputs("\nSettings without an option, for --set and the file:\n", out);
    print_help_rows(out, false);
    fputs("\nThe command line wins over the environment (RUNMESH_HTTP_LISTEN for http.listen),\n"
          "that over the file, that over the default. SIGHUP reads the file again.\n"
          "Sizes take K, M, G, T, periods s, m, h, d behind the number.\n",
          out);
}

static struct slice section_of(const struct node_config_row *row)
{
    struct slice key = slice_of(row->key);
    return slice_next(&key, '.');
}

static const char *name_of(const struct node_config_row *row)
{
    return row->key + section_of(row).size + 1;
}

static int print_file_row(const struct node_config *config, const struct node_config_row *row,
                          FILE *out)
{
    struct buffer value;
    buffer_init(&value, VALUE_MAX);
    node_config_value_format(config, row, &value);
    const char *text = value.data ? value.data : "";
    struct wrap wrap = {.out = out,
                        .width = FILE_WIDTH,
                        .indent = FILE_INDENT,
                        .mark = "# ",
                        .column = FILE_INDENT + 2};
    fprintf(out, "%*s# ", FILE_INDENT, "");
    wrap_text(&wrap, row->prose);
    if (row->type == NODE_CONFIG_SECRET && text[0] && text[0] != '@') {
        fprintf(out, "\n%*s# %s is set; it is not shown.\n", FILE_INDENT, "", name_of(row));
    } else {
        const char quote = strchr(text, '"') ? '\'' : '"';
        fprintf(out, "\n%*s%s = %c%s%c\n", FILE_INDENT, "", name_of(row), quote, text, quote);
    }
    const int r = value.error;
    buffer_done(&value);
    return r;
}

int node_config_print_file(const struct node_config *config, FILE *out)
{
    struct slice section = {0};
    int r = 0;
    fputs("# Settings of mesh-node. A section stands at the margin, its keys four spaces in.\n",
          out);
    for (size_t i = 0; r == 0 && i < NODE_CONFIG_COUNT; i++) {
        const struct node_config_row *row = node_config_row_at(i);
        if (!slice_equals(section, section_of(row))) {
            section = section_of(row);
            fprintf(out, "\n%.*s\n", (int)section.size, section.data);
        }
        r = print_file_row(config, row, out);
    }
    return r;
}
