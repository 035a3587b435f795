/* What tests of the settings share: one start of the program in a scratch folder, with arguments
 * and an environment of its own. */
#ifndef TESTS_UNIT_TEST_NODE_CONFIG_START_H
#define TESTS_UNIT_TEST_NODE_CONFIG_START_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "node/config.h"

enum { ARGUMENTS_MAX = 16, ARGUMENT_SIZE = 256 };

/* One start of the program: a scratch folder as home, arguments that may be overwritten, and what
 * was printed. */
struct fixture {
    char folder[64], file[96];
    char arguments[ARGUMENTS_MAX][ARGUMENT_SIZE];
    char *argv[ARGUMENTS_MAX + 1];
    int argc, exit_code;
    char *out, *err;
    struct node_config config;
};

static inline void clear_environment(void)
{
    for (size_t i = 0; i < NODE_CONFIG_COUNT; i++) {
        const struct node_config_row *row = node_config_row_at(i);
        char name[NODE_CONFIG_NAME_SIZE];
        node_config_row_variable(row, name);
        unsetenv(name);
        if (row->legacy)
            unsetenv(row->legacy);
    }
    unsetenv("XDG_CACHE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_RUNTIME_DIR");
}

static inline int setup(void **state)
{
    struct fixture *self = test_calloc(1, sizeof *self);
    clear_environment();
    snprintf(self->folder, sizeof self->folder, "/tmp/runmesh-config-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    snprintf(self->file, sizeof self->file, "%s/node.conf", self->folder);
    assert_int_equal(setenv("HOME", self->folder, 1), 0);
    *state = self;
    return 0;
}

static inline void forget_run(struct fixture *self)
{
    node_config_done(&self->config);
    free(self->out);
    free(self->err);
    self->out = self->err = NULL;
}

static inline int teardown(void **state)
{
    struct fixture *self = *state;
    forget_run(self);
    clear_environment();
    unlink(self->file);
    rmdir(self->folder);
    test_free(self);
    return 0;
}

/* Starts with the arguments, which end with NULL. */
static inline int run(struct fixture *self, ...)
{
    va_list arguments;
    const char *argument = "mesh-node";
    size_t size;
    forget_run(self);
    va_start(arguments, self);
    for (self->argc = 0; argument; argument = va_arg(arguments, const char *)) {
        assert_true(self->argc < ARGUMENTS_MAX && strlen(argument) < ARGUMENT_SIZE);
        self->argv[self->argc] = self->arguments[self->argc];
        snprintf(self->arguments[self->argc++], ARGUMENT_SIZE, "%s", argument);
    }
    va_end(arguments);
    self->argv[self->argc] = NULL;
    self->exit_code = -1;

    FILE *out = open_memstream(&self->out, &size), *err = open_memstream(&self->err, &size);
    assert_true(out && err);
    const struct node_config_start start = {
        .argc = self->argc, .argv = self->argv, .out = out, .err = err};
    const int r = node_config_load(&self->config, &start, &self->exit_code);
    fclose(out);
    fclose(err);
    return r;
}

static inline void write_file(struct fixture *self, const char *text)
{
    FILE *file = fopen(self->file, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
}

/* One line, with an exit code and all the words in it. */
static inline void assert_refused(struct fixture *self, int exit_code, const char *word,
                                  const char *other_word)
{
    assert_int_equal(self->exit_code, exit_code);
    assert_ptr_equal(strchr(self->err, '\n'), self->err + strlen(self->err) - 1);
    assert_non_null(strstr(self->err, word));
    assert_non_null(strstr(self->err, other_word));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
