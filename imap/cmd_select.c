/*
 * cmd_select.c - SELECT, EXAMINE, CLOSE, UNSELECT: opening a mailbox and
 * leaving it
 *
 * RFC 3501, 6.3.1, 6.3.2, 6.4.2; UNSELECT: RFC 3691
 * RFC 7162, 3.1.8, 3.2.5:  SELECT <mailbox> [(CONDSTORE QRESYNC (...))]
 * RFC 9051, 6.3.2:         LIST among the answers, no UNSEEN, no RECENT
 */
#include <inttypes.h>

#include "imap/command.h"
#include "imap/expunge.h"
#include "imap/folder.h"
#include "imap/list.h"
#include "imap/name.h"
#include "imap/resync.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

/* The number of the first message that is not seen; 0 for none. */
static size_t first_unseen(const struct mail_view *view)
{
    size_t count = mail_view_count(view);

    for (size_t i = 0; i < count; i++)
        if ((mail_view_at(view, i)->flags & MAIL_SEEN) == 0)
            return i + 1;
    return 0;
}

/* The LIST line that RFC 9051 wants, with the name as it is listed. */
static void tell_name(struct imap_command *command, int64_t id)
{
    struct imap_mailboxes mailboxes;

    if (imap_mailboxes_load(command->op, command->session->account,
                            &mailboxes) != STATUS_OK)
        return;
    for (size_t i = 0; i < mailboxes.count; i++)
        if (mailboxes.list[i].folder->id == id)
            imap_list_tell(command->session, &mailboxes.list[i], true, NULL);
}

static void tell_folder(struct imap_command *command,
                        const struct folder *folder)
{
    struct imap_session *session = command->session;
    struct imap_out *out = &session->out;
    const struct mail_view *view = imap_folder_view(session->folder);
    bool rev2 = (session->enabled & IMAP_REV2) != 0;
    size_t unseen = first_unseen(view);

    imap_folder_tell_keywords(command->op, session->folder, out);
    imap_out_printf(out, "* %u EXISTS\r\n", imap_folder_count(session->folder));
    if (!rev2)
        imap_out_printf(out, "* %u RECENT\r\n",
                        imap_folder_recent_count(session->folder));
    /* It is a message number, of which UIDONLY knows none. */
    if (unseen > 0 && (session->enabled & (IMAP_REV2 | IMAP_UIDONLY)) == 0)
        imap_out_printf(out, "* OK [UNSEEN %zu] The first unseen message\r\n",
                        unseen);
    imap_out_printf(out, "* OK [UIDVALIDITY %u] UIDs are valid\r\n",
                    mail_view_uid_validity(view));
    imap_out_printf(out, "* OK [UIDNEXT %u] The next UID\r\n",
                    mail_view_uid_next(view));
    imap_out_printf(out, "* OK [HIGHESTMODSEQ %" PRIu64 "] The last change\r\n",
                    mail_view_highest_modseq(view));
    imap_out_printf(out,
                    "* OK [MAILBOXID (" IMAP_MAILBOXID ")] What it is by\r\n",
                    folder->id, folder->uid_validity);
    if (rev2)
        tell_name(command, folder->id);
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

/* The mailbox and the parameters; false with *answer where something else
 * stands. */
static bool read_arguments(struct imap_command *command, const char **name_out,
                           struct resync *resync, struct imap_answer *answer)
{
    struct imap_args *args = &command->args;
    unsigned enabled = command->session->enabled;

    *resync = (struct resync){ .condstore = false };
    *name_out = imap_args_space(args) ? imap_read_mailbox(command) : NULL;
    if (*name_out == NULL ||
        (imap_args_space(args) && !resync_read(args, resync)) ||
        !imap_args_end(args)) {
        *answer = imap_bad_args(command, "a mailbox and a list of parameters");
        return false;
    }
    if (resync->quick && (enabled & IMAP_QRESYNC) == 0) {
        *answer = imap_bad(command, "QRESYNC has to be enabled first");
        return false;
    }
    if (resync->numbers.count > 0 && (enabled & IMAP_UIDONLY) != 0) {
        *answer = imap_uid_required(command);
        return false;
    }
    return true;
}

/* What follows is about another mailbox (RFC 7162, 3.2.11). */
static void leave_mailbox(struct imap_session *session)
{
    if (session->folder != NULL)
        imap_out_puts(&session->out, "* OK [CLOSED] The mailbox is closed\r\n");
    imap_session_unselect(session);
}

static struct imap_answer open_mailbox(struct imap_command *command,
                                       bool read_only)
{
    struct imap_session *session = command->session;
    const char *name;
    struct resync resync;
    struct imap_answer answer;
    struct folder folder;
    struct mail_view *view;
    enum status status;

    if (!read_arguments(command, &name, &resync, &answer))
        return answer;
    leave_mailbox(session);
    if (resync.condstore)
        imap_session_enable(session, IMAP_CONDSTORE);
    status = imap_mailbox_find(command->op, session->account, name, &folder);
    if (status == STATUS_OK)
        status = get_view(command, folder.id, &view);
    if (status != STATUS_OK)
        return imap_failed(command, status);

    read_only |= folder.read_only;
    session->folder = imap_folder_new(command->op, session->account, folder.id,
                                      read_only, view, &session->enabled);
    session->state = IMAP_SELECTED;
    imap_session_listen(session);
    tell_folder(command, &folder);
    status = resync_tell(command->op, session, &resync);
    if (status != STATUS_OK) {
        /* The client must not take itself to be in step. */
        imap_session_unselect(session);
        return imap_failed(command, status);
    }
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
    size_t count;

    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    if (!imap_folder_read_only(session->folder))
        status = imap_expunge(command, NULL, &count);
    /* No HIGHESTMODSEQ: nothing was said of what has gone (RFC 7162, 3.2.8).
     * The mailbox stays open when something in it was to go and did not. */
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
