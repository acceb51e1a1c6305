/*
 * status.h - the items of STATUS, which LIST returns as well
 */
#ifndef POSTERN_IMAP_STATUS_H
#define POSTERN_IMAP_STATUS_H

#include <stdbool.h>

struct folder;
struct imap_args;
struct imap_session;
struct mail_counts;

/* "(MESSAGES UNSEEN)" as bits; false where the grammar wants something else. */
bool imap_status_read(struct imap_args *args, unsigned *wanted_out);

/* Takes note of what the items switch on (RFC 7162, 3.1). */
void imap_status_enable(struct imap_session *session, unsigned wanted);

/* "* STATUS <name> (...)" */
void imap_status_tell(struct imap_session *session, const char *name,
                      const struct folder *folder, unsigned wanted,
                      const struct mail_counts *counts);

#endif
