/* One JSON object, read strictly: cJSON alone would cut strings at \u0000 and accept what follows
 * the object. */
#include "node/invalidation.h"

#include <errno.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

int node_invalidation_read(struct slice body, char **ret_prefix)
{
    if (body.size == 0 || slice_contains_nocase(body, slice_of("\\u0000")))
        return -EBADMSG;
    char *text = slice_copy(body);
    if (!text)
        return -ENOMEM;
    int r = -EBADMSG;
    cJSON *root = cJSON_ParseWithLengthOpts(text, body.size + 1, NULL, 1);
    const cJSON *prefix = cJSON_GetObjectItemCaseSensitive(root, "prefix");
    if (cJSON_IsObject(root) && cJSON_GetArraySize(root) == 1 && cJSON_IsString(prefix)) {
        char *copy = slice_copy(slice_of(prefix->valuestring));
        r = copy ? 0 : -ENOMEM;
        if (copy)
            *ret_prefix = copy;
    }
    cJSON_Delete(root);
    free(text);
    return r;
}
