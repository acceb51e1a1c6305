/*
 * resync.h - what has happened to a folder since a client last looked
 *
 * RFC 7162: the parameters of SELECT, and VANISHED (EARLIER).
 */
#ifndef POSTERN_IMAP_RESYNC_H
#define POSTERN_IMAP_RESYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "imap/args.h"
#include "proxy/base/op.h"

struct imap_folder;
struct imap_session;

/* The largest mod-sequence there can be (RFC 7162, 7). */
#define IMAP_MODSEQ_MAX INT64_MAX

/* SELECT's parameters. */
struct resync {
    bool condstore;
    bool quick; /* QRESYNC; the rest is only set with it */
    uint32_t uid_validity;
    uint64_t since;
    const struct imap_set *uids; /* that the client knows; NULL: all */

    /* Some numbers and the UIDs that the client knows them by; both may be
     * empty. */
    struct imap_set numbers;
    struct imap_set number_uids;
};

/* "(CONDSTORE QRESYNC (...))"; false where the grammar wants something else. */
bool resync_read(struct imap_args *args, struct resync *resync_out);

/* Tells a client that has just opened the folder what has vanished and whose
 * flags have changed since it was last there. */
enum status resync_tell(struct op *op, struct imap_session *session,
                        const struct resync *resync);

/* Tells which of `uids` (NULL: all) above `floor` have left the folder after
 * `since`. */
enum status resync_tell_vanished(struct op *op, struct imap_session *session,
                                 const struct imap_set *uids, uint32_t floor,
                                 uint64_t since);

#endif
