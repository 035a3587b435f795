/* A chain of operations made lasting: in as few transactions as fit, with room made before what
 * needs it. An operation that can't be had is given up by itself; the others go on. */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include <stdint.h>

#include "base/check.h"
#include "store/queue.h"
#include "store/table.h"

struct store_batch {
    struct store_table table;
    uint64_t entries_max;
    struct store_tally tally; /* of all that was committed */
    uint64_t commits;
    uint64_t entries, bodies, pages; /* after the last commit */
};

/* Fills in what the counters say about the file. Needs a mapped disk. */
int store_batch_measure(struct store_batch *self) MUST_CHECK;

/* Fills in each operation's result. 0, or negative errno when the disk failed and all operations
 * from there on are given up. */
int store_batch_run(struct store_batch *self, struct store_op *ops) MUST_CHECK;

#endif
