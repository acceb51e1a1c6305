/*
 * notify_private.h - what the files of notify.h share
 */
#ifndef POSTERN_IMAP_NOTIFY_PRIVATE_H
#define POSTERN_IMAP_NOTIFY_PRIVATE_H

#include "imap/notify.h"
#include "proxy/exchange/mail.h"

struct imap_mailbox;
struct imap_mailboxes;

/* A mailbox as the client has heard of it. */
struct heard {
    int64_t id;
    int64_t parent;
    char *name;
    bool subscribed;
    bool noted; /* whether the comment is known, which it has not to be */
    char *comment;
    struct mail_counts counts; /* status: whether they are known */
};

struct imap_notify {
    struct notify_group *groups;
    size_t count;
    struct heard *heard;
    size_t heard_count;
    char **lost; /* subscribed names of no mailbox; NULL: none */
    size_t lost_count;
    char *colors; /* as account_known_colors has them */
};

void notify_forget_one(struct heard *heard);
void notify_forget(struct imap_notify *notify);

/* Subscribed names that no mailbox has (notify_lost.c): as they are now, in the
 * arena; whether a name is among them. */
struct notify_lost {
    const char **names;
    size_t count;
};

struct notify_lost notify_lost_now(struct op *op, struct imap_session *session);
bool notify_is_lost(const struct notify_lost *lost, const char *name);

/* Tells of those that are not subscribed any more; remembers those of now. */
void notify_tell_lost(struct imap_session *session,
                      const struct imap_mailboxes *mailboxes,
                      const struct notify_lost *now);
void notify_remember_lost(struct imap_notify *notify,
                          const struct notify_lost *now);

void notify_forget_lost(struct imap_notify *notify);

/* Remembers what the client has done itself to a name. */
void notify_overlook_lost(struct op *op, struct imap_session *session,
                          const char *name);

/* Whether a name is `root` or below it. */
bool notify_is_in_tree(const char *name, const char *root);

/* Whether a group is about a mailbox. */
bool notify_covers(const struct notify_group *group,
                   const struct imap_mailbox *mailbox);

/* The events of a mailbox (of enum notify_event), those of its messages only
 * where it can be selected and is not: that has a group of its own. */
unsigned notify_events(const struct imap_session *session,
                       const struct imap_mailbox *mailbox);

/* Notes (notify_metadata.c): takes over a mailbox's comment; tells when it is
 * not what the client has heard of; tells of the colours of categories. */
void notify_note(struct op *op, struct imap_session *session,
                 struct heard *heard);
void notify_tell_note(struct op *op, struct imap_session *session,
                      const struct imap_mailbox *mailbox,
                      const struct heard *old);
void notify_tell_colors(struct op *op, struct imap_session *session);

#endif
