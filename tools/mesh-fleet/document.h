/* Something that a fleet signed, from the command line or a file: a token, a certificate, a state.
 */
#ifndef FLEET_DOCUMENT_H
#define FLEET_DOCUMENT_H

#include "base/fleet_state.h"
#include "base/join_token.h"

enum document_type {
    DOCUMENT_TOKEN,
    DOCUMENT_CERT,
    DOCUMENT_STATE,
};

struct document {
    enum document_type type;
    union {
        struct join_token token;
        struct cert cert;
        struct fleet_state state;
    };
};

/* Reads "rmt1....", "@FILE" or "FILE". Says what is wrong; -EBADMSG when it is none of them, else
 * the errno of the call that failed. Nothing is verified. */
int document_read(const char *argument, struct document *ret_document) MUST_CHECK;

/* Wipes. */
void document_done(struct document *self);

#endif
