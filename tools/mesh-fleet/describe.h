/* Certificates, ids and dates as text for people. Never a secret. */
#ifndef FLEET_DESCRIBE_H
#define FLEET_DESCRIBE_H

#include <stdint.h>

#include "base/cert.h"

enum {
    DESCRIBE_ID_SIZE = 2 * CERT_ID_SIZE + 1,
    DESCRIBE_TIME_SIZE = 32,
    DESCRIBE_ROLES_SIZE = 64,
};

/* The id of a key in hexadecimal. */
void describe_key(const uint8_t public_key[static SIGN_PUBLIC_SIZE],
                  char ret[static DESCRIBE_ID_SIZE]);

/* "2026-11-22T18:00:00Z". */
void describe_time(int64_t time_s, char ret[static DESCRIBE_TIME_SIZE]);

/* "fetch,announce,issue", or "none". */
void describe_roles(uint8_t roles, char ret[static DESCRIBE_ROLES_SIZE]);

/* Prints one line for each thing that a certificate says. */
void describe_cert(const struct cert *cert);

#endif
