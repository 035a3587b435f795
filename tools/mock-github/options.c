/* Parser and help over options.def. Says what is wrong and what would be right. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"

enum option_type { OPTION_TYPE_TEXT, OPTION_TYPE_NUMBER };

struct option {
    const char *name;
    enum option_type type;
    size_t offset;
    const char *text;         /* default of a text */
    int64_t number, min, max; /* default and range of a number */
    const char *argument, *help;
};

static const struct option options[] = {
#define OPTION_TEXT(name, value, argument, help)                                                   \
    {#name, OPTION_TYPE_TEXT, offsetof(struct mock_options, name), value, 0, 0, 0, argument, help},
#define OPTION_NUMBER(name, value, min, max, argument, help)                                       \
    {                                                                                              \
        #name,                                                                                     \
        OPTION_TYPE_NUMBER,                                                                        \
        offsetof(struct mock_options, name),                                                       \
        "",                                                                                        \
        value,                                                                                     \
        min,                                                                                       \
        max,                                                                                       \
        argument,                                                                                  \
        help},
#include "options.def"
#undef OPTION_TEXT
#undef OPTION_NUMBER
};

enum { OPTION_COUNT = sizeof options / sizeof *options };

static void set_text(struct mock_options *self, const struct option *option, const char *text)
{
    memcpy((char *)self + option->offset, &text, sizeof text);
}

static void set_number(struct mock_options *self, const struct option *option, int64_t number)
{
    memcpy((char *)self + option->offset, &number, sizeof number);
}

static void print_help(void)
{
    printf("usage: mock-github [options]\n\n"
           "Serves a small GitHub API from memory: deterministic data, ETags, limits, faults.\n\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char name[64];
        snprintf(name, sizeof name, "--%s %s", options[i].name, options[i].argument);
        for (char *c = name + 2; *c; c++)
            if (*c == '_')
                *c = '-';
        printf("  %-24s %s", name, options[i].help);
        if (options[i].type == OPTION_TYPE_NUMBER)
            printf(" [%lld]\n", (long long)options[i].number);
        else
            printf(options[i].text[0] ? " [%s]\n" : "%s\n", options[i].text);
    }
    printf("\nControl: GET /_stats, /_log, /_history?path=; POST /_change, /_tokens, /_fault,\n"
           "/_set, /_reset; DELETE /_fault. See tools/mock-github/README.md.\n");
}

/* Whether text is the option's name, with dashes or underscores. */
static bool is_named(struct slice text, const char *name)
{
    if (text.size != strlen(name))
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != name[i] && !(text.data[i] == '-' && name[i] == '_'))
            return false;
    return true;
}

static const struct option *find(struct slice text)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (is_named(text, options[i].name))
            return &options[i];
    return NULL;
}

static int take(struct mock_options *self, const struct option *option, const char *text)
{
    uint64_t number = 0;
    if (option->type == OPTION_TYPE_TEXT) {
        set_text(self, option, text);
        return 0;
    }
    if (!slice_to_u64(slice_of(text), (uint64_t)option->max, &number) ||
        (int64_t)number < option->min) {
        fprintf(stderr, "mock-github: --%s %s: give a number from %lld to %lld\n", option->name,
                text, (long long)option->min, (long long)option->max);
        return -EINVAL;
    }
    set_number(self, option, (int64_t)number);
    return 0;
}

static int read_one(struct mock_options *self, int argc, char **argv, int *at)
{
    struct slice rest = slice_of(argv[*at]);
    const struct slice dashes = slice_of("--");
    const bool joined = strchr(argv[*at], '=') != NULL;
    const struct slice name = slice_next(&rest, '=');
    const struct option *option =
        slice_starts_with(name, dashes) ? find(slice_skip(name, dashes.size)) : NULL;
    if (!option) {
        fprintf(stderr, "mock-github: unknown option %s: see mock-github --help\n", argv[*at]);
        return -EINVAL;
    }
    if (joined)
        return take(self, option, rest.data);
    if (*at + 1 == argc) {
        fprintf(stderr, "mock-github: %s needs a value: %s\n", argv[*at], option->argument);
        return -EINVAL;
    }
    return take(self, option, argv[++*at]);
}

int mock_options_read(struct mock_options *ret_options, int argc, char **argv)
{
    struct mock_options self;
    int r = 0;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (options[i].type == OPTION_TYPE_TEXT)
            set_text(&self, &options[i], options[i].text);
        else
            set_number(&self, &options[i], options[i].number);
    }
    for (int at = 1; at < argc && r == 0; at++) {
        if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            print_help();
            return 1;
        }
        r = read_one(&self, argc, argv, &at);
    }
    if (r == 0)
        *ret_options = self;
    return r;
}
