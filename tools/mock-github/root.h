/* Handlers of what belongs to no repository: the index, meta data, the caller, the rate limit. */
#ifndef MOCK_ROOT_H
#define MOCK_ROOT_H

#include "route.h"

void mock_root_index(struct mock_call *call);
void mock_root_meta(struct mock_call *call);
void mock_root_zen(struct mock_call *call);
void mock_root_emojis(struct mock_call *call);
void mock_root_versions(struct mock_call *call);
void mock_root_rate_limit(struct mock_call *call);
void mock_root_user(struct mock_call *call);
void mock_root_emails(struct mock_call *call);

/* The caller's quota of a resource now; anonymous callers share one. */
struct mock_quota *mock_root_quota(struct mock *mock, const struct mock_token *token,
                                   enum mock_resource resource);

/* The account of the caller, made if nobody had that login; NULL when memory is short. */
struct mock_item *mock_root_account(struct mock *mock, const struct mock_token *token);

#endif
