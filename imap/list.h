/*
 * list.h - one mailbox in a LIST line
 */
#ifndef POSTERN_IMAP_LIST_H
#define POSTERN_IMAP_LIST_H

#include <stdbool.h>

struct imap_mailbox;
struct imap_session;

/* Tells of a mailbox by itself: with \Subscribed where that is so and
 * `subscribed` asks for it, and with the name that it had (RFC 5465, 5.4)
 * unless `old_name` is NULL. */
void imap_list_tell(struct imap_session *session,
                    const struct imap_mailbox *mailbox, bool subscribed,
                    const char *old_name);

#endif
