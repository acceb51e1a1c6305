/*
 * cmd_replace.c - REPLACE and UID REPLACE: a new message instead of an old one
 *
 * RFC 8508:  REPLACE <message> <mailbox> <message to store>
 *
 * The new one is there before the old one goes.
 */
#include "imap/append.h"
#include "imap/command.h"
#include "imap/expunge.h"
#include "imap/folder.h"
#include "imap/name.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

/* One number, or "*". */
static bool read_number(struct imap_args *args, struct imap_range *range)
{
    uint64_t number = IMAP_STAR;

    if (!imap_args_char(args, '*') &&
        !imap_args_number(args, 1, UINT32_MAX, &number))
        return false;
    range->first = range->last = (uint32_t)number;
    return true;
}

static struct imap_answer replace(struct imap_command *command, uint32_t old,
                                  const struct folder *target,
                                  const struct append_message *message)
{
    struct imap_session *session = command->session;
    struct imap_answer answer;
    struct mail_new prepared;
    uint32_t uid;

    if (!append_prepare(command, message, &prepared, &answer))
        return answer;
    enum status status = mail_replace(command->op, session->account,
                                      imap_folder_id(session->folder), old,
                                      target->id, &prepared, &uid);
    if (status != STATUS_OK)
        return imap_failed_target(command, status);
    imap_note_made(command, target->id,
                   arena_memdup(command->op->arena, &uid, sizeof uid), 1);
    if (uid > 0)
        imap_out_printf(&session->out,
                        "* OK [APPENDUID %u %u] It is replaced\r\n",
                        target->uid_validity, uid);
    return imap_ok_settled(command);
}

struct imap_answer imap_cmd_replace(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct imap_args *args = &command->args;
    struct imap_range range;
    struct imap_set set = { .ranges = &range, .count = 1 };
    struct imap_messages messages;
    struct append_message message;
    struct folder target;
    const char *name;

    if (!imap_args_space(args) || !read_number(args, &range) ||
        !imap_args_space(args) || (name = imap_read_mailbox(command)) == NULL ||
        !append_read(args, &message) || !imap_args_end(args))
        return imap_bad_args(
            command, "a message's number, a mailbox and what is to be stored");
    if (!imap_folder_resolve(session->folder, command->op->arena, &set,
                             command->by_uid, &messages))
        return imap_bad(command, "There is no message of that number");
    if (messages.count == 0)
        return imap_no(command, "NONEXISTENT", "There is no such message");
    if (imap_folder_read_only(session->folder))
        return imap_no(command, "READ-ONLY",
                       "The mailbox was opened for reading");
    enum status status =
        imap_target_find(command->op, session->account, name, &target);
    if (status != STATUS_OK)
        return imap_failed_target(command, status);
    return replace(command, messages.uids[0], &target, &message);
}
