/*
 * command.h - a command on its way, and the table of all commands
 *
 * A handler reads its arguments and writes one answer:
 *
 *     if (!smtp_args_path(&command->args, &path))
 *         smtp_reply_line(command->reply, "553 5.1.3 ...");
 */
#ifndef POSTERN_SMTP_COMMAND_H
#define POSTERN_SMTP_COMMAND_H

#include "proxy/base/op.h"
#include "smtp/args.h"
#include "smtp/content.h"
#include "smtp/reply.h"
#include "smtp/session.h"

struct smtp_command {
    struct op *op;
    struct smtp_session *session;
    struct smtp_args args; /* after the name and its blanks */
    struct smtp_reply *reply;
};

typedef void smtp_handler(struct smtp_command *command);

/* What must be so before a handler is called. */
enum smtp_trait {
    SMTP_LOGGED_IN = 1 << 0,
    SMTP_SAID_HELLO = 1 << 1,
    SMTP_NO_MESSAGE = 1 << 2, /* not between MAIL and the end of its content */
    SMTP_NO_ARGUMENT = 1 << 3,
    SMTP_ARGUMENT = 1 << 4
};

struct smtp_command_kind {
    const char *name;
    unsigned traits;
    smtp_handler *handler;
};

/* Runs the command in session->line. */
void smtp_command_run(struct smtp_command *command);

/* Reads the parameters that are left; false and an answer if they are wrong. */
bool smtp_command_parameters(struct smtp_command *command,
                             const struct smtp_parameter *table, void *request);

/* Whether a line announces a chunk, with its size: what follows are octets.
 * True and UINT64_MAX when no size can be read. */
bool smtp_bdat_size(const char *line, uint64_t *size_out, bool *last_out);

/* The content is whole: sends it and answers.  The transaction is over. */
void smtp_data_send(struct smtp_command *command);

/* What is wrong with the content so far is answered, and the transaction is
 * over; false if nothing is. */
bool smtp_data_refuse(struct smtp_command *command,
                      enum smtp_content_fault fault);

/* The next line of an AUTH dialogue. */
void smtp_auth_continue(struct smtp_command *command);

/* The AUTH dialogue is over, and what was said in it forgotten. */
void smtp_auth_end(struct smtp_session *session);

smtp_handler smtp_cmd_auth;
smtp_handler smtp_cmd_bdat;
smtp_handler smtp_cmd_data;
smtp_handler smtp_cmd_ehlo;
smtp_handler smtp_cmd_expn;
smtp_handler smtp_cmd_helo;
smtp_handler smtp_cmd_help;
smtp_handler smtp_cmd_mail;
smtp_handler smtp_cmd_noop;
smtp_handler smtp_cmd_quit;
smtp_handler smtp_cmd_rcpt;
smtp_handler smtp_cmd_rset;
smtp_handler smtp_cmd_starttls;
smtp_handler smtp_cmd_vrfy;

#endif
