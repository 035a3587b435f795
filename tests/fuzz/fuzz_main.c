/* Drives a fuzz target where libFuzzer is not built in: every file of the corpus folder, then a
 * fixed run of mutations of them and of random bytes. The same binary does the same each time.
 * It looks for no new paths: that is libFuzzer's work (preset fuzz). */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

enum {
    ROUNDS = 20000,
    SEEDS_MAX = 256,
    INPUT_MAX = 16 * 1024, /* bytes; longer corpus files are replayed up to here */
    RANDOM_MAX = 512,      /* bytes of an input that comes from no seed */
    EDITS_MAX = 8,         /* changes in one round */
    PATH_SIZE = 4096
};

struct input {
    size_t size;
    uint8_t data[INPUT_MAX];
};

struct corpus {
    struct input *seeds[SEEDS_MAX];
    size_t count;
};

/* xorshift64* (Vigna 2014): small, and the same on every machine. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? (size_t)(next_random(state) >> 16) % limit : 0;
}

static void corpus_add(struct corpus *self, const char *path)
{
    CHECK(self->count < SEEDS_MAX);
    FILE *file = fopen(path, "rb");
    struct input *input = calloc(1, sizeof *input);
    CHECK(file && input);
    input->size = fread(input->data, 1, sizeof input->data, file);
    fclose(file);
    self->seeds[self->count++] = input;
}

/* A folder that does not exist is an empty corpus: a new target begins without one. */
static void corpus_load(struct corpus *self, const char *folder)
{
    struct dirent **names = NULL;
    const int count = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        const int size = snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        CHECK(size > 0 && size < PATH_SIZE);
        if (names[i]->d_name[0] != '.')
            corpus_add(self, path);
        free(names[i]);
    }
    free(names);
}

/* Runs on a copy of exactly the input's size, so that AddressSanitizer sees a read past its end. */
static void run(const struct input *input)
{
    uint8_t *copy = malloc(input->size ? input->size : 1);
    CHECK(copy);
    memcpy(copy, input->data, input->size);
    CHECK(LLVMFuzzerTestOneInput(copy, input->size) == 0);
    free(copy);
}

static void insert(struct input *input, uint64_t *state)
{
    if (input->size == INPUT_MAX)
        return;
    const size_t at = below(state, input->size + 1);
    memmove(input->data + at + 1, input->data + at, input->size - at);
    input->data[at] = (uint8_t)next_random(state);
    input->size++;
}

static void erase(struct input *input, uint64_t *state)
{
    const size_t at = below(state, input->size), count = 1 + below(state, input->size - at);
    memmove(input->data + at, input->data + at + count, input->size - at - count);
    input->size -= count;
}

/* Repeats a part of the input over another place of it. */
static void copy_part(struct input *input, uint64_t *state)
{
    const size_t from = below(state, input->size), to = below(state, input->size);
    const size_t room = input->size - (from > to ? from : to);
    memmove(input->data + to, input->data + from, 1 + below(state, room));
}

static void edit(struct input *input, uint64_t *state)
{
    static const uint8_t edges[] = {0x00, 0x01, 0x7f, 0x80, 0xff, ' ', '"', '\\', '/', '\n'};
    const size_t kind = input->size ? below(state, 6) : 0;
    const size_t at = below(state, input->size);

    switch (kind) {
    case 0:
        insert(input, state);
        break;
    case 1:
        erase(input, state);
        break;
    case 2:
        input->data[at] ^= (uint8_t)(1u << below(state, 8));
        break;
    case 3:
        input->data[at] = (uint8_t)next_random(state);
        break;
    case 4:
        input->data[at] = edges[below(state, sizeof edges)];
        break;
    default:
        copy_part(input, state);
        break;
    }
}

static void make(struct input *input, const struct corpus *corpus, uint64_t *state)
{
    const size_t from = below(state, corpus->count + 1);
    if (from < corpus->count) {
        *input = *corpus->seeds[from];
    } else {
        input->size = below(state, RANDOM_MAX);
        for (size_t i = 0; i < input->size; i++)
            input->data[i] = (uint8_t)next_random(state);
    }
    for (size_t edits = 1 + below(state, EDITS_MAX); edits > 0; edits--)
        edit(input, state);
}

int main(int argc, char **argv)
{
    struct corpus corpus = {.count = 0};
    struct input input;
    uint64_t state = 20240501; /* any number but 0 */

    for (int i = 1; i < argc; i++)
        corpus_load(&corpus, argv[i]);
    for (size_t i = 0; i < corpus.count; i++)
        run(corpus.seeds[i]);
    for (int round = 0; round < ROUNDS; round++) {
        make(&input, &corpus, &state);
        run(&input);
    }
    printf("%zu files of the corpus, %d mutations\n", corpus.count, ROUNDS);
    for (size_t i = 0; i < corpus.count; i++)
        free(corpus.seeds[i]);
    return EXIT_SUCCESS;
}
