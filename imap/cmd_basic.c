/*
 * cmd_basic.c - commands that ask about the server or just pass the time
 *
 * CAPABILITY, NOOP, LOGOUT (RFC 3501, 6.1), CHECK (6.4.1), ID (RFC 2971),
 * NAMESPACE (RFC 2342)
 */
#include <string.h>

#include "imap/command.h"
#include "imap/folder.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/str.h"
#include "proxy/exchange/folder.h"
#include "proxy/exchange/mail.h"

/* RFC 2971, 3.3. */
#define ID_FIELDS_MAX 30

struct imap_answer imap_cmd_capability(struct imap_command *command)
{
    struct imap_session *session = command->session;

    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    imap_out_printf(&session->out, "* %s\r\n",
                    imap_capabilities(session, command->op->arena));
    return imap_ok(command);
}

struct imap_answer imap_cmd_logout(struct imap_command *command)
{
    struct imap_session *session = command->session;

    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    imap_session_unselect(session);
    imap_out_puts(&session->out, "* BYE Good-bye\r\n");
    session->state = IMAP_LOGOUT;
    session->close = true;
    return imap_ok(command);
}

/* Asks Exchange for news of the selected folder, which are told with the
 * answer. NOOP and CHECK always succeed (6.1.2, 6.4.1): that Exchange could not
 * be asked is a warning. */
static struct imap_answer ask_for_news(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct mail_view *view = NULL;
    enum status status = STATUS_OK;

    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    if (session->folder != NULL)
        status = mail_refresh(command->op, session->account,
                              imap_folder_id(session->folder), &view);
    mail_view_unref(&view);
    if (status != STATUS_OK) {
        const struct imap_words *words = imap_words(status);

        imap_out_printf(&session->out, "* NO [%s] %s\r\n", words->code,
                        words->text);
    }
    return imap_ok(command);
}

struct imap_answer imap_cmd_noop(struct imap_command *command)
{
    return ask_for_news(command);
}

struct imap_answer imap_cmd_check(struct imap_command *command)
{
    return ask_for_news(command);
}

/* Appends " name=value" for the log; false where the grammar wants something
 * else. */
static bool read_id_field(struct imap_command *command, struct buf *line)
{
    const char *name = imap_args_string(&command->args);
    const char *value;

    if (name == NULL || !imap_args_space(&command->args) ||
        !imap_args_nstring(&command->args, &value))
        return false;
    if (value != NULL)
        buf_printf(
            line, " %s=%s",
            str_printable(command->op->arena, name, strlen(name), 30),
            str_printable(command->op->arena, value, strlen(value), 100));
    return true;
}

static bool read_id(struct imap_command *command, struct buf *line)
{
    struct imap_args *args = &command->args;

    if (!imap_args_space(args))
        return false;
    if (imap_args_word(args, "NIL"))
        return imap_args_end(args);
    if (!imap_args_char(args, '('))
        return false;
    for (int i = 0; !imap_args_char(args, ')'); i++)
        if (i == ID_FIELDS_MAX || (i > 0 && !imap_args_space(args)) ||
            !read_id_field(command, line))
            return false;
    return imap_args_end(args);
}

struct imap_answer imap_cmd_id(struct imap_command *command)
{
    struct buf line;

    buf_init(&line, command->op->arena);
    if (!read_id(command, &line))
        return imap_bad_args(command, "NIL or a list of names and values");
    if (line.len > 0)
        log_debug(command->op->session, "client%s", line.data);
    imap_out_puts(&command->session->out,
                  "* ID (\"name\" \"Postern\" \"version\" \"" POSTERN_VERSION
                  "\")\r\n");
    return imap_ok(command);
}

/* One namespace, or NIL where there is none of that kind. */
static void tell_namespace(struct imap_session *session,
                           enum folder_store store)
{
    if (folder_store_is_shown(session->account, store))
        imap_out_printf(&session->out, " ((\"%s/\" \"/\"))",
                        folder_store_name(store));
    else
        imap_out_puts(&session->out, " NIL");
}

struct imap_answer imap_cmd_namespace(struct imap_command *command)
{
    struct imap_session *session = command->session;

    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    imap_out_puts(&session->out, "* NAMESPACE ((\"\" \"/\"))");
    tell_namespace(session, FOLDER_SHARED);
    tell_namespace(session, FOLDER_PUBLIC);
    imap_out_puts(&session->out, "\r\n");
    return imap_ok(command);
}
