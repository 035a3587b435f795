/* One file for each certificate. */
#include "tools/mesh-fleet/issued.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "tools/mesh-fleet/folder_file.h"

enum { FOLDER_MODE = 0700, PATH_SIZE = 64 };

static const char subfolder[] = "issued";
static const char ending[] = ".cert";

static void put_path(const uint8_t id[static CERT_ID_SIZE], char ret_path[static PATH_SIZE])
{
    char text[2 * CERT_ID_SIZE + 1];
    hex_encode(id, CERT_ID_SIZE, text);
    const int length = snprintf(ret_path, PATH_SIZE, "%s/%s%s", subfolder, text, ending);
    CHECK(length > 0 && length < PATH_SIZE);
}

int issued_put(int folder, const struct cert *cert)
{
    uint8_t data[CERT_SIZE_MAX], id[CERT_ID_SIZE];
    char path[PATH_SIZE];
    struct bytes_out out = bytes_out_over(data, sizeof data);
    cert_encode(cert, &out);
    cert_key_id(cert->public_key, id);
    put_path(id, path);
    if (mkdirat(folder, subfolder, FOLDER_MODE) < 0 && errno != EEXIST)
        return -errno;
    return folder_file_write(folder, path, data, (size_t)(out.at - data), true);
}

int issued_find(int folder, const uint8_t id[static CERT_ID_SIZE], struct cert *ret_cert)
{
    uint8_t data[CERT_SIZE_MAX];
    size_t size = 0;
    char path[PATH_SIZE];
    put_path(id, path);
    int r = folder_file_read(folder, path, data, sizeof data, &size);
    return r < 0 ? r : cert_decode(data, size, ret_cert);
}

static int compare_expiry(const void *a, const void *b)
{
    const struct cert *first = a, *second = b;
    if (first->not_after_s != second->not_after_s)
        return first->not_after_s < second->not_after_s ? -1 : 1;
    return memcmp(first->public_key, second->public_key, sizeof first->public_key);
}

/* Whether a file's name is "<key id>.cert". */
static bool read_name(const char *name, uint8_t ret_id[static CERT_ID_SIZE])
{
    const struct slice text = slice_of(name);
    return text.size == 2 * CERT_ID_SIZE + strlen(ending) &&
           slice_ends_with(text, slice_of(ending)) &&
           hex_decode((struct slice){name, 2 * CERT_ID_SIZE}, ret_id, CERT_ID_SIZE) == 0;
}

/* Looks at one name; *certs grows when it is of a certificate that is not expired. */
static int take(int folder, const char *name, int64_t now_s, struct cert **certs, size_t *count)
{
    uint8_t id[CERT_ID_SIZE];
    struct cert cert;
    char path[PATH_SIZE];
    if (!read_name(name, id) || issued_find(folder, id, &cert) < 0)
        return 0;
    if (now_s - CERT_SKEW_S > cert.not_after_s) {
        put_path(id, path);
        return unlinkat(folder, path, 0) < 0 ? -errno : 0;
    }
    struct cert *grown = reallocarray(*certs, *count + 1, sizeof *grown);
    if (!grown)
        return -ENOMEM;
    grown[(*count)++] = cert;
    *certs = grown;
    return 0;
}

/* NULL with errno when there is none. */
static DIR *open_subfolder(int folder)
{
    const int fd = openat(folder, subfolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return NULL;
    DIR *names = fdopendir(fd);
    if (!names)
        close(fd);
    return names;
}

static int take_all(int folder, int64_t now_s, struct cert **certs, size_t *count)
{
    DIR *names = open_subfolder(folder);
    if (!names)
        return errno == ENOENT ? 0 : -errno; /* nothing was issued yet */
    int r = 0;
    const struct dirent *entry = readdir(names);
    for (; r == 0 && entry; entry = readdir(names))
        r = take(folder, entry->d_name, now_s, certs, count);
    closedir(names);
    return r;
}

int issued_list(int folder, int64_t now_s, struct cert **ret_certs, size_t *ret_count)
{
    struct cert *certs = NULL;
    size_t count = 0;
    int r = take_all(folder, now_s, &certs, &count);
    if (r < 0) {
        free(certs);
        return r;
    }
    if (count > 0)
        qsort(certs, count, sizeof *certs, compare_expiry);
    *ret_certs = certs;
    *ret_count = count;
    return 0;
}
