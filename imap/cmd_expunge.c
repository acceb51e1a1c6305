/*
 * cmd_expunge.c - EXPUNGE and UID EXPUNGE: delete what is marked \Deleted
 *
 * RFC 3501, 6.4.3:  EXPUNGE
 * RFC 4315, 2.1:    UID EXPUNGE <set>
 * RFC 7162, 3.2.7:  VANISHED before the tagged line, HIGHESTMODSEQ in it
 */
#include "imap/expunge.h"

#include <inttypes.h>

#include "imap/command.h"
#include "imap/folder.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

static bool is_marked(const struct imap_folder *folder, uint32_t uid)
{
    const struct mail_entry *entry = imap_folder_entry(folder, uid);

    return entry != NULL && (entry->flags & MAIL_DELETED) != 0;
}

enum status imap_expunge(struct imap_command *command,
                         const struct imap_messages *among, size_t *count_out)
{
    struct imap_session *session = command->session;
    struct imap_folder *folder = session->folder;
    struct arena *arena = command->op->arena;
    size_t candidates =
        among != NULL ? among->count : imap_folder_count(folder);
    uint32_t *uids = arena_array(arena, candidates, sizeof *uids);
    struct mail_result *results;
    size_t count = 0;

    imap_folder_look(command->op, folder);
    for (size_t i = 0; i < candidates; i++) {
        uint32_t uid = among != NULL ? among->uids[i]
                                     : imap_folder_uid(folder, (uint32_t)i + 1);

        if (is_marked(folder, uid))
            uids[count++] = uid;
    }
    *count_out = count;
    if (count == 0)
        return STATUS_OK;
    command->expunges = true;
    results = arena_array(arena, count, sizeof *results);
    return mail_delete(command->op, session->account, imap_folder_id(folder),
                       uids, count, results);
}

struct imap_answer imap_ok_settled(struct imap_command *command)
{
    struct imap_session *session = command->session;

    command->expunges = true;
    if ((session->enabled & IMAP_QRESYNC) == 0)
        return imap_ok(command);
    imap_folder_update(command->op, session->folder, &session->out,
                       imap_news_after(command));
    return imap_ok_code(command, "HIGHESTMODSEQ %" PRIu64,
                        imap_folder_modseq(session->folder));
}

static bool read_uids(struct imap_command *command,
                      struct imap_messages *messages)
{
    struct imap_args *args = &command->args;
    struct imap_set set;

    return imap_args_space(args) && imap_args_set(args, &set) &&
           imap_args_end(args) &&
           imap_folder_resolve(command->session->folder, command->op->arena,
                               &set, true, messages);
}

struct imap_answer imap_cmd_expunge(struct imap_command *command)
{
    struct imap_messages among;
    size_t count;
    enum status status;

    if (command->by_uid && !read_uids(command, &among))
        return imap_bad_args(command, "a set of UIDs");
    if (!command->by_uid && !imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    if (imap_folder_read_only(command->session->folder))
        return imap_no(command, "READ-ONLY",
                       "The mailbox is open for reading only");
    status = imap_expunge(command, command->by_uid ? &among : NULL, &count);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    return count > 0 ? imap_ok_settled(command) : imap_ok(command);
}
