/* The store's verification, in words. */
#include "tools/mesh-inspect/fsck.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/buffer.h"
#include "store/store.h"

enum {
    EXIT_FINE = 0,
    EXIT_PROBLEM = 1,
    EXIT_NO_NODE = 69,
    JSON_MAX = 4096,
};

static void print_json(const struct store_report *report)
{
    struct buffer text;
    buffer_init(&text, JSON_MAX);
    buffer_put_format(&text,
                      "{\"entries\":%" PRIu64 ",\"bodies\":%" PRIu64 ",\"damaged\":%" PRIu64
                      ",\"first_problem\":\"",
                      report->entries, report->bodies, report->damaged);
    buffer_put_json(&text, slice_of(report->first_problem));
    buffer_put_text(&text, "\"}\n");
    if (!text.error)
        fputs(text.data, stdout);
    buffer_done(&text);
}

static void print_text(const struct store_report *report)
{
    printf("%" PRIu64 " entries, %" PRIu64 " bodies, %" PRIu64 " damaged\n", report->entries,
           report->bodies, report->damaged);
    if (report->first_problem[0])
        printf("first: %s\n", report->first_problem);
}

static int explain(const struct inspect_options *options, int r)
{
    const char *text = "can't be read";
    int exit_code = EXIT_PROBLEM;
    if (r == -ENOENT || r == -ENOTDIR) {
        text = "has no store; give --node the data folder of a node";
        exit_code = EXIT_NO_NODE;
    } else if (r == -EBUSY) {
        text = "belongs to a running node; stop it first";
        exit_code = EXIT_NO_NODE;
    } else if (r == -EUCLEAN) {
        text = "is damaged; the node will set it aside and begin an empty one";
    }
    fprintf(stderr, "mesh-inspect: %s: %s\n", options->node, text);
    return exit_code;
}

int fsck_run(const struct inspect_options *options)
{
    struct store_report report = {0};
    const int r = store_verify(options->node, &report);
    if (r < 0)
        return explain(options, r);
    if (options->is_json)
        print_json(&report);
    else
        print_text(&report);
    return report.damaged ? EXIT_PROBLEM : EXIT_FINE;
}
