/*
 * append.h - what APPEND and REPLACE store
 *
 *     [SP (<flags>)] [SP <date-time>] SP <data>
 *
 * The data is a literal, or one that may have NUL octets (RFC 3516), or "UTF8"
 * and such a literal (RFC 6855, 4), or "CATENATE" and a list of literals and of
 * URLs of messages that are here already (RFC 4469).
 *
 * Headers may have 8-bit octets in any of these, whether or not the client has
 * enabled UTF8=ACCEPT.  RFC 6855 wants them after "UTF8" only; RFC 9755 has
 * dropped that word, IMAP4rev2 never had it, and most such headers are those of
 * old mail in Latin-1, which a program that copies a mailbox would lose if it
 * were refused.
 */
#ifndef POSTERN_IMAP_APPEND_H
#define POSTERN_IMAP_APPEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imap_answer;
struct imap_args;
struct imap_command;
struct mail_new;
struct spool;

/* One or the other. */
struct append_part {
    const struct spool *text;
    const char *url;
};

/* A message as the command has it. */
struct append_message {
    uint32_t flags;
    const char *const *categories;
    int64_t received;
    bool binary; /* it may have NUL octets, and parts in binary */
    struct append_part *parts;
    size_t part_count;
};

/* Reads one; false where the grammar wants something else. */
bool append_read(struct imap_args *args, struct append_message *message_out);

/* Puts its content together, such that Exchange takes it.  False with the
 * answer for the client where that cannot be. */
bool append_prepare(struct imap_command *command,
                    const struct append_message *message,
                    struct mail_new *new_out, struct imap_answer *answer_out);

#endif
