/*
 * command.h - a command on its way, and how its handler answers it
 *
 * A handler reads its arguments, writes untagged lines to session->out and
 * returns what the tagged line shall say:
 *
 *     if (!imap_args_space(args) || !imap_args_set(args, &set) || ...)
 *         return imap_bad_args(command, "a message set and a mailbox");
 *     status = mail_copy(command->op, ...);
 *     if (status != STATUS_OK)
 *         return imap_failed(command, status);
 *     return imap_ok(command);
 *
 * What other sessions and Exchange have changed is told between the two, by the
 * session, as the command's line in commands.c allows.
 */
#ifndef POSTERN_IMAP_COMMAND_H
#define POSTERN_IMAP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/args.h"
#include "imap/session.h"
#include "proxy/base/op.h"
#include "proxy/base/status.h"

struct imap_command_kind;

struct imap_command {
    struct op *op;
    struct imap_session *session;
    const struct imap_command_kind *kind;
    const char *tag;
    bool by_uid;           /* came as "UID <name>" */
    bool keeps_numbers;    /* nothing may be told as expunged at its end */
    bool expunges;         /* it has taken messages away */
    const uint32_t *made;  /* UIDs of what it has put into the selected folder */
    size_t made_count;
    struct imap_args args; /* at the space after the name, or at the end */
    struct imap_args arguments; /* the same, and not read */
};

enum imap_condition {
    IMAP_OK,
    IMAP_NO,
    IMAP_BAD,
    IMAP_NOTHING /* no tagged line: a dialogue goes on */
};

struct imap_answer {
    enum imap_condition condition;
    const char *code; /* in brackets, such as "READ-ONLY"; NULL: none */
    const char *text;
};

typedef struct imap_answer imap_handler(struct imap_command *command);

/* "OK STORE completed", the second with a response code. */
struct imap_answer imap_ok(struct imap_command *command);
struct imap_answer imap_ok_code(struct imap_command *command,
                                const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* `code` may be NULL. */
struct imap_answer imap_no(struct imap_command *command, const char *code,
                           const char *text);

/* The arguments are not what the grammar wants; `expected` ends the sentence
 * "This command takes ...". */
struct imap_answer imap_bad_args(struct imap_command *command,
                                 const char *expected);
struct imap_answer imap_bad(struct imap_command *command, const char *text);

/* BAD for message numbers where UIDONLY is enabled (RFC 9586, 3). */
struct imap_answer imap_uid_required(struct imap_command *command);

/* NO with the words for a status.  op->reason, which the log gets in the end,
 * is said to be about this command. */
struct imap_answer imap_failed(struct imap_command *command,
                               enum status status);

/* The same where a mailbox is the target: NO [TRYCREATE] if it is missing
 * (6.3.11). */
struct imap_answer imap_failed_target(struct imap_command *command,
                                      enum status status);

/* Notes what a command has put into a folder, so that NOTIFY does not show it to
 * who has brought it (RFC 5465, 5.2).  0 for what is not known is fine. */
void imap_note_made(struct imap_command *command, int64_t folder,
                    const uint32_t uids[], size_t count);

/* What may be told at the end of a command (of enum imap_news, folder.h). */
unsigned imap_news_after(const struct imap_command *command);

/* --- The table ----------------------------------------------------------- */

struct imap_command_kind {
    const char *name;
    unsigned states; /* of enum imap_state, or'ed */
    unsigned traits;
    imap_handler *handler;
};

/* IMAP_UID_TOO: "UID <name>" is a command, too.  IMAP_KEEPS_NUMBERS: no EXPUNGE
 * may be told without UID (7.4.1).  IMAP_NO_UPDATES: nothing is told about the
 * folder at its end.  IMAP_NO_NUMBERS: without UID it is not about message
 * numbers, which UIDONLY refuses.  IMAP_CHANGES_TREE: its arguments are names of
 * mailboxes that it makes something else of. */
enum imap_trait {
    IMAP_UID_TOO = 1 << 0,
    IMAP_KEEPS_NUMBERS = 1 << 1,
    IMAP_NO_UPDATES = 1 << 2,
    IMAP_NO_NUMBERS = 1 << 3,
    IMAP_CHANGES_TREE = 1 << 4,
};

/* The command of that name, in any case; NULL if there is none. */
const struct imap_command_kind *imap_command_find(const char *name);

imap_handler imap_cmd_append;
imap_handler imap_cmd_authenticate;
imap_handler imap_cmd_capability;
imap_handler imap_cmd_check;
imap_handler imap_cmd_close;
imap_handler imap_cmd_compress;
imap_handler imap_cmd_copy;
imap_handler imap_cmd_create;
imap_handler imap_cmd_delete;
imap_handler imap_cmd_deleteacl;
imap_handler imap_cmd_enable;
imap_handler imap_cmd_examine;
imap_handler imap_cmd_expunge;
imap_handler imap_cmd_fetch;
imap_handler imap_cmd_getacl;
imap_handler imap_cmd_getmetadata;
imap_handler imap_cmd_getquota;
imap_handler imap_cmd_getquotaroot;
imap_handler imap_cmd_id;
imap_handler imap_cmd_idle;
imap_handler imap_cmd_list;
imap_handler imap_cmd_listrights;
imap_handler imap_cmd_login;
imap_handler imap_cmd_logout;
imap_handler imap_cmd_lsub;
imap_handler imap_cmd_move;
imap_handler imap_cmd_myrights;
imap_handler imap_cmd_namespace;
imap_handler imap_cmd_noop;
imap_handler imap_cmd_notify;
imap_handler imap_cmd_rename;
imap_handler imap_cmd_replace;
imap_handler imap_cmd_search;
imap_handler imap_cmd_select;
imap_handler imap_cmd_setacl;
imap_handler imap_cmd_setmetadata;
imap_handler imap_cmd_setquota;
imap_handler imap_cmd_sort;
imap_handler imap_cmd_starttls;
imap_handler imap_cmd_status;
imap_handler imap_cmd_store;
imap_handler imap_cmd_subscribe;
imap_handler imap_cmd_thread;
imap_handler imap_cmd_unselect;
imap_handler imap_cmd_unsubscribe;

#endif
