/*
 * cmd_search.c - SEARCH and UID SEARCH: which messages match
 *
 * RFC 3501, 6.4.4; RFC 4466, 2.6.1:
 *     SEARCH [RETURN (<option> ...)] [CHARSET <charset>] <key> ...
 */
#include "imap/command.h"

#include "imap/search_command.h"

/* RFC 9051, 6.4.4: an answer without options is one with ALL. */
static void extend_for_rev2(const struct imap_session *session,
                            struct search_return *returns)
{
    if ((session->enabled & IMAP_REV2) != 0 && !returns->extended) {
        returns->extended = true;
        returns->options = RETURN_ALL;
    }
}

struct imap_answer imap_cmd_search(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct search_return returns;
    struct search_query query;
    struct search_result result;
    if (!search_return_read(&command->args, &returns))
        return imap_bad_args(command, "options of what to return, and keys");
    extend_for_rev2(session, &returns);
    enum search_reading read =
        search_keys_read(&command->args, session->folder, &query);
    /* RFC 6855, 3: all texts are UTF-8 then. */
    if (query.charset != NULL && (session->enabled & IMAP_UTF8) != 0)
        return imap_bad(command, "There is no CHARSET after UTF8=ACCEPT");
    struct imap_answer answer =
        search_command_run(command, &returns, read, &query, &result);
    if (answer.condition == IMAP_OK)
        search_return_write(command, &returns, &result, "SEARCH");
    return search_return_fail(command, &returns, answer);
}
