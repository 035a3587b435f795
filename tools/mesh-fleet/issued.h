/* What an authority remembers of the tokens that it issued: the delegates' certificates, which are
 * no secrets. */
#ifndef FLEET_ISSUED_H
#define FLEET_ISSUED_H

#include "base/cert.h"

/* Writes the certificate to "issued/<key id>.cert" of the folder, which the caller holds locked. */
int issued_put(int folder, const struct cert *cert) MUST_CHECK;

/* -ENOENT when no such key was issued here. */
int issued_find(int folder, const uint8_t id[static CERT_ID_SIZE],
                struct cert *ret_cert) MUST_CHECK;

/* All that is not expired, the first to expire first, for the caller to free. What is expired is
 * removed, what can't be read is left out. */
int issued_list(int folder, int64_t now_s, struct cert **ret_certs, size_t *ret_count) MUST_CHECK;

#endif
