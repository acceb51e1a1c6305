/*
 * cmd_copy.c - COPY, MOVE and their UID forms
 *
 * RFC 3501, 6.4.7:  COPY <set> <mailbox>     all or none
 * RFC 6851:         MOVE <set> <mailbox>     each message by itself
 * RFC 4315, 3:      [COPYUID <validity> <set> <set>]
 */
#include "imap/command.h"
#include "imap/expunge.h"
#include "imap/folder.h"
#include "imap/name.h"
#include "imap/set_text.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

typedef enum status transfer(struct op *op, struct account *account,
                             int64_t folder, const uint32_t uids[],
                             size_t count, int64_t target,
                             struct mail_result results[]);

/* "COPYUID ..." of what has arrived; NULL when nothing has, or its new UIDs are
 * not all known. */
static const char *copyuid(struct imap_command *command,
                           const struct folder *target,
                           const struct mail_result results[], size_t count)
{
    struct set_text from, to;

    set_text_init(&from, command->op->arena);
    set_text_init(&to, command->op->arena);
    for (size_t i = 0; i < count; i++) {
        if (results[i].status != STATUS_OK)
            continue;
        if (results[i].new_uid == 0)
            return NULL;
        set_text_add(&from, results[i].uid);
        set_text_add(&to, results[i].new_uid);
    }

    const char *from_set = set_text_end(&from);
    if (from_set == NULL)
        return NULL;
    return arena_printf(command->op->arena, "COPYUID %u %s %s",
                        target->uid_validity, from_set, set_text_end(&to));
}

static bool read_arguments(struct imap_command *command, struct imap_set *set,
                           const char **name_out)
{
    struct imap_args *args = &command->args;

    return imap_args_space(args) && imap_args_set(args, set) &&
           imap_args_space(args) &&
           (*name_out = imap_read_mailbox(command)) != NULL && imap_args_end(args);
}

/* Takes those that are gone out of the list; whether there were any. */
static bool drop_gone(const struct imap_folder *folder,
                      struct imap_messages *messages)
{
    size_t kept = 0;
    size_t count = messages->count;

    for (size_t i = 0; i < count; i++)
        if (imap_folder_entry(folder, messages->uids[i]) != NULL)
            messages->uids[kept++] = messages->uids[i];
    messages->count = kept;
    return kept < count;
}

/* Brings the messages into the target; *code_out is "COPYUID ..." or NULL. */
static enum status carry(struct imap_command *command, transfer *bring,
                         const struct imap_messages *messages,
                         const struct folder *target, const char **code_out)
{
    struct imap_session *session = command->session;
    struct mail_result *results =
        arena_array(command->op->arena, messages->count, sizeof *results);
    enum status status =
        bring(command->op, session->account, imap_folder_id(session->folder),
              messages->uids, messages->count, target->id, results);

    uint32_t *made =
        arena_array(command->op->arena, messages->count, sizeof *made);
    for (size_t i = 0; i < messages->count; i++)
        made[i] = results[i].new_uid;
    imap_note_made(command, target->id, made, messages->count);
    *code_out = copyuid(command, target, results, messages->count);
    return status;
}

/* Whether the selected mailbox is still among the folders. */
static bool source_is_there(struct imap_command *command)
{
    int64_t id = imap_folder_id(command->session->folder);
    struct folder *folders;
    size_t count;

    if (folder_list(command->op, command->session->account, &folders, &count) !=
        STATUS_OK)
        return true;
    for (size_t i = 0; i < count; i++)
        if (folders[i].id == id)
            return true;
    return false;
}

/* A mailbox that is missing is the target, which the client may create, unless
 * it is the one that it has selected. */
static struct imap_answer failed(struct imap_command *command,
                                 enum status status)
{
    return status == STATUS_NO_FOLDER && !source_is_there(command)
               ? imap_failed(command, status)
               : imap_failed_target(command, status);
}

/* The arguments, the messages and the target that COPY and MOVE have in common;
 * true when there is something to carry, else *answer says what to say. */
static bool prepare(struct imap_command *command,
                    struct imap_messages *messages, struct folder *target,
                    bool *some_gone, struct imap_answer *answer)
{
    struct imap_session *session = command->session;
    struct imap_set set;
    const char *name;
    enum status status;

    if (!read_arguments(command, &set, &name)) {
        *answer = imap_bad_args(command, "a message set and a mailbox");
        return false;
    }
    if (!imap_folder_resolve(session->folder, command->op->arena, &set,
                             command->by_uid, messages)) {
        *answer = imap_bad(command, "There is no message of that number");
        return false;
    }
    status = imap_target_find(command->op, session->account, name, target);
    if (status != STATUS_OK) {
        *answer = imap_failed_target(command, status);
        return false;
    }
    imap_folder_look(command->op, session->folder);
    *some_gone = drop_gone(session->folder, messages);
    *answer =
        *some_gone ? imap_failed(command, STATUS_NOT_FOUND) : imap_ok(command);
    return messages->count > 0;
}

struct imap_answer imap_cmd_copy(struct imap_command *command)
{
    struct imap_messages messages;
    struct folder target;
    struct imap_answer answer;
    bool some_gone;
    const char *code;
    enum status status;

    if (!prepare(command, &messages, &target, &some_gone, &answer) || some_gone)
        return answer;
    status = carry(command, mail_copy, &messages, &target, &code);
    if (status != STATUS_OK)
        return failed(command, status);
    return code != NULL ? imap_ok_code(command, "%s", code) : imap_ok(command);
}

struct imap_answer imap_cmd_move(struct imap_command *command)
{
    struct imap_messages messages;
    struct folder target;
    struct imap_answer answer;
    bool some_gone;
    const char *code;
    enum status status;

    if (imap_folder_read_only(command->session->folder))
        return imap_no(command, "READ-ONLY",
                       "The mailbox is open for reading only");
    if (!prepare(command, &messages, &target, &some_gone, &answer))
        return answer;
    command->expunges = true;
    status = carry(command, mail_move, &messages, &target, &code);
    /* Before the EXPUNGEs, which come with the tagged line (RFC 6851, 3.3). */
    if (code != NULL)
        imap_out_printf(&command->session->out, "* OK [%s] Moved\r\n", code);
    if (status != STATUS_OK)
        return failed(command, status);
    return answer.condition == IMAP_OK ? imap_ok_settled(command) : answer;
}
