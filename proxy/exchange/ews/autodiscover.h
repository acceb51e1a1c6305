/*
 * autodiscover.h - what Exchange tells of an address
 *
 * Programs that look for their mailbox are told by this where it is.  Here the
 * server is known, and only that server is asked: its answer tells which
 * mailboxes have the public folders, and where the offline address book is.
 */
#ifndef POSTERN_EXCHANGE_EWS_AUTODISCOVER_H
#define POSTERN_EXCHANGE_EWS_AUTODISCOVER_H

#include "proxy/exchange/ews/ews.h"

enum { AUTODISCOVER_BOOKS = 8 };

/* What an answer says; NULL where it does not. */
struct autodiscover {
    const char *address;        /* the mailbox's main one */
    const char *server;         /* the mailbox as its server is addressed */
    const char *public_address; /* of the mailbox with the public folders */
    const char *books[AUTODISCOVER_BOOKS]; /* addresses of one folder, as seen
                                              from different places */
    const char *redirect;       /* to be asked about instead */
    const char *error;          /* why nothing is told */
};

/* Asks about an address, once.  The texts are in op's arena. */
enum status autodiscover_ask(struct op *op, struct ews *ews,
                             const char *address,
                             struct autodiscover *answer_out);

/* Reads an answer; false when it is none. */
bool autodiscover_read(struct arena *arena, const char *text, size_t len,
                       struct autodiscover *answer_out);

#endif
