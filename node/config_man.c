/* The manual page in mdoc(7): settings from the table, the rest written here. */
#include "node/config_man.h"

#include <stdbool.h>
#include <string.h>

#include "base/slice.h"
#include "node/config_row.h"

enum { MAN_WIDTH = 76 };

static const char head[] =
    ".Dd November 22, 2026\n"
    ".Dt MESH-NODE 8\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm mesh-node\n"
    ".Nd answers for GitHub's API on this host\n"
    ".Sh SYNOPSIS\n"
    ".Nm\n"
    ".Op Fl -config Ar FILE\n"
    ".Op Fl -set Ar KEY=VALUE\n"
    ".Op Ar options\n"
    ".Sh DESCRIPTION\n"
    ".Nm\n"
    "is a local stand-in for GitHub's REST API.\n"
    "Clients talk to it over TCP or a unix socket, each with its own token.\n"
    "It answers from its store while an answer is fresh and the token may read\n"
    "it, and asks GitHub otherwise, with a conditional request where one is\n"
    "possible.\n"
    ".Pp\n"
    "The options are:\n"
    ".Bl -tag -width Ds\n"
    ".It Fl -config Ar FILE\n"
    "Read settings from\n"
    ".Ar FILE .\n"
    ".It Fl -set Ar KEY=VALUE\n"
    "Change one setting by its key.\n"
    ".It Fl -print-config\n"
    "Print the settings in force as a configuration file, and stop.\n"
    ".It Fl -print-man\n"
    "Print this page, and stop.\n"
    ".It Fl -help\n"
    "Print a summary, and stop.\n"
    ".It Fl -version\n"
    "Print the version, and stop.\n"
    ".El\n"
    ".Pp\n"
    "Each setting below has a key, which is its name for\n"
    ".Fl -set\n"
    "and in the file; many have an option of their own, too.\n"
    "The command line wins over the environment, that over the file, that over\n"
    "the default.\n"
    "Sizes take the letters K, M, G and T behind the number, periods the letters\n"
    "s, m, h and d.\n"
    ".Bl -tag -width Ds\n";

static const char tail[] =
    ".El\n"
    ".Sh ENVIRONMENT\n"
    "Each setting is also read from a variable: its key in capitals, dots as\n"
    "underscores, behind\n"
    ".Ev RUNMESH_ .\n"
    "For example,\n"
    ".Ev RUNMESH_HTTP_LISTEN\n"
    "holds http.listen.\n"
    "An empty variable counts as unset.\n"
    ".Ev LISTEN_FDS ,\n"
    ".Ev NOTIFY_SOCKET\n"
    "and\n"
    ".Ev WATCHDOG_USEC\n"
    "are honoured as\n"
    ".Xr systemd 1\n"
    "sets them.\n"
    ".Sh FILES\n"
    "The configuration file has sections at the margin and keys four spaces in:\n"
    ".Bd -literal -offset indent\n"
    "http\n"
    "    listen = \"127.0.0.1:9480\"\n"
    "log\n"
    "    level = \"debug\"\n"
    ".Ed\n"
    ".Pp\n"
    "A node that serves writes\n"
    ".Pa node.json\n"
    "into its data folder and removes it when it ends.\n"
    ".Sh SIGNALS\n"
    ".Bl -tag -width SIGTERM\n"
    ".It Dv SIGTERM\n"
    "Stop accepting, finish what runs within 10 seconds, exit.\n"
    ".It Dv SIGHUP\n"
    "Read the file again, all or nothing.\n"
    ".El\n"
    ".Sh EXIT STATUS\n"
    ".Bl -tag -width Ds -compact\n"
    ".It 0\n"
    "It was told to stop.\n"
    ".It 64\n"
    "Wrong usage.\n"
    ".It 70\n"
    "Internal error.\n"
    ".It 75\n"
    "Another node uses this data folder.\n"
    ".It 78\n"
    "A setting is wrong, or something that it names can't be used.\n"
    ".El\n"
    ".Sh SEE ALSO\n"
    ".Xr curl 1 ,\n"
    ".Xr gh 1\n";

/* Writes text in input lines of moderate length; a new sentence starts a new line, as mdoc wants.
 */
static void print_text(const char *text, FILE *out)
{
    struct slice rest = slice_of(text);
    size_t column = 0;
    while (rest.data) {
        const struct slice word = slice_next(&rest, ' ');
        if (column && column + 1 + word.size > MAN_WIDTH) {
            fputc('\n', out);
            column = 0;
        }
        /* A dot or an apostrophe at the start of a line would be a request. */
        const bool guarded = column == 0 && (word.data[0] == '.' || word.data[0] == '\'');
        fprintf(out, "%s%s%.*s", column ? " " : "", guarded ? "\\&" : "", (int)word.size,
                word.data);
        column += word.size + 1;
        if (rest.data && slice_ends_with(word, slice_of("."))) {
            fputc('\n', out);
            column = 0;
        }
    }
    fputc('\n', out);
}

static void print_default(const struct node_config_row *row, FILE *out)
{
    struct slice rest = slice_of(row->fallback);
    fputs("Default:\n", out);
    if (slice_is_empty(rest))
        fputs("nothing.\n", out);
    while (rest.size) {
        const struct slice part = slice_next(&rest, '|');
        fprintf(out, ".Ql %.*s%s\n", (int)part.size, part.data, rest.data ? " ," : " .");
        if (rest.data)
            fputs("else\n", out);
    }
}

static void print_row(const struct node_config_row *row, FILE *out)
{
    if (row->option)
        fprintf(out, ".It Fl %s Ar %s Pq %s\n", row->option + 1, row->metavar, row->key);
    else
        fprintf(out, ".It %s Ns = Ns Ar %s\n", row->key, row->metavar);
    print_text(row->prose, out);
    print_default(row, out);
    if (row->legacy)
        fprintf(out, "The older name\n.Ev %s\nis read too.\n", row->legacy);
    if (row->apply == NODE_CONFIG_RELOAD)
        fputs("SIGHUP applies a change.\n", out);
}

void node_config_man_print(FILE *out)
{
    fputs(head, out);
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++)
        print_row(node_config_row_at(i), out);
    fputs(tail, out);
}
