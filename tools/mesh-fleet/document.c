/* Files may be anybody's: what they say is judged by its signature. */
#include "tools/mesh-fleet/document.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <unistd.h>

#include "base/seal.h"
#include "tools/mesh-fleet/token.h"

/* One byte of room beyond the largest shows that there is more. */
enum { BYTES_MAX = FLEET_STATE_SIZE_MAX + 1 };

static int read_file(const char *path, char *ret, size_t *ret_size)
{
    size_t size = 0;
    ssize_t got = 1;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -errno;
    while (got > 0 && size < BYTES_MAX) {
        got = read(fd, ret + size, BYTES_MAX - size);
        if (got > 0)
            size += (size_t)got;
    }
    const int r = got < 0 ? -errno : 0;
    close(fd);
    if (r == 0)
        *ret_size = size;
    return r;
}

/* A file with a token ends in a line feed, as echo and this program write it. */
static struct slice without_line_feed(struct slice text)
{
    while (text.size > 0 && (text.data[text.size - 1] == '\n' || text.data[text.size - 1] == '\r'))
        text.size--;
    return text;
}

static int decode(struct slice bytes, struct document *ret_document)
{
    if (token_is_one(bytes)) {
        ret_document->type = DOCUMENT_TOKEN;
        return join_token_decode(without_line_feed(bytes), &ret_document->token);
    }
    if (slice_starts_with(bytes, slice_of("RMC1"))) {
        ret_document->type = DOCUMENT_CERT;
        return cert_decode(bytes.data, bytes.size, &ret_document->cert);
    }
    ret_document->type = DOCUMENT_STATE;
    return fleet_state_decode(bytes.data, bytes.size, &ret_document->state);
}

/* A token is a secret, also a broken one: it is not repeated. */
static int complain(const char *argument, int error)
{
    const char *what = token_is_one(slice_of(argument)) ? "the token" : argument;
    if (error == -EBADMSG)
        fprintf(stderr,
                "mesh-fleet: %s: neither a whole join token, nor a certificate, nor a fleet state; "
                "was it cut or wrapped? copy it again\n",
                what);
    else
        fprintf(stderr, "mesh-fleet: %s: %s; give a token, or @FILE with one\n", what,
                strerror(-error));
    return error;
}

int document_read(const char *argument, struct document *ret_document)
{
    char bytes[BYTES_MAX];
    struct slice found = slice_of(argument);
    int r = 0;
    if (!token_is_one(found)) {
        size_t size = 0;
        r = read_file(argument[0] == '@' ? argument + 1 : argument, bytes, &size);
        found = (struct slice){bytes, size};
    }
    if (r == 0)
        r = decode(found, ret_document);
    seal_forget(bytes, sizeof bytes);
    return r < 0 ? complain(argument, r) : 0;
}

void document_done(struct document *self)
{
    seal_forget(self, sizeof *self);
}
