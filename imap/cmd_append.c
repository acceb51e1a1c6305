/*
 * cmd_append.c - APPEND: store messages, all or none
 *
 * RFC 3501, 6.3.11, RFC 3502:  APPEND <mailbox> 1*<message>
 * RFC 4315, 3:                 [APPENDUID <validity> <uids>]
 *
 * The framer has put the messages into a spool as they came; what a message is
 * made of, append.h tells.
 */
#include <string.h>

#include "imap/append.h"
#include "imap/command.h"
#include "imap/name.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/mail.h"

struct messages {
    struct append_message *list;
    size_t count;
};

static bool read_messages(struct imap_args *args, struct messages *messages)
{
    size_t capacity = 0;

    do {
        if (messages->count == capacity) {
            capacity = capacity == 0 ? 1 : capacity * 4;
            struct append_message *grown =
                arena_array(args->arena, capacity, sizeof *grown);
            if (messages->count > 0)
                memcpy(grown, messages->list, messages->count * sizeof *grown);
            messages->list = grown;
        }
        if (!append_read(args, &messages->list[messages->count++]))
            return false;
    } while (!imap_args_end(args));
    return true;
}

/* "4:6,9" for UIDs in the order of the messages; NULL unless all are known. */
static const char *write_uids(struct arena *arena, const uint32_t uids[],
                              size_t count)
{
    struct buf text;

    buf_init(&text, arena);
    for (size_t i = 0; i < count; i++) {
        size_t last = i;

        while (last + 1 < count && uids[last + 1] == uids[last] + 1)
            last++;
        if (uids[i] == 0)
            return NULL;
        buf_printf(&text, "%s%u", i > 0 ? "," : "", uids[i]);
        if (last > i)
            buf_printf(&text, ":%u", uids[last]);
        i = last;
    }
    return text.data;
}

static struct imap_answer store(struct imap_command *command,
                                const struct folder *folder,
                                const struct messages *messages)
{
    struct arena *arena = command->op->arena;
    size_t count = messages->count;
    struct mail_new *prepared = arena_array(arena, count, sizeof *prepared);
    uint32_t *uids = arena_array(arena, count, sizeof *uids);
    struct imap_answer answer;

    for (size_t i = 0; i < count; i++)
        if (!append_prepare(command, &messages->list[i], &prepared[i], &answer))
            return answer;
    enum status status = mail_append_all(command->op, command->session->account,
                                         folder->id, prepared, count, uids);
    if (status != STATUS_OK)
        return imap_failed_target(command, status);
    imap_note_made(command, folder->id, uids, count);
    const char *set = write_uids(arena, uids, count);
    return set != NULL ? imap_ok_code(command, "APPENDUID %u %s",
                                      folder->uid_validity, set)
                       : imap_ok(command);
}

struct imap_answer imap_cmd_append(struct imap_command *command)
{
    struct imap_args *args = &command->args;
    struct messages messages = { .count = 0 };
    struct folder folder;
    const char *name;

    if (!imap_args_space(args) || (name = imap_read_mailbox(command)) == NULL ||
        !read_messages(args, &messages))
        return imap_bad_args(
            command, "a mailbox, and flags, a date and a message, or several");
    enum status status =
        imap_target_find(command->op, command->session->account, name, &folder);
    if (status != STATUS_OK)
        return imap_failed_target(command, status);
    return store(command, &folder, &messages);
}
