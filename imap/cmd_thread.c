/*
 * cmd_thread.c - THREAD and UID THREAD: which messages match, as conversations
 *
 * RFC 5256:  THREAD <algorithm> <charset> <key> ...
 */
#include "imap/command.h"

#include "imap/folder.h"
#include "imap/search_command.h"
#include "imap/thread.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

/* --- Building ------------------------------------------------------------- */

struct threading {
    const struct imap_folder *folder;
    const struct search_result *result;
    struct threads *threads;
    size_t next; /* of the results whose summary comes next */
    enum status failure;
};

static bool take_summary(void *context, uint32_t uid, enum status status,
                         const struct mime_summary *summary)
{
    struct threading *threading = context;
    uint32_t number = threading->result->numbers[threading->next++];
    const struct mail_entry *entry = imap_folder_entry(threading->folder, uid);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND &&
        status != STATUS_CORRUPT) {
        threading->failure = status;
        return false;
    }
    if (status != STATUS_NOT_FOUND && entry != NULL)
        threads_add(threading->threads, number,
                    status == STATUS_OK ? summary : NULL, entry->received);
    return true;
}

static enum status build(struct imap_command *command,
                         struct threading *threading)
{
    const struct search_result *result = threading->result;
    struct op *op = command->op;
    uint32_t *uids = arena_array(op->arena, result->count, sizeof *uids);
    for (size_t i = 0; i < result->count; i++)
        uids[i] = imap_folder_uid(threading->folder, result->numbers[i]);
    enum status status = mail_summarize(op, command->session->account,
                                        imap_folder_id(threading->folder), uids,
                                        result->count, take_summary, threading);
    if (threading->failure != STATUS_OK)
        return threading->failure;
    if (threading->next < result->count)
        return status == STATUS_OK ? STATUS_INTERNAL : status;
    return STATUS_OK;
}

/* --- Telling -------------------------------------------------------------- */

/* After the end of a line of answers: the next node to begin one with, closing
 * what has ended, or NULL at the end of the thread. */
static struct thread_node *climb(struct imap_out *out, struct thread_node *node)
{
    for (; node->parent != NULL; node = node->parent) {
        if (node->parent->first->next == NULL)
            continue; /* an only child is in the line of its parent */
        if (node->next != NULL)
            return node->next;
        imap_out_puts(out, ")");
    }
    return NULL;
}

/* thread-list: "(3 6 (4 23)(44 7 96))".  Threads may be deeper than a stack. */
static void write_thread(struct imap_command *command, struct thread_node *node)
{
    const struct imap_folder *folder = command->session->folder;
    struct imap_out *out = &command->session->out;
    while (node != NULL) {
        const char *space = "";
        imap_out_puts(out, "(");
        for (;; node = node->first) {
            if (node->number != 0) {
                imap_out_printf(out, "%s%u", space,
                                command->by_uid
                                    ? imap_folder_uid(folder, node->number)
                                    : node->number);
                space = " ";
            }
            if (node->first == NULL || node->first->next != NULL)
                break;
        }
        if (node->first != NULL) {
            imap_out_puts(out, space);
            node = node->first;
        } else {
            imap_out_puts(out, ")");
            node = climb(out, node);
        }
    }
}

static void write_threads(struct imap_command *command,
                          struct thread_node *first)
{
    struct imap_out *out = &command->session->out;
    imap_out_puts(out, first == NULL ? "* THREAD" : "* THREAD ");
    for (struct thread_node *root = first; root != NULL; root = root->next)
        write_thread(command, root);
    imap_out_puts(out, "\r\n");
}

/* --- The command ---------------------------------------------------------- */

static bool read_kind(struct imap_args *args, enum thread_kind *kind_out)
{
    if (!imap_args_space(args))
        return false;
    bool by_subject = imap_args_word(args, "ORDEREDSUBJECT");
    *kind_out = by_subject ? THREAD_ORDERED_SUBJECT : THREAD_REFERENCES;
    return by_subject || imap_args_word(args, "REFERENCES");
}

struct imap_answer imap_cmd_thread(struct imap_command *command)
{
    struct imap_session *session = command->session;
    static const struct search_return none = { .options = 0 };
    enum thread_kind kind;
    struct search_query query;
    struct search_result result;
    if (!read_kind(&command->args, &kind))
        return imap_bad_args(command,
                             "an algorithm, a charset and search keys");
    enum search_reading read =
        search_keys_read_in_charset(&command->args, session->folder, &query);
    struct imap_answer answer =
        search_command_run(command, &none, read, &query, &result);
    if (answer.condition != IMAP_OK)
        return answer;
    struct threading threading = {
        .folder = session->folder,
        .result = &result,
        .threads = threads_new(command->op->arena, kind),
    };
    enum status status = build(command, &threading);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    write_threads(command, threads_build(threading.threads));
    return answer;
}
