/*
 * search_command.c - what SEARCH, SORT and THREAD have in common
 */
#include "imap/search_command.h"

#include "imap/folder.h"
#include "imap/search_bits.h"
#include "imap/search_run.h"
#include "imap/search_sizes.h"
#include "proxy/base/arena.h"

/* OK where the keys are to be searched for. */
static struct imap_answer check(struct imap_command *command,
                                const struct search_return *returns,
                                enum search_reading read,
                                const struct search_query *query)
{
    bool by_uid_only = (command->session->enabled & IMAP_UIDONLY) != 0;
    if (query->uses_numbers && by_uid_only)
        return imap_uid_required(command);
    switch (read) {
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
    if ((returns->options & RETURN_RELEVANCY) != 0 && !query->is_fuzzy)
        return imap_bad(command, "RELEVANCY is for FUZZY keys only");
    return imap_ok(command);
}

struct imap_answer search_command_run(struct imap_command *command,
                                      const struct search_return *returns,
                                      enum search_reading read,
                                      const struct search_query *query,
                                      struct search_result *result_out)
{
    struct imap_session *session = command->session;
    struct op *op = command->op;
    struct imap_answer answer = check(command, returns, read, query);
    uint64_t *found;
    if (answer.condition != IMAP_OK)
        return answer;
    /* RFC 7162, 3.1: MODSEQ as a key is one of what enables CONDSTORE. */
    if (query->asks_modseq)
        imap_session_enable(session, IMAP_CONDSTORE);
    /* RFC 9051, 7.5.1: as with SEARCH itself. */
    command->keeps_numbers |= query->uses_numbers;
    imap_folder_look(op, session->folder);
    enum status status =
        query->asks_size ? search_sizes_read(command, NULL, 0) : STATUS_OK;
    if (status == STATUS_OK)
        status = search_run(op, session->account, session->folder, query->key,
                            &found);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    size_t count = imap_folder_count(session->folder);
    uint32_t *numbers =
        arena_array(op->arena, bits_count(found, count), sizeof *numbers);
    *result_out = (struct search_result){ .numbers = numbers,
                                          .tells_modseq = query->asks_modseq };
    for (size_t n = 0; n < count; n++) {
        if (bits_has(found, n))
            numbers[result_out->count++] = (uint32_t)n + 1;
    }
    if ((returns->options & RETURN_RELEVANCY) == 0)
        return answer;
    uint8_t *scores;
    status = search_score(op, session->account, session->folder, query->key,
                          &scores);
    result_out->scores = scores;
    return status == STATUS_OK ? answer : imap_failed(command, status);
}
