/*
 * cmd_quota.c - GETQUOTA, GETQUOTAROOT, SETQUOTA: how full the mailbox is
 *
 * RFC 9208, 4.1:  GETQUOTA <root>
 *                 GETQUOTAROOT <mailbox>
 *                 SETQUOTA <root> (<resource> <limit> ...)
 *
 * There is one root, named "", for all of a user's own mailboxes, and it limits
 * STORAGE; there is none where Exchange sets no limit.  Limits are set by the
 * administrator of Exchange.
 */
#include <inttypes.h>

#include "imap/command.h"
#include "imap/name.h"
#include "proxy/exchange/account.h"

/* RFC 9208 counts in 1024 octets; what is begun counts. */
static uint64_t to_units(uint64_t octets)
{
    return octets / 1024 + (octets % 1024 != 0);
}

static void tell_quota(struct imap_session *session,
                       const struct account_quota *quota)
{
    imap_out_printf(&session->out,
                    "* QUOTA \"\" (STORAGE %" PRIu64 " %" PRIu64 ")\r\n",
                    to_units(quota->used), quota->limit / 1024);
}

struct imap_answer imap_cmd_getquota(struct imap_command *command)
{
    struct imap_args *args = &command->args;
    const char *root = imap_args_space(args) ? imap_args_astring(args) : NULL;
    struct account_quota quota;
    enum status status = STATUS_NOT_FOUND;

    if (root == NULL || !imap_args_end(args))
        return imap_bad_args(command, "a quota root");
    if (*root == '\0')
        status = account_quota(command->op, command->session->account, &quota);
    if (status == STATUS_NOT_FOUND)
        return imap_no(command, "NONEXISTENT", "There is no such quota root");
    if (status != STATUS_OK)
        return imap_failed(command, status);
    tell_quota(command->session, &quota);
    return imap_ok(command);
}

struct imap_answer imap_cmd_getquotaroot(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct imap_args *args = &command->args;
    const char *name =
        imap_args_space(args) ? imap_read_mailbox(command) : NULL;
    struct account_quota quota;
    struct folder folder;
    enum status status;
    bool limited = false;

    if (name == NULL || !imap_args_end(args))
        return imap_bad_args(command, "a mailbox");
    status = imap_mailbox_find(command->op, session->account, name, &folder);
    if (status == STATUS_OK && folder.store == FOLDER_OWN) {
        status = account_quota(command->op, session->account, &quota);
        limited = status == STATUS_OK;
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
    }
    if (status != STATUS_OK)
        return imap_failed(command, status);
    imap_out_puts(&session->out, "* QUOTAROOT ");
    imap_tell_mailbox(session, name);
    imap_out_puts(&session->out, limited ? " \"\"\r\n" : "\r\n");
    if (limited)
        tell_quota(session, &quota);
    return imap_ok(command);
}

static bool read_limits(struct imap_args *args)
{
    uint64_t limit;

    if (!imap_args_char(args, '('))
        return false;
    if (imap_args_char(args, ')'))
        return true;
    do {
        if (imap_args_atom(args) == NULL || !imap_args_space(args) ||
            !imap_args_number(args, 0, INT64_MAX, &limit))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

struct imap_answer imap_cmd_setquota(struct imap_command *command)
{
    struct imap_args *args = &command->args;

    if (!imap_args_space(args) || imap_args_astring(args) == NULL ||
        !imap_args_space(args) || !read_limits(args) || !imap_args_end(args))
        return imap_bad_args(command, "a quota root and a list of limits");
    return imap_no(command, "NOPERM",
                   "Limits are set by the administrator of Exchange");
}
