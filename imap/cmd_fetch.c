/*
 * cmd_fetch.c - FETCH and UID FETCH: what messages are and hold
 *
 * RFC 3501, 6.4.5:  FETCH <set> <macro, item or list of items>
 * RFC 7162, 3.1.4:  FETCH <set> <items> (CHANGEDSINCE <modseq> [VANISHED])
 * RFC 9394, 3.3:    UID FETCH <set> <items> (PARTIAL <range>)
 */
#include "imap/command.h"
#include "imap/fetch.h"
#include "imap/folder.h"
#include "imap/partial.h"
#include "imap/resync.h"

struct request {
    struct imap_command *command;
    struct fetch_wish wish;
    bool vanished; /* tell what has left, too */
    bool partly;   /* only these of the messages */
    struct imap_partial part;
};

static bool read_modifier(struct imap_args *args, struct request *request)
{
    if (imap_args_word(args, "VANISHED")) {
        request->vanished = true;
        return true;
    }
    if (!request->wish.changed && imap_args_word(args, "CHANGEDSINCE")) {
        request->wish.changed = true;
        return imap_args_space(args) &&
               imap_args_number(args, 0, IMAP_MODSEQ_MAX, &request->wish.since);
    }
    if (!request->partly && request->command->by_uid &&
        imap_args_word(args, "PARTIAL")) {
        request->partly = true;
        return imap_args_space(args) && imap_partial_read(args, &request->part);
    }
    return false;
}

/* "(PARTIAL <range> CHANGEDSINCE <modseq> VANISHED)" */
static bool read_modifiers(struct imap_args *args, struct request *request)
{
    if (!imap_args_char(args, '('))
        return false;
    do {
        if (!read_modifier(args, request))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

static bool read_arguments(struct imap_args *args, struct imap_set *set,
                           struct request *request)
{
    if (!imap_args_space(args) || !imap_args_set(args, set) ||
        !imap_args_space(args) || !fetch_items_read(args, &request->wish.items))
        return false;
    if (imap_args_space(args) && !read_modifiers(args, request))
        return false;
    return imap_args_end(args);
}

/* Puts in what is asked for without words.  The UID is in UIDFETCH already. */
static void complete_items(struct imap_command *command,
                           struct request *request)
{
    struct imap_session *session = command->session;

    if (request->wish.changed)
        fetch_items_add(&command->args, &request->wish.items, FETCH_MODSEQ);
    if (fetch_items_have(&request->wish.items, FETCH_MODSEQ))
        imap_session_enable(session, IMAP_CONDSTORE);
    if (command->by_uid && (session->enabled & IMAP_UIDONLY) == 0)
        fetch_items_add(&command->args, &request->wish.items, FETCH_UID);
    for (size_t i = 0; i < request->wish.items.count; i++)
        request->wish.sets_seen |= request->wish.items.list[i].sets_seen;
    request->wish.sets_seen =
        request->wish.sets_seen && !imap_folder_read_only(session->folder);
}

struct imap_answer imap_cmd_fetch(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct imap_set set;
    struct imap_messages messages;
    struct request request = { .command = command };

    if (!read_arguments(&command->args, &set, &request))
        return imap_bad_args(command,
                             "a message set, and items or a list of them");
    if (request.vanished && (!command->by_uid || !request.wish.changed ||
                             (session->enabled & IMAP_QRESYNC) == 0))
        return imap_bad(command, "VANISHED goes with UID FETCH, CHANGEDSINCE "
                                 "and QRESYNC, when that is enabled");
    if (!imap_folder_resolve(session->folder, command->op->arena, &set,
                             command->by_uid, &messages))
        return imap_bad(command, "There is no message of that number");
    if (request.partly)
        imap_partial_cut(&request.part, &messages);
    complete_items(command, &request);
    if (request.vanished) {
        enum status status = resync_tell_vanished(command->op, session, &set, 0,
                                                  request.wish.since);
        if (status != STATUS_OK)
            return imap_failed(command, status);
    }
    return imap_fetch(command, &request.wish, &messages);
}
