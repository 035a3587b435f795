/* One environment of six tables. NOMETASYNC: a power cut may lose the last commit, never more and
 * never consistency; NOSYNC and WRITEMAP would risk both. NOTLS: readers belong to a pool, not to
 * threads. Memory that LMDB writes out is cleared by it (no NOMEMINIT). */
#include "store/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/limits.h"
#include "store/owner.h"
#include "store/probe.h"
#include "store/quarantine.h"

enum {
    FILE_MODE = 0600,
    UNNAMED_TABLES = 2, /* LMDB's own: free pages, and the names of the others */
    META_PAGES = 2,
    SPARE_PAGES = 4, /* splits, and pages for the list of the pages that a change frees */
    PROBLEM_SIZE = 160,
};

static const char file_name[] = "data.mdb";

int store_disk_error(int rc)
{
    switch (rc) {
    case 0:
        return 0;
    case MDB_NOTFOUND:
        return -ENOENT;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
        return -ENOBUFS;
    default:
        return rc > 0 ? -rc : -EIO;
    }
}

static int open_tables(struct store_disk *self, MDB_txn *txn)
{
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < STORE_TABLES; i++)
        rc = mdb_dbi_open(txn, store_image_table_name(i), MDB_CREATE, &self->tables[i]);
    MDB_val key = {.mv_data = "schema", .mv_size = strlen("schema")};
    const char *schema = store_image_schema();
    MDB_val found, value = {.mv_data = (void *)(uintptr_t)schema, .mv_size = strlen(schema)};
    if (rc == 0)
        rc = mdb_get(txn, self->tables[STORE_TABLE_META], &key, &found);
    if (rc == MDB_NOTFOUND)
        rc = mdb_put(txn, self->tables[STORE_TABLE_META], &key, &value, 0);
    return store_disk_error(rc);
}

static int make_tables(struct store_disk *self, MDB_env *env)
{
    MDB_txn *txn;
    int r = store_disk_error(mdb_txn_begin(env, NULL, 0, &txn));
    if (r < 0)
        return r;
    r = open_tables(self, txn);
    if (r < 0)
        mdb_txn_abort(txn);
    else
        r = store_disk_error(mdb_txn_commit(txn));
    return r;
}

static int open_env(struct store_disk *self, MDB_env **ret_env)
{
    MDB_env *env;
    int dead_readers = 0;
    int rc = mdb_env_create(&env);
    if (rc)
        return store_disk_error(rc);
    const size_t map_size = (size_t)(self->bytes_max - self->bytes_max % self->page_size);
    rc = mdb_env_set_maxdbs(env, STORE_TABLES);
    if (rc == 0)
        rc = mdb_env_set_maxreaders(env, STORE_READERS_MAX);
    if (rc == 0)
        rc = mdb_env_set_mapsize(env, map_size);
    if (rc == 0)
        rc = mdb_env_open(env, self->dir, MDB_NOTLS | MDB_NOMETASYNC, FILE_MODE);
    if (rc == 0)
        rc = mdb_reader_check(env, &dead_readers);
    int r = store_disk_error(rc);
    if (r == 0)
        r = make_tables(self, env);
    if (r == 0)
        *ret_env = env;
    else
        mdb_env_close(env);
    return r;
}

/* The umask can only have taken rights away; ours must be exactly what we want. */
static int fix_mode(const struct store_disk *self, MDB_env *env)
{
    char lock[STORE_PATH_MAX];
    mdb_filehandle_t fd;
    int r = store_disk_error(mdb_env_get_fd(env, &fd));
    if (r == 0 && fchmod(fd, FILE_MODE) != 0)
        r = -errno;
    if (r == 0 && snprintf(lock, sizeof lock, "%s/lock.mdb", self->dir) >= (int)sizeof lock)
        r = -ENAMETOOLONG;
    if (r == 0 && chmod(lock, FILE_MODE) != 0)
        r = -errno;
    return r;
}

int store_disk_map(struct store_disk *self)
{
    char problem[PROBLEM_SIZE];
    MDB_env *env = NULL;
    CHECK(!self->env);
    if (!store_owner_is_ours(self->dir, self->owner))
        return -EIO; /* the folder was removed: another process may own a new one */
    int r = store_probe_file(self->path, problem, sizeof problem);
    if (r == -EUCLEAN) {
        r = store_quarantine_file(self->dir, file_name);
        self->quarantines += r == 0;
    }
    if (r == 0 || r == -ENOENT)
        r = open_env(self, &env);
    if (r == 0)
        r = fix_mode(self, env);
    if (r < 0) {
        mdb_env_close(env);
        return r;
    }
    pthread_rwlock_wrlock(&self->guard);
    self->env = env;
    pthread_rwlock_unlock(&self->guard);
    return 0;
}

static void reader_destroy(struct store_reader *reader)
{
    if (reader->txn)
        mdb_txn_abort(reader->txn);
    ZSTD_freeDCtx(reader->zstd);
    free(reader);
}

void store_disk_unmap(struct store_disk *self)
{
    pthread_rwlock_wrlock(&self->guard);
    while (self->idle) {
        struct store_reader *reader = self->idle;
        self->idle = reader->next;
        self->reader_count--;
        reader_destroy(reader);
    }
    if (self->env)
        mdb_env_close(self->env);
    self->env = NULL;
    pthread_rwlock_unlock(&self->guard);
}

int store_disk_wipe(struct store_disk *self)
{
    store_disk_unmap(self);
    return unlink(self->path) == 0 || errno == ENOENT ? 0 : -errno;
}

static int init_locks(struct store_disk *self)
{
    pthread_rwlockattr_t attributes;
    int rc = pthread_rwlockattr_init(&attributes);
    if (rc)
        return -rc;
    /* Else a steady stream of readers would keep the file from ever being reopened. */
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    rc = pthread_rwlock_init(&self->guard, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    if (rc)
        return -rc;
    pthread_mutex_init(&self->readers_lock, NULL);
    pthread_cond_init(&self->reader_is_back, NULL);
    return 0;
}

int store_disk_open(struct store_disk *self, const char *dir, uint64_t bytes_max)
{
    memset(self, 0, sizeof *self);
    self->owner = -1;
    self->bytes_max = bytes_max;
    self->page_size = (size_t)sysconf(_SC_PAGESIZE);
    int r = init_locks(self);
    if (r < 0)
        return r;
    self->dir = strdup(dir);
    if (!self->dir || asprintf(&self->path, "%s/%s", dir, file_name) < 0) {
        self->path = NULL;
        r = -ENOMEM;
    }
    if (r == 0)
        r = store_owner_make_dir(dir);
    if (r == 0)
        r = store_owner_take(dir, &self->owner);
    if (r == 0)
        r = store_disk_map(self);
    if (r < 0)
        store_disk_close(self);
    return r;
}

void store_disk_close(struct store_disk *self)
{
    store_disk_unmap(self);
    store_owner_leave(&self->owner);
    free(self->dir);
    free(self->path);
    pthread_cond_destroy(&self->reader_is_back);
    pthread_mutex_destroy(&self->readers_lock);
    pthread_rwlock_destroy(&self->guard);
}

int store_disk_health(const struct store_disk *self)
{
    struct stat status;
    struct statvfs space;
    mdb_filehandle_t fd;
    if (!self->env || mdb_env_get_fd(self->env, &fd) != 0)
        return -EIO;
    if (fstat(fd, &status) != 0 || fstatvfs(fd, &space) != 0)
        return -errno;
    if (status.st_nlink == 0)
        return -EIO;
    const uint64_t left = (uint64_t)space.f_bavail * space.f_frsize;
    return left < (uint64_t)STORE_FREE_DISK_MIN ? -ENOSPC : 0;
}

static int reader_new(struct store_disk *self, struct store_reader **ret_reader)
{
    struct store_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return -ENOMEM;
    reader->zstd = ZSTD_createDCtx();
    int r = reader->zstd ? 0 : -ENOMEM;
    if (r == 0)
        r = store_disk_error(mdb_txn_begin(self->env, NULL, MDB_RDONLY, &reader->txn));
    if (r < 0) {
        reader_destroy(reader);
        return r;
    }
    mdb_txn_reset(reader->txn);
    *ret_reader = reader;
    return 0;
}

/* An idle reader, or NULL and the right to make one. */
static struct store_reader *take_idle(struct store_disk *self)
{
    pthread_mutex_lock(&self->readers_lock);
    while (!self->idle && self->reader_count == STORE_READERS_MAX)
        pthread_cond_wait(&self->reader_is_back, &self->readers_lock);
    struct store_reader *reader = self->idle;
    if (reader)
        self->idle = reader->next;
    else
        self->reader_count++;
    pthread_mutex_unlock(&self->readers_lock);
    return reader;
}

/* Back to the idle ones, or with NULL, one less. */
static void put_idle(struct store_disk *self, struct store_reader *reader)
{
    pthread_mutex_lock(&self->readers_lock);
    if (reader) {
        reader->next = self->idle;
        self->idle = reader;
    } else {
        self->reader_count--;
    }
    pthread_cond_signal(&self->reader_is_back);
    pthread_mutex_unlock(&self->readers_lock);
}

int store_disk_reader_take(struct store_disk *self, struct store_reader **ret_reader)
{
    pthread_rwlock_rdlock(&self->guard);
    struct store_reader *reader = NULL;
    int r = self->env ? 0 : -EIO;
    if (r == 0) {
        reader = take_idle(self);
        r = reader ? 0 : reader_new(self, &reader);
        if (r == 0)
            r = store_disk_error(mdb_txn_renew(reader->txn));
        if (r < 0) {
            put_idle(self, NULL);
            if (reader)
                reader_destroy(reader);
        }
    }
    if (r < 0)
        pthread_rwlock_unlock(&self->guard);
    else
        *ret_reader = reader;
    return r;
}

void store_disk_reader_give(struct store_disk *self, struct store_reader **reader_p)
{
    struct store_reader *reader = *reader_p;
    *reader_p = NULL;
    mdb_txn_reset(reader->txn);
    put_idle(self, reader);
    pthread_rwlock_unlock(&self->guard);
}

/* LMDB's tables have the handles 0 (free pages) and 1 (names). */
static MDB_stat stat_of(const struct store_disk *self, MDB_txn *txn, unsigned i)
{
    MDB_stat stat = {0};
    const MDB_dbi table = i < UNNAMED_TABLES ? i : self->tables[i - UNNAMED_TABLES];
    CHECK(mdb_stat(txn, table, &stat) == 0);
    return stat;
}

uint64_t store_disk_pages_used(const struct store_disk *self, MDB_txn *txn)
{
    uint64_t pages = META_PAGES;
    for (unsigned i = 0; i < UNNAMED_TABLES + STORE_TABLES; i++) {
        const MDB_stat stat = stat_of(self, txn, i);
        pages += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
    }
    return pages;
}

uint64_t store_disk_pages_max(const struct store_disk *self)
{
    return self->bytes_max / self->page_size;
}

uint64_t store_disk_pages_per_change(const struct store_disk *self, MDB_txn *txn)
{
    uint64_t pages = SPARE_PAGES;
    for (unsigned i = 0; i < UNNAMED_TABLES + STORE_TABLES; i++)
        pages += stat_of(self, txn, i).ms_depth;
    return pages;
}

uint64_t store_disk_rows(const struct store_disk *self, MDB_txn *txn, enum store_table_id id)
{
    return stat_of(self, txn, UNNAMED_TABLES + id).ms_entries;
}
