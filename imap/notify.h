/*
 * notify.h - what a client wants to hear of without asking (RFC 5465)
 *
 * A client that has said NOTIFY is told at any time, also of other mailboxes
 * than the selected one.  Which of them is decided by names whenever something
 * happens, so that mailboxes may come, go and change their names.
 */
#ifndef POSTERN_IMAP_NOTIFY_H
#define POSTERN_IMAP_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "imap/session.h"
#include "proxy/base/op.h"

enum notify_filter {
    NOTIFY_SELECTED,
    NOTIFY_SELECTED_DELAYED,
    NOTIFY_PERSONAL,
    NOTIFY_SUBSCRIBED,
    NOTIFY_SUBTREE,
    NOTIFY_MAILBOXES
};

enum notify_event {
    NOTIFY_NEW = 1 << 0,
    NOTIFY_EXPUNGE = 1 << 1,
    NOTIFY_FLAGS = 1 << 2,
    NOTIFY_NAME = 1 << 3,
    NOTIFY_SUBSCRIPTION = 1 << 4,
    NOTIFY_METADATA = 1 << 5,        /* of mailboxes */
    NOTIFY_SERVER_METADATA = 1 << 6, /* of the account as a whole */
};
#define NOTIFY_OF_MESSAGES (NOTIFY_NEW | NOTIFY_EXPUNGE | NOTIFY_FLAGS)

/* "(<filter> <events>)"; all of it on the heap. */
struct notify_group {
    enum notify_filter filter;
    unsigned events;
    char **names; /* of SUBTREE and MAILBOXES, in modified UTF-7; NULL at the
                     end */
    char *attributes; /* what to FETCH of new messages, as it was said; NULL:
                         nothing */
};

struct imap_command;
struct imap_notify;

/* Takes over the groups; none of them is NOTIFY NONE. */
struct imap_notify *imap_notify_new(struct notify_group *groups, size_t count);
void imap_notify_free(struct imap_notify **notify);

/* Remembers how the mailboxes are from which news will count, telling their
 * STATUS with `status`, and which of them cannot be read.  For right after
 * NOTIFY. */
enum status imap_notify_begin(struct op *op, struct imap_session *session,
                              bool status);

/* What of the selected mailbox may be told (of enum imap_news, folder.h): all
 * of it before the first NOTIFY. */
unsigned imap_notify_news(const struct imap_notify *notify);

/* Whether the selected mailbox's news are told between commands, and whether
 * with EXPUNGE; whether other mailboxes have to be looked after. */
bool imap_notify_is_immediate(const struct imap_notify *notify);
bool imap_notify_expunges_any_time(const struct imap_notify *notify);
bool imap_notify_watches_others(const struct imap_notify *notify);

/* Shows the new messages of the selected mailbox from a number on, with what was
 * asked for, but for those that the command has made itself. */
void imap_notify_show(struct imap_command *command, uint32_t first);

/* Tells what is new in other mailboxes and about their names. */
void imap_notify_tell(struct op *op, struct imap_session *session);

/* Keeps still about a mailbox that this client itself has made, removed,
 * renamed or subscribed to (5). */
void imap_notify_overlook(struct op *op, struct imap_session *session,
                          const char *name);

#endif
