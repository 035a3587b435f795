/* The last requests as JSON records, in a ring that is bounded in records and bytes. */
#ifndef MOCK_LOG_H
#define MOCK_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/check.h"

struct mock_request;

struct mock_log {
    char **records; /* the record of number seq is at seq % MOCK_LOG_MAX */
    uint64_t first, next;
    size_t bytes;
};

struct mock_log_entry {
    const struct mock_request *request;
    const char *token;
    const char *fault; /* or NULL */
    int64_t ms;
    unsigned status, charged;
    uint32_t version; /* of what was answered; 0 when it has none */
};

int mock_log_init(struct mock_log *self) MUST_CHECK;
void mock_log_done(struct mock_log *self);

/* The number of the new record; the oldest ones leave when the log is full. */
uint64_t mock_log_add(struct mock_log *self, const struct mock_log_entry *entry);

/* Writes a JSON array of up to max records with numbers above since. */
void mock_log_write(const struct mock_log *self, uint64_t since, size_t max, struct buffer *out);

#endif
