/*
 * cmd_starttls.c - STARTTLS
 *
 * RFC 3207:  STARTTLS
 */
#include "smtp/command.h"

/* What was said before could come from someone in between: it is forgotten, and
 * the connection throws away what has come already. */
void smtp_cmd_starttls(struct smtp_command *command)
{
    if (!command->session->can_start_tls) {
        smtp_reply_line(command->reply, "502 5.5.1 TLS cannot be started here");
        return;
    }
    smtp_session_forget(command->session);
    smtp_reply_line(command->reply, "220 2.0.0 Go ahead");
    command->reply->start_tls = true;
}
