/* Bodies of invalidations: what is accepted is one text without a zero byte, and means the same
 * when it is written anew. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/check.h"
#include "node/invalidation.h"

enum { BODY_MAX = 1024 * 1024 };

static void check_again(const char *prefix)
{
    struct buffer body;
    char *again = NULL;
    buffer_init(&body, BODY_MAX);
    buffer_put_text(&body, "{\"prefix\":\"");
    buffer_put_json(&body, slice_of(prefix));
    buffer_put_text(&body, "\"}");
    CHECK(!body.error);
    const int r = node_invalidation_read(buffer_slice(&body), &again);
    CHECK(r == 0);
    CHECK(strcmp(again, prefix) == 0);
    free(again);
    buffer_done(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice body = {.data = (const char *)data, .size = size};
    char *prefix = NULL;
    const int r = node_invalidation_read(body, &prefix);
    CHECK(r == 0 || r == -EBADMSG);
    CHECK((r == 0) == (prefix != NULL));
    if (prefix)
        check_again(prefix);
    free(prefix);
    return 0;
}
