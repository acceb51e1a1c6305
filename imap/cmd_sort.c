/*
 * cmd_sort.c - SORT and UID SORT: which messages match, in an order
 *
 * RFC 5256; RFC 5267, 3:
 *     SORT [RETURN (<option> ...)] (<criterion> ...) <charset> <key> ...
 */
#include "imap/command.h"

#include "imap/search_command.h"
#include "imap/search_sizes.h"
#include "imap/sort.h"

static struct imap_answer sort(struct imap_command *command,
                               const struct search_return *returns,
                               const struct sort_criteria *criteria,
                               struct search_result *result)
{
    struct imap_session *session = command->session;
    struct search_return wanted = *returns;
    struct search_query query;
    if (sort_criteria_have(criteria, SORT_RELEVANCY))
        wanted.options |= RETURN_RELEVANCY;
    enum search_reading read =
        search_keys_read_in_charset(&command->args, session->folder, &query);
    struct imap_answer answer =
        search_command_run(command, &wanted, read, &query, result);
    if (answer.condition != IMAP_OK)
        return answer;
    enum status status =
        sort_criteria_have(criteria, SORT_SIZE)
            ? search_sizes_read(command, result->numbers, result->count)
            : STATUS_OK;
    if (status == STATUS_OK)
        status = sort_result(command->op, session->account, session->folder,
                             criteria, result);
    return status == STATUS_OK ? answer : imap_failed(command, status);
}

struct imap_answer imap_cmd_sort(struct imap_command *command)
{
    struct search_return returns;
    struct sort_criteria criteria;
    struct search_result result;
    if (!search_return_read(&command->args, &returns) ||
        !imap_args_space(&command->args) ||
        !sort_criteria_read(&command->args, &criteria))
        return imap_bad_args(command,
                             "sort criteria, a charset and search keys");
    struct imap_answer answer = sort(command, &returns, &criteria, &result);
    if (answer.condition == IMAP_OK)
        search_return_write(command, &returns, &result, "SORT");
    return search_return_fail(command, &returns, answer);
}
