/* A bounded map whose entries run out: for what a node remembers for minutes. Any thread; the lock
 * is held for the copy of one value and never across a call of anyone else's code. */
#ifndef GITHUB_TABLE_H
#define GITHUB_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

struct github_table;

/* Keys are hashes of key_size bytes (at least 8), values have value_size bytes (may be 0). When
 * capacity entries are there the least recently used goes. -ENOMEM. */
int github_table_new(size_t capacity, size_t key_size, size_t value_size,
                     struct github_table **ret_table) MUST_CHECK;
void github_table_destroy(struct github_table **self_p);

/* Sets key to a copy of value until expires_ms (Unix time). */
void github_table_put(struct github_table *self, const void *key, const void *value, int64_t now_ms,
                      int64_t expires_ms);

/* The same, but an entry that ends later stays as it is: for threads that may overtake each other.
 */
void github_table_extend(struct github_table *self, const void *key, const void *value,
                         int64_t now_ms, int64_t expires_ms);

/* Copies the value out; false when absent or run out. ret_value may be NULL. */
bool github_table_get(struct github_table *self, const void *key, int64_t now_ms, void *ret_value);

void github_table_remove(struct github_table *self, const void *key);

size_t github_table_count(struct github_table *self);
/* Entries that left because the table was full, before they had run out. */
uint64_t github_table_evictions(struct github_table *self);

#endif
