/*
 * expunge.h - deleting what is marked \Deleted
 */
#ifndef POSTERN_IMAP_EXPUNGE_H
#define POSTERN_IMAP_EXPUNGE_H

#include "proxy/base/status.h"

struct imap_command;
struct imap_messages;

/* Deletes the marked ones among these messages of the selected folder; NULL:
 * among all that the client knows.  Returns the first failure. */
enum status imap_expunge(struct imap_command *command,
                         const struct imap_messages *among);

#endif
