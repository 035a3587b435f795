/* Link and Location fields: pages, and addresses that stay on the node. */
#ifndef GITHUB_LINK_H
#define GITHUB_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/slice.h"

/* How addresses of the public API begin, whatever the upstream is called here. */
#define GITHUB_LINK_PUBLIC "https://api.github.com"

/* The target of the given relation ("next") in a Link value (RFC 8288, 3), data NULL without. */
struct slice github_link_find(struct slice link, struct slice relation);

/* Appends the Link value with each target that is exactly below `upstream` (scheme, host and port
 * equal, followed by '/', '?' or the end) moved below `base`; other targets are left as they are.
 */
void github_link_rewrite(struct slice link, struct slice upstream, struct slice base,
                         struct buffer *out);

/* The same for one address (Location, or a url inside a body). */
void github_link_rewrite_url(struct slice url, struct slice upstream, struct slice base,
                             struct buffer *out);

/* Appends a JSON body in which every string that begins with `upstream` and goes on with '/', '{',
 * '?' or ends begins with `base` instead. Other bytes stay as they are. */
void github_link_rewrite_body(struct slice body, struct slice upstream, struct slice base,
                              struct buffer *out);

/* The value of a query parameter as an integer, or fallback when absent or not a number. */
uint64_t github_link_parameter(struct slice query, const char *name, uint64_t fallback);

/* Appends path and query with the page parameter set to page (replaced, or added at the end). */
void github_link_set_page(struct slice path, struct slice query, uint64_t page, struct buffer *out);

/* The numeric id in "/repositories/{id}/..." or an address whose path begins so; 0 without. */
uint64_t github_link_repository_id(struct slice url_or_path);

#endif
