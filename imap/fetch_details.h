/*
 * fetch_details.h - what messages are by, and how they begin
 *
 * EMAILID and THREADID (RFC 8474), SAVEDATE (RFC 8514), PREVIEW (RFC 8970):
 * what is asked for of many messages of a FETCH at once, before the first of
 * them is shown.
 */
#ifndef POSTERN_IMAP_FETCH_DETAILS_H
#define POSTERN_IMAP_FETCH_DETAILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/fetch_items.h"
#include "proxy/base/op.h"

struct account;
struct imap_messages;
struct imap_out;
struct mail_identity;
struct mail_preview;

struct fetch_details {
    const uint32_t *uids; /* ascending */
    size_t count;
    struct mail_identity *identities; /* NULL: nobody asks; one for each UID */
    struct mail_preview *previews;    /* the same */
    enum status trouble; /* keeps Exchange from being asked for previews */
};

/* Whether the items need any. */
bool fetch_details_wanted(const struct fetch_items *items);

/* Gets what the items need, into op's arena; what cannot be had is a status of
 * the message.  A trouble that concerns all messages stays with the details:
 * who goes on with others has it at once. */
void fetch_details_load(struct op *op, struct account *account, int64_t folder,
                        const struct fetch_items *items,
                        const struct imap_messages *messages,
                        struct fetch_details *details);

/* Whether all that is asked for of a message is there. */
enum status fetch_details_status(const struct fetch_details *details,
                                 uint32_t uid);

/* Writes the value of an item of one of these kinds. */
void fetch_details_write(struct imap_out *out,
                         const struct fetch_details *details,
                         enum fetch_kind kind, uint32_t uid);

#endif
