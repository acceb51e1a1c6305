/*
 * cmd_append.c - APPEND: store a message
 *
 * RFC 3501, 6.3.11:  APPEND <mailbox> [(<flags>)] [<date-time>] <literal>
 * RFC 4315, 3:       [APPENDUID <validity> <uid>]
 *
 * The framer has put the message into a spool as it came.
 */
#include "imap/command.h"
#include "imap/name.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"

static bool read_append(struct imap_command *command, const char **name_out,
                        struct mail_new *message)
{
    struct imap_args *args = &command->args;
    struct imap_flags flags = { .flags = 0 };

    message->received = TIME_NONE;
    if (!imap_args_space(args) ||
        (*name_out = imap_read_mailbox(command)) == NULL || !imap_args_space(args))
        return false;
    if (imap_args_next_is(args, '(') &&
        (!imap_args_flag_list(args, &flags) || !imap_args_space(args)))
        return false;
    if (imap_args_next_is(args, '"') &&
        (!imap_args_date_time(args, &message->received) ||
         !imap_args_space(args)))
        return false;
    message->flags = flags.flags;
    message->categories = flags.categories;
    return imap_args_message(args, &message->content) && imap_args_end(args);
}

struct imap_answer imap_cmd_append(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct mail_new message = { .content = NULL };
    struct folder folder;
    const char *name;
    uint32_t uid = 0;
    enum status status;

    if (!read_append(command, &name, &message))
        return imap_bad_args(command,
                             "a mailbox, flags, a date and a message literal");
    status = imap_mailbox_find(command->op, session->account, name, &folder);
    if (status != STATUS_OK)
        return imap_failed_target(command, status);
    if (spool_size(message.content) == 0)
        return imap_no(command, "CANNOT", "The message is empty");
    status =
        mail_append(command->op, session->account, folder.id, &message, &uid);
    if (status != STATUS_OK)
        return imap_failed_target(command, status);
    return uid > 0 ? imap_ok_code(command, "APPENDUID %u %u",
                                  folder.uid_validity, uid)
                   : imap_ok(command);
}
