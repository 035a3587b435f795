/* Handlers of what git holds: files, folders, trees, blobs, refs, commits, diffs. */
#ifndef MOCK_CONTENTS_H
#define MOCK_CONTENTS_H

#include "route.h"

/* Files, folders and the README, by ref, in the forms JSON, raw, html and object. */
void mock_contents_get(struct mock_call *call);
void mock_contents_ref(struct mock_call *call);
void mock_contents_tree(struct mock_call *call);
void mock_contents_blob(struct mock_call *call);
void mock_contents_commit(struct mock_call *call);
void mock_contents_pull(struct mock_call *call);

/* The object of one path as JSON, with its content when it is a file and has_content is set; NULL
 * when memory is short. */
cJSON *mock_contents_json(const struct mock_call *call, const struct mock_item *object,
                          const char *path, const char *ref, bool has_content);

#endif
