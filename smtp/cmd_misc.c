/*
 * cmd_misc.c - RSET, NOOP, VRFY, EXPN, HELP, QUIT
 *
 * RFC 5321, 4.1.1.5 to 4.1.1.10
 */
#include "smtp/command.h"

void smtp_cmd_rset(struct smtp_command *command)
{
    smtp_transaction_reset(&command->session->transaction);
    smtp_reply_line(command->reply, "250 2.0.0 Forgotten");
}

void smtp_cmd_noop(struct smtp_command *command)
{
    smtp_reply_line(command->reply, "250 2.0.0 Nothing done");
}

/* Nobody is confirmed or denied: Exchange says so when the message has come. */
void smtp_cmd_vrfy(struct smtp_command *command)
{
    smtp_reply_line(command->reply, "252 2.1.5 Send a message and see");
}

void smtp_cmd_expn(struct smtp_command *command)
{
    smtp_reply_line(command->reply, "502 5.5.1 Lists are not expanded");
}

void smtp_cmd_help(struct smtp_command *command)
{
    smtp_reply_line(command->reply, "214 2.0.0 RFC 6409 says it all: EHLO, "
                                    "AUTH, MAIL, RCPT, DATA, QUIT");
}

void smtp_cmd_quit(struct smtp_command *command)
{
    smtp_reply_line(command->reply, "221 2.0.0 Good-bye");
    command->reply->close = true;
}
