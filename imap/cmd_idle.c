/*
 * cmd_idle.c - IDLE: wait for news
 *
 * RFC 2177.  Between the "+" and the client's DONE no thread waits: a listener
 * wakes the session when the selected folder has changed, and a worker tells
 * what is new.  What NOTIFY has chosen is told here as well (RFC 5465, 4).
 */
#include "imap/command.h"
#include "proxy/base/str.h"

/* finish() ends the listening. */
static struct imap_answer take_done(struct imap_command *command,
                                    const char *line, size_t len)
{
    return str_is_nocase(line, len, "DONE")
               ? imap_ok(command)
               : imap_bad(command, "IDLE ends with DONE");
}

struct imap_answer imap_cmd_idle(struct imap_command *command)
{
    struct imap_session *session = command->session;

    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    imap_session_begin_dialog(command, take_done);
    imap_out_puts(&session->out, "+ Waiting for news\r\n");
    session->idling = true;
    /* Listening comes first, so that nothing is missed in between. */
    imap_session_listen(session);
    imap_session_news(session, command->op);
    return (struct imap_answer){ IMAP_NOTHING, NULL, NULL };
}
