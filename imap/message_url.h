/*
 * message_url.h - the URL of a message or of a part of one (RFC 5092)
 *
 *     /INBOX;UIDVALIDITY=1/;UID=20/;SECTION=1.2/;PARTIAL=0.1024
 *
 * As CATENATE takes them (RFC 4469, 3): without a scheme and a server.  One
 * without a mailbox, or without the first "/", begins where the selected
 * mailbox lies.
 */
#ifndef POSTERN_IMAP_MESSAGE_URL_H
#define POSTERN_IMAP_MESSAGE_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "imap/fetch_items.h"

struct arena;

struct message_url {
    const char *mailbox;   /* in UTF-8; "": the selected one */
    bool absolute;         /* from the top, not from beside the selected one */
    uint32_t uid_validity; /* 0: any */
    uint32_t uid;
    struct fetch_section section;
};

/* False for what is no such URL. */
bool message_url_read(struct arena *arena, const char *text,
                      struct message_url *url_out);

#endif
