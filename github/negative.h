/* "Not found", remembered for the token that was told so, for seconds. Any thread. */
#ifndef GITHUB_NEGATIVE_H
#define GITHUB_NEGATIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "github/limits.h"

struct github_negative;

int github_negative_new(uint32_t time_scale, struct github_negative **ret_negative) MUST_CHECK;
void github_negative_destroy(struct github_negative **self_p);

/* Remembers GitHub's 404 (body borrowed; over 1 KiB: not remembered). */
void github_negative_put(struct github_negative *self, const uint8_t *token_id, const uint8_t *key,
                         const void *body, size_t body_size, int64_t now_ms);

/* Copies the body out (1 KiB of room); false when nothing is known. */
enum { GITHUB_NEGATIVE_BODY_MAX = 1024 };
bool github_negative_get(struct github_negative *self, const uint8_t *token_id, const uint8_t *key,
                         int64_t now_ms, char ret_body[static GITHUB_NEGATIVE_BODY_MAX],
                         size_t *ret_size);

/* Forgets everything: after a write or an invalidation. */
void github_negative_clear(struct github_negative *self);

#endif
