/*
 * expunge.h - deleting what is marked \Deleted
 */
#ifndef POSTERN_IMAP_EXPUNGE_H
#define POSTERN_IMAP_EXPUNGE_H

#include <stddef.h>

#include "imap/command.h"
#include "proxy/base/status.h"

struct imap_messages;

/* Deletes the marked ones among these messages of the selected folder; NULL:
 * among all that the client knows.  Says how many they were, and returns the
 * first failure. */
enum status imap_expunge(struct imap_command *command,
                         const struct imap_messages *among, size_t *count_out);

/* OK after messages have left the folder: with QRESYNC they are told right now,
 * and the answer says how far the client has got (RFC 7162, 3.2.7). */
struct imap_answer imap_ok_settled(struct imap_command *command);

#endif
