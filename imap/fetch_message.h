/*
 * fetch_message.h - one message's line in the answer of a FETCH
 */
#ifndef POSTERN_IMAP_FETCH_MESSAGE_H
#define POSTERN_IMAP_FETCH_MESSAGE_H

#include <stdbool.h>

#include "imap/fetch_details.h"
#include "imap/fetch_items.h"
#include "proxy/base/status.h"
#include "proxy/exchange/mail.h"

struct arena;
struct fetch_octets;
struct imap_folder;
struct imap_out;
struct mime_envelope;

/* What the lines of a FETCH share. */
struct fetch_lines {
    const struct imap_folder *folder;
    const struct fetch_items *items;
    const struct fetch_details *details; /* of those about to be shown */
    struct imap_out *out;
    bool exact_sizes;    /* an estimate will not do */
    enum mail_need need; /* how much is read of those that are read */
};

/* A message as it is about to be shown; the caller fills in what it is. */
struct fetch_message {
    const struct mail_entry *entry;
    const struct mail_content *content; /* NULL: nothing was read */
    struct mime_envelope *envelope;
    struct fetch_octets *octets; /* one per item */
};

#define FETCH_NEEDS_NOTHING (-1)

/* How much of a message has to be read, of enum mail_need. */
int fetch_message_need(const struct fetch_lines *lines,
                       const struct mail_entry *entry);

/* Finds in a message that was read everything that will be shown, so that
 * nothing fails in the middle of the line.  STATUS_UNSUPPORTED: a part is
 * encoded in a way that is not known. */
enum status fetch_message_prepare(struct arena *arena,
                                  const struct fetch_lines *lines,
                                  struct fetch_message *message);

/* Writes the line.  False when nothing else can be said on this connection. */
bool fetch_message_write(const struct fetch_lines *lines,
                         const struct fetch_message *message);

#endif
