/*
 * fetch.h - showing messages, by FETCH and as they arrive
 */
#ifndef POSTERN_IMAP_FETCH_H
#define POSTERN_IMAP_FETCH_H

#include "imap/command.h"
#include "imap/fetch_items.h"
#include "imap/session.h"
#include "proxy/base/op.h"

struct imap_messages;

struct fetch_wish {
    struct fetch_items items;
    bool changed; /* only what has changed after `since` */
    uint64_t since;
    bool sets_seen; /* messages are seen by being shown */
};

/* Shows messages of the selected folder, and answers the command. */
struct imap_answer imap_fetch(struct imap_command *command,
                              const struct fetch_wish *wish,
                              const struct imap_messages *messages);

/* Shows messages of the selected folder without being asked (RFC 5465, 5.2):
 * none of them counts as seen, and those that cannot be had are left out. */
void imap_fetch_news(struct op *op, struct imap_session *session,
                     const struct fetch_items *items,
                     const struct imap_messages *messages);

#endif
