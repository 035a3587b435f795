/* Handlers of answers that are computed from other items, and of redirects to downloads. */
#ifndef MOCK_DERIVED_H
#define MOCK_DERIVED_H

#include "route.h"

void mock_derived_branch(struct mock_call *call);
void mock_derived_events(struct mock_call *call);
void mock_derived_latest_release(struct mock_call *call);
void mock_derived_release_by_tag(struct mock_call *call);

/* The state of all statuses of a commit in one. */
void mock_derived_status(struct mock_call *call);

/* 202 when asked for the first time: GitHub computes statistics in the background. */
void mock_derived_statistics(struct mock_call *call);

/* [] */
void mock_derived_empty(struct mock_call *call);

void mock_derived_assets(struct mock_call *call);

/* What secrets of Actions are sealed with: for those who may write them only. */
void mock_derived_public_key(struct mock_call *call);

/* 302 to a signed URL that is another one each time. */
void mock_derived_download(struct mock_call *call);

#endif
