/* Every limit of the store, in one place. */
#ifndef STORE_LIMITS_H
#define STORE_LIMITS_H

enum {
    STORE_KEY_SIZE = 32,
    STORE_CONTENT_SIZE = 32,
    STORE_SEAL_KEY_SIZE = 32,

    STORE_META_MAX = 32 * 1024,       /* bytes */
    STORE_BODY_MAX = 8 * 1024 * 1024, /* bytes, plain */
    STORE_BYTES_MIN = 1024 * 1024,    /* smallest data file */

    STORE_QUEUE_MAX = 4096,                   /* writes waiting for the writer thread */
    STORE_QUEUE_BYTES_MAX = 64 * 1024 * 1024, /* plain bytes held by them */
    STORE_BATCH_MAX = 256,                    /* writes in one commit */
    STORE_BATCH_BYTES_MAX = 4 * 1024 * 1024,  /* stored bytes in one commit */
    STORE_EVICT_PERCENT = 90,                 /* of the data file: from here the oldest go */
    STORE_REFUSE_PERCENT = 95,                /* of the data file: from here no new record */
    STORE_TOUCH_MS = 60 * 1000,               /* a use is noted on disk at most this often */
    STORE_SWEEP_MS = 10 * 1000,               /* between two sweeps of what has run out */
    STORE_SWEEP_MAX = 1024,                   /* records removed by one sweep */
    STORE_FREE_DISK_MIN = 16 * 1024 * 1024,   /* bytes left on the file system, else degraded */
    STORE_QUARANTINES_MAX = 2,                /* damaged files kept beside the store */
    STORE_READERS_MAX = 126,                  /* threads with a read transaction */
    STORE_STALE_MAX = 64 * 1024,              /* keys whose older record on disk is void */
    STORE_RETRY_MS = 5 * 1000,                /* between two tries to write after a failure */
    STORE_MAKE_ROOM_MAX = 4,                  /* tries to make room for one write */
    STORE_PATH_MAX = 4096,                    /* bytes of a path, its zero byte included */
    STORE_OWNER_WAIT_MS = 250,                /* for what is left of a killed owner to be gone */
    STORE_OWNER_POLL_MS = 10,
    STORE_PROBE_CPU_S = 120, /* processor time for the check at the start */
};

#endif
