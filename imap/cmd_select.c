/*
 * cmd_select.c - SELECT, EXAMINE, CLOSE, UNSELECT: opening a mailbox and
 * leaving it
 *
 * RFC 3501, 6.3.1, 6.3.2, 6.4.2; UNSELECT: RFC 3691
 */
#include <inttypes.h>

#include "imap/command.h"
#include "imap/expunge.h"
#include "imap/folder.h"
#include "imap/keyword.h"
#include "imap/name.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/mail.h"

#define FLAGS "\\Answered \\Flagged \\Deleted \\Seen"
#define KEYWORDS " $Forwarded $MDNSent $Junk $NotJunk"

/* The flags that are in use, and those that can be changed for good: \Draft can
 * only be given to a new message. */
static void tell_flags(struct imap_command *command,
                       const struct mail_view *view, bool read_only)
{
    struct imap_out *out = &command->session->out;
    const char *const *categories = mail_view_categories(view);
    struct buf keywords;

    buf_init(&keywords, command->op->arena);
    for (; categories != NULL && *categories != NULL; categories++) {
        buf_putc(&keywords, ' ');
        imap_keyword_write(&keywords, *categories);
    }
    imap_out_puts(out, "* FLAGS (" FLAGS " \\Draft" KEYWORDS);
    imap_out_puts(out, keywords.data);
    imap_out_puts(out, ")\r\n* OK [PERMANENTFLAGS (");
    if (!read_only) {
        imap_out_puts(out, FLAGS KEYWORDS);
        imap_out_puts(out, keywords.data);
        imap_out_puts(out, " \\*");
    }
    imap_out_puts(out, ")] These can be changed\r\n");
}

/* The number of the first message that is not seen; 0 for none. */
static size_t first_unseen(const struct mail_view *view)
{
    size_t count = mail_view_count(view);

    for (size_t i = 0; i < count; i++)
        if ((mail_view_at(view, i)->flags & MAIL_SEEN) == 0)
            return i + 1;
    return 0;
}

static void tell_folder(struct imap_command *command)
{
    struct imap_out *out = &command->session->out;
    const struct imap_folder *folder = command->session->folder;
    const struct mail_view *view = imap_folder_view(folder);
    size_t unseen = first_unseen(view);

    tell_flags(command, view, imap_folder_read_only(folder));
    imap_out_printf(out, "* %u EXISTS\r\n* %u RECENT\r\n",
                    imap_folder_count(folder),
                    imap_folder_recent_count(folder));
    if (unseen > 0)
        imap_out_printf(out, "* OK [UNSEEN %zu] The first unseen message\r\n",
                        unseen);
    imap_out_printf(out, "* OK [UIDVALIDITY %u] UIDs are valid\r\n",
                    mail_view_uid_validity(view));
    imap_out_printf(out, "* OK [UIDNEXT %u] The next UID\r\n",
                    mail_view_uid_next(view));
}

/* The newest view; what is known when Exchange cannot be asked, and then says
 * so. */
static enum status get_view(struct imap_command *command, int64_t id,
                            struct mail_view **view_out)
{
    struct imap_session *session = command->session;
    enum status status =
        mail_refresh(command->op, session->account, id, view_out);
    const struct imap_words *words = imap_words(status);

    if (status == STATUS_OK || status == STATUS_NO_FOLDER ||
        status == STATUS_DENIED)
        return status;
    if (mail_look(command->op, session->account, id, view_out) != STATUS_OK)
        return status;
    imap_out_printf(&session->out,
                    "* NO [%s] %s; this is what was last known\r\n",
                    words->code, words->text);
    return STATUS_OK;
}

static struct imap_answer open_mailbox(struct imap_command *command,
                                       bool read_only)
{
    struct imap_session *session = command->session;
    struct imap_args *args = &command->args;
    const char *name = imap_args_space(args) ? imap_read_mailbox(command) : NULL;
    struct folder folder;
    struct mail_view *view;
    enum status status;

    if (name == NULL || !imap_args_end(args))
        return imap_bad_args(command, "a mailbox");
    imap_session_unselect(session);
    status = imap_mailbox_find(command->op, session->account, name, &folder);
    if (status == STATUS_OK)
        status = get_view(command, folder.id, &view);
    if (status != STATUS_OK)
        return imap_failed(command, status);

    read_only |= folder.read_only;
    session->folder = imap_folder_new(command->op, session->account, folder.id,
                                      read_only, view);
    session->state = IMAP_SELECTED;
    tell_folder(command);
    imap_out_printf(&session->out,
                    "* OK [MAILBOXID (" IMAP_MAILBOXID ")] What it is by\r\n",
                    folder.id, folder.uid_validity);
    return imap_ok_code(command, read_only ? "READ-ONLY" : "READ-WRITE");
}

struct imap_answer imap_cmd_select(struct imap_command *command)
{
    return open_mailbox(command, false);
}

struct imap_answer imap_cmd_examine(struct imap_command *command)
{
    return open_mailbox(command, true);
}

struct imap_answer imap_cmd_close(struct imap_command *command)
{
    struct imap_session *session = command->session;
    enum status status = STATUS_OK;

    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    if (!imap_folder_read_only(session->folder))
        status = imap_expunge(command, NULL);
    /* The mailbox stays open when something in it was to go and did not. */
    if (status != STATUS_OK)
        return imap_failed(command, status);
    imap_session_unselect(session);
    return imap_ok(command);
}

struct imap_answer imap_cmd_unselect(struct imap_command *command)
{
    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    imap_session_unselect(command->session);
    return imap_ok(command);
}
