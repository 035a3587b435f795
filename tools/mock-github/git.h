/* What git holds of a repository: files, and from them true blobs, trees and commits (SHA-1 as git
 * makes it), branches, tags and refs. Each commit changes one file. */
#ifndef MOCK_GIT_H
#define MOCK_GIT_H

#include "base/check.h"
#include "base/slice.h"
#include "model.h"

struct mock_git_push {
    const char *branch, *path, *message;
    struct slice content;
    bool is_removal; /* the path goes away */
};

/* Makes all git lists of a repository with their first content. -ENOMEM. */
int mock_git_load(struct mock_model *model, struct mock_item *repo) MUST_CHECK;
void mock_git_destroy(struct mock_git **self_p);

/* Commits one change and moves the branch there. -ENOENT: no such branch, or nothing to remove;
 * -EINVAL: no path; -ENOSPC: too many files; -ENOMEM. */
int mock_git_push(struct mock_model *model, struct mock_item *repo,
                  const struct mock_git_push *push) MUST_CHECK;

/* The commit that a branch, tag, ref or id names, or NULL. */
struct mock_item *mock_git_resolve(struct mock_model *model, struct mock_item *repo,
                                   const char *ref);

/* The tree or blob at path in a commit ("" is its root); NULL when there is none. */
struct mock_item *mock_git_at(struct mock_model *model, struct mock_item *repo,
                              const struct mock_item *commit_item, const char *path);

/* The bytes of a blob, for the caller to free. NULL when memory is short. */
char *mock_git_blob(const struct mock_item *blob, size_t *ret_size);

#endif
