/*
 * cmd_mailbox.c - CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE
 *
 * RFC 3501, 6.3.3 to 6.3.7; CREATE (USE ...): RFC 6154, 3; the mailbox's id in
 * the answer: RFC 8474, 4.1; OLDNAME: RFC 9051, 6.3.6
 */
#include <inttypes.h>
#include <string.h>

#include "imap/command.h"
#include "imap/name.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/mail.h"

/* The only argument, a mailbox; NULL where the grammar wants something else. */
static const char *read_only_name(struct imap_command *command)
{
    const char *name =
        imap_args_space(&command->args) ? imap_read_mailbox(command) : NULL;

    return name != NULL && imap_args_end(&command->args) ? name : NULL;
}

/* A "/" at the end says that others will be below; the name is without it
 * (6.3.3). */
static const char *without_slash(struct imap_command *command, const char *name)
{
    size_t len = strlen(name);

    return len > 1 && name[len - 1] == '/'
               ? arena_strndup(command->op->arena, name, len - 1)
               : name;
}

static struct imap_answer answer_status(struct imap_command *command,
                                        enum status status)
{
    return status == STATUS_OK ? imap_ok(command)
                               : imap_failed(command, status);
}

/* Finds the place for a new mailbox.  STATUS_EXISTS if it is there;
 * STATUS_CANNOT if no folder can have that name. */
static enum status find_place(struct imap_command *command,
                              const struct imap_mailboxes *mailboxes,
                              const char *name, struct imap_place *place)
{
    const struct imap_mailbox *there = imap_mailboxes_find(mailboxes, name);

    if (there != NULL && there->selectable)
        return STATUS_EXISTS;
    if (!imap_mailboxes_place(mailboxes, command->op->arena, name, place))
        return STATUS_CANNOT;
    return STATUS_OK;
}

/* Makes the first `count` missing folders; *parent_out is the last one. */
static enum status make_folders(struct imap_command *command,
                                const struct imap_place *place, size_t count,
                                int64_t *parent_out)
{
    enum status status = STATUS_OK;

    *parent_out = place->parent;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status =
            folder_create(command->op, command->session->account, *parent_out,
                          FOLDER_MAIL, place->names[i], parent_out);
    return status;
}

/* "(USE (\Sent \X ...))": what the mailbox shall be for. */
static bool read_use(struct imap_args *args, bool *wanted_out)
{
    *wanted_out = false;
    if (imap_args_end(args))
        return true;
    if (!imap_args_space(args) || !imap_args_char(args, '(') ||
        !imap_args_word(args, "USE") || !imap_args_space(args) ||
        !imap_args_char(args, '('))
        return false;
    while (!imap_args_next_is(args, ')')) {
        if ((*wanted_out && !imap_args_space(args)) ||
            !imap_args_char(args, '\\') || imap_args_atom(args) == NULL)
            return false;
        *wanted_out = true;
    }
    return imap_args_char(args, ')') && imap_args_char(args, ')') &&
           imap_args_end(args);
}

static struct imap_answer answer_created(struct imap_command *command,
                                         int64_t id)
{
    struct folder folder;
    enum status status =
        folder_get(command->op, command->session->account, id, &folder);

    return status == STATUS_OK
               ? imap_ok_code(command, "MAILBOXID (" IMAP_MAILBOXID ")", id,
                              folder.uid_validity)
               : imap_ok(command);
}

struct imap_answer imap_cmd_create(struct imap_command *command)
{
    struct imap_args *args = &command->args;
    const char *name =
        imap_args_space(args) ? imap_read_mailbox(command) : NULL;
    struct imap_mailboxes mailboxes;
    struct imap_place place;
    int64_t id;
    bool for_use;
    enum status status;

    if (name == NULL || !read_use(args, &for_use))
        return imap_bad_args(command, "a mailbox");
    /* Exchange alone says which folders have a use, and those are there. */
    if (for_use)
        return imap_no(command, "USEATTR", "Exchange gives folders their use");
    name = without_slash(command, name);
    status = imap_mailboxes_look(command->op, command->session->account, name,
                                 false, &mailboxes);
    if (status == STATUS_OK)
        status = find_place(command, &mailboxes, name, &place);
    if (status == STATUS_OK)
        status = make_folders(command, &place, place.count, &id);
    return status == STATUS_OK ? answer_created(command, id)
                               : imap_failed(command, status);
}

/* The mailbox that DELETE or RENAME names, selectable or not. */
static enum status find_mailbox(struct imap_command *command, const char *name,
                                struct imap_mailboxes *mailboxes,
                                const struct imap_mailbox **mailbox_out)
{
    struct account *account = command->session->account;
    enum status status =
        imap_mailboxes_look(command->op, account, name, false, mailboxes);

    if (status != STATUS_OK)
        return status;
    *mailbox_out = imap_mailboxes_find(mailboxes, name);
    return *mailbox_out != NULL ? STATUS_OK : STATUS_NO_FOLDER;
}

struct imap_answer imap_cmd_delete(struct imap_command *command)
{
    const char *name = read_only_name(command);
    struct imap_mailboxes mailboxes;
    const struct imap_mailbox *mailbox;
    enum status status;

    if (name == NULL)
        return imap_bad_args(command, "a mailbox");
    status = find_mailbox(command, name, &mailboxes, &mailbox);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    if (mailbox->folder->use == FOLDER_INBOX)
        return imap_no(command, "CANNOT", "INBOX cannot be deleted");
    /* Exchange would delete what is below as well (6.3.4 forbids that). */
    if (mailbox->has_children)
        return imap_no(command, "HASCHILDREN", "There are mailboxes below it");
    return answer_status(command,
                         folder_delete(command->op, command->session->account,
                                       mailbox->folder->id));
}

/* --- RENAME -------------------------------------------------------------- */

/* Whether a folder is, or is below, another. */
static bool is_within(const struct imap_mailboxes *mailboxes, int64_t id,
                      int64_t ancestor)
{
    for (size_t i = mailboxes->count; i-- > 0 && id != ancestor;)
        if (mailboxes->list[i].folder->id == id)
            id = mailboxes->list[i].folder->parent;
    return id == ancestor;
}

/* INBOX stays; what is in it moves to a new mailbox (6.3.5). */
static enum status move_inbox(struct imap_command *command, int64_t inbox,
                              const struct imap_place *place)
{
    struct op *op = command->op;
    struct account *account = command->session->account;
    struct mail_view *view;
    int64_t target;
    enum status status = mail_refresh(op, account, inbox, &view);

    if (status != STATUS_OK)
        return status;

    size_t count = mail_view_count(view);
    uint32_t *uids = arena_array(op->arena, count, sizeof *uids);
    for (size_t i = 0; i < count; i++)
        uids[i] = mail_view_at(view, i)->uid;
    mail_view_unref(&view);

    status = make_folders(command, place, place->count, &target);
    if (status != STATUS_OK || count == 0)
        return status;
    return mail_move(op, account, inbox, uids, count, target,
                     arena_array(op->arena, count, sizeof(struct mail_result)));
}

static enum status rename_mailbox(struct imap_command *command,
                                  const char *from, const char *to)
{
    struct imap_mailboxes mailboxes;
    const struct imap_mailbox *mailbox;
    struct imap_place place;
    int64_t parent;
    enum status status = find_mailbox(command, from, &mailboxes, &mailbox);

    if (status == STATUS_OK)
        status = find_place(command, &mailboxes, to, &place);
    if (status != STATUS_OK)
        return status;
    if (mailbox->folder->use == FOLDER_INBOX)
        return move_inbox(command, mailbox->folder->id, &place);
    if (mailbox->folder->use != FOLDER_PLAIN ||
        is_within(&mailboxes, place.parent, mailbox->folder->id))
        return op_fail(command->op, STATUS_CANNOT,
                       "a standard folder, or into itself");

    status = make_folders(command, &place, place.count - 1, &parent);
    if (status != STATUS_OK)
        return status;
    return folder_rename(command->op, command->session->account,
                         mailbox->folder->id, parent,
                         place.names[place.count - 1]);
}

static void tell_old_name(struct imap_session *session, const char *from,
                          const char *to)
{
    struct imap_out *out = &session->out;

    imap_out_puts(out, "* LIST () \"/\" ");
    imap_tell_mailbox(session, to);
    imap_out_puts(out, " (\"OLDNAME\" (");
    imap_tell_mailbox(session, from);
    imap_out_puts(out, "))\r\n");
}

struct imap_answer imap_cmd_rename(struct imap_command *command)
{
    struct imap_args *args = &command->args;
    const char *from =
        imap_args_space(args) ? imap_read_mailbox(command) : NULL;
    const char *to = from != NULL && imap_args_space(args)
                         ? imap_read_mailbox(command)
                         : NULL;
    enum status status;

    if (to == NULL || !imap_args_end(args))
        return imap_bad_args(command, "a mailbox and its new name");
    to = without_slash(command, to);
    status = rename_mailbox(command, from, to);
    /* INBOX is still there. */
    if (status == STATUS_OK && (command->session->enabled & IMAP_REV2) != 0 &&
        !str_equal_nocase(from, "INBOX"))
        tell_old_name(command->session, from, to);
    return answer_status(command, status);
}

/* --- Subscriptions ------------------------------------------------------- */

struct imap_answer imap_cmd_subscribe(struct imap_command *command)
{
    const char *name = read_only_name(command);
    struct imap_mailboxes mailboxes;
    const struct imap_mailbox *mailbox;
    enum status status;

    if (name == NULL)
        return imap_bad_args(command, "a mailbox");
    status = find_mailbox(command, name, &mailboxes, &mailbox);
    if (status == STATUS_OK)
        status = folder_subscribe(command->op, command->session->account,
                                  mailbox->folder->id, true);
    return answer_status(command, status);
}

/* Also from a mailbox that is not there (any more). */
struct imap_answer imap_cmd_unsubscribe(struct imap_command *command)
{
    struct account *account = command->session->account;
    const char *name = read_only_name(command);
    struct imap_mailboxes mailboxes;

    if (name == NULL)
        return imap_bad_args(command, "a mailbox");
    enum status status =
        imap_mailboxes_look(command->op, account, name, false, &mailboxes);
    if (status == STATUS_OK)
        status =
            imap_name_unsubscribe(command->op, account, &mailboxes, name);
    return answer_status(command, status);
}
