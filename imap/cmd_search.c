/*
 * cmd_search.c - SEARCH and UID SEARCH: which messages match
 *
 * RFC 3501, 6.4.4:  SEARCH [CHARSET <charset>] <key> ...
 */
#include "imap/command.h"

#include "imap/folder.h"
#include "imap/search_bits.h"
#include "imap/search_keys.h"
#include "imap/search_run.h"

static void write_found(struct imap_command *command, const uint64_t *found)
{
    const struct imap_folder *folder = command->session->folder;
    struct imap_out *out = &command->session->out;
    uint32_t count = imap_folder_count(folder);
    imap_out_puts(out, "* SEARCH");
    for (uint32_t n = 0; n < count; n++) {
        if (bits_has(found, n))
            imap_out_printf(out, " %u",
                            command->by_uid ? imap_folder_uid(folder, n + 1)
                                            : n + 1);
    }
    imap_out_puts(out, "\r\n");
}

struct imap_answer imap_cmd_search(struct imap_command *command)
{
    struct imap_session *session = command->session;
    const struct search_key *key;
    switch (search_keys_read(&command->args, session->folder, &key)) {
    case SEARCH_READ:
        break;
    case SEARCH_BAD:
        return imap_bad_args(command,
                             "search keys and messages that are there");
    case SEARCH_BAD_CHARSET:
        return imap_no(command, "BADCHARSET (US-ASCII UTF-8)",
                       "No such charset is known");
    case SEARCH_TOO_MUCH:
        return imap_no(command, "LIMIT", "Too many search keys");
    }
    uint64_t *found;
    enum status status =
        search_run(command->op, session->account, session->folder, key, &found);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    write_found(command, found);
    return imap_ok(command);
}
