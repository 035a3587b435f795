/* The store from the inside: what its two halves, the callers' (store.c) and the writer thread's
 * (writer.c), share. */
#ifndef STORE_STATE_H
#define STORE_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/batch.h"
#include "store/disk.h"
#include "store/hot.h"
#include "store/queue.h"
#include "store/store.h"
#include "store/vault.h"

struct store {
    /* Held for a look-up, a link in a list or a sum; never for input, output or a copy of bytes. */
    pthread_mutex_t lock;
    pthread_cond_t work_is_there, batch_is_done;
    struct store_hot hot;
    struct store_queue queue;
    struct store_counts counts;
    int64_t now_ms;    /* the callers' latest time */
    int64_t swept_ms;  /* when the last sweep was asked for */
    int64_t failed_ms; /* when writing last failed, while counts.degraded */
    int last_error;    /* of the last batch */
    bool is_stopping;

    /* Set up once. The disk has locks of its own; only the writer thread maps and unmaps it. */
    struct store_disk disk;
    struct store_vault vault;
    struct store_batch batch; /* the writer thread's */
    pthread_t writer;
};

#endif
