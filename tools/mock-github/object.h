/* git objects as git makes them (SHA-1 over type, size and bytes), kept as items of a repository.
 */
#ifndef MOCK_OBJECT_H
#define MOCK_OBJECT_H

#include "base/check.h"
#include "base/slice.h"
#include "model.h"

enum { MOCK_OBJECT_NAME_SIZE = 41 }; /* 40 digits and a zero byte */

struct mock_file {
    char *path, *content;
    size_t size;
    char sha[MOCK_OBJECT_NAME_SIZE];
};

/* git's name of an object. */
void mock_object_name(const char *type, struct slice content,
                      char ret[static MOCK_OBJECT_NAME_SIZE]);

/* Takes json and adds it to the repository's list, unless an object of its sha is there. -ENOMEM.
 */
int mock_object_keep(struct mock_model *model, struct mock_item *repo, enum mock_kind kind,
                     cJSON *json) MUST_CHECK;

int mock_object_keep_blob(struct mock_model *model, struct mock_item *repo,
                          const struct mock_file *file) MUST_CHECK;

/* Keeps the tree of all files, sorted by path, with the trees below it, and names it. */
int mock_object_keep_tree(struct mock_model *model, struct mock_item *repo,
                          const struct mock_file *files, size_t count,
                          char ret_sha[static MOCK_OBJECT_NAME_SIZE]) MUST_CHECK;

#endif
