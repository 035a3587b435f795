/* The thread that alone writes to disk: it takes batches from the queue, makes them last, and tells
 * the hot table what became of them. When the disk fails it lets everything go by, counted, and
 * tries again from time to time. */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/check.h"

struct store;

/* Everything else of the store must be set up. -EAGAIN, -ENOMEM. */
int store_writer_start(struct store *self) MUST_CHECK;
/* Returns when the queue is empty and the thread is gone. */
void store_writer_stop(struct store *self);

#endif
