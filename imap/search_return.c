/*
 * search_return.c - what a search tells of its results, and in which words
 */
#include "imap/search_return.h"

#include <inttypes.h>

#include "imap/folder.h"
#include "proxy/base/arena.h"
#include "proxy/base/numbers.h"
#include "proxy/exchange/mail.h"

/* --- Reading -------------------------------------------------------------- */

static const struct {
    const char *name;
    enum search_option option;
} options[] = {
    { "MIN", RETURN_MIN },         { "MAX", RETURN_MAX },
    { "ALL", RETURN_ALL },         { "COUNT", RETURN_COUNT },
    { "PARTIAL", RETURN_PARTIAL }, { "RELEVANCY", RETURN_RELEVANCY },
    { "SAVE", RETURN_SAVE },
};

static bool read_option(struct imap_args *args, struct search_return *returns)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!imap_args_word(args, options[i].name))
            continue;
        bool again = (returns->options & options[i].option) != 0;
        returns->options |= options[i].option;
        if (options[i].option != RETURN_PARTIAL)
            return true;
        return !again && imap_args_space(args) &&
               imap_partial_read(args, &returns->partial);
    }
    return false;
}

static bool read_options(struct imap_args *args, struct search_return *returns)
{
    const unsigned both = RETURN_ALL | RETURN_PARTIAL;
    if (!imap_args_space(args) || !imap_args_char(args, '('))
        return false;
    if (!imap_args_char(args, ')')) {
        do {
            if (!read_option(args, returns))
                return false;
        } while (imap_args_space(args));
        if (!imap_args_char(args, ')'))
            return false;
    }
    /* RFC 9394, 3.1: one or the other. */
    return (returns->options & both) != both;
}

bool search_return_read(struct imap_args *args,
                        struct search_return *returns_out)
{
    struct imap_args ahead = *args;
    *returns_out = (struct search_return){ .options = 0 };
    if (!imap_args_space(&ahead) || !imap_args_word(&ahead, "RETURN"))
        return true;
    *args = ahead;
    returns_out->extended = true;
    if (!read_options(args, returns_out))
        return false;
    if (returns_out->options == 0 || returns_out->options == RETURN_RELEVANCY)
        returns_out->options |= RETURN_ALL;
    return true;
}

/* --- Writing -------------------------------------------------------------- */

struct writer {
    struct imap_command *command;
    const struct imap_folder *folder;
    struct imap_out *out;
    const struct search_return *returns;
    const struct search_result *result;
    size_t first; /* the stretch that PARTIAL means */
    size_t end;
};

/* What the client calls the result of that index. */
static uint32_t name_of(const struct writer *writer, size_t index)
{
    uint32_t number = writer->result->numbers[index];
    return writer->command->by_uid ? imap_folder_uid(writer->folder, number)
                                   : number;
}

/* A sequence-set of the results from `first` on: what follows one another is a
 * range, and always upwards (RFC 5267, 3.2). */
static void write_set(const struct writer *writer, size_t first, size_t end)
{
    for (size_t i = first; i < end;) {
        uint32_t from = name_of(writer, i);
        uint32_t to = from;
        size_t next = i + 1;
        for (; next < end && name_of(writer, next) == to + 1; next++)
            to++;
        imap_out_printf(writer->out, "%s%u", i > first ? "," : "", from);
        if (to > from)
            imap_out_printf(writer->out, ":%u", to);
        i = next;
    }
}

static void write_min(const struct writer *writer)
{
    if (writer->result->count > 0)
        imap_out_printf(writer->out, " MIN %u", name_of(writer, 0));
}

static void write_max(const struct writer *writer)
{
    size_t count = writer->result->count;
    if (count > 0)
        imap_out_printf(writer->out, " MAX %u", name_of(writer, count - 1));
}

static void write_all(const struct writer *writer)
{
    if (writer->result->count == 0)
        return;
    imap_out_puts(writer->out, " ALL ");
    write_set(writer, 0, writer->result->count);
}

static void write_count(const struct writer *writer)
{
    imap_out_printf(writer->out, " COUNT %zu", writer->result->count);
}

static void write_partial(const struct writer *writer)
{
    const struct imap_partial *partial = &writer->returns->partial;
    const char *sign = partial->from_end ? "-" : "";
    imap_out_printf(writer->out, " PARTIAL (%s%u:%s%u ", sign, partial->first,
                    sign, partial->last);
    if (writer->first < writer->end)
        write_set(writer, writer->first, writer->end);
    else
        imap_out_puts(writer->out, "NIL");
    imap_out_puts(writer->out, ")");
}

/* One score for each result that is told. */
static void write_relevancy(const struct writer *writer)
{
    const struct search_result *result = writer->result;
    bool partial = (writer->returns->options & RETURN_PARTIAL) != 0;
    size_t first = partial ? writer->first : 0;
    size_t end = partial ? writer->end : result->count;
    if (result->scores == NULL || result->count == 0)
        return;
    imap_out_puts(writer->out, " RELEVANCY (");
    for (size_t i = first; i < end; i++)
        imap_out_printf(writer->out, "%s%u", i > first ? " " : "",
                        result->scores[result->numbers[i] - 1]);
    imap_out_puts(writer->out, ")");
}

/* In the order of the answer. */
static const struct {
    enum search_option option;
    void (*write)(const struct writer *writer);
} items[] = {
    { RETURN_MIN, write_min },         { RETURN_MAX, write_max },
    { RETURN_ALL, write_all },         { RETURN_COUNT, write_count },
    { RETURN_PARTIAL, write_partial }, { RETURN_RELEVANCY, write_relevancy },
};

/* --- Which of the results count ------------------------------------------- */

/* RFC 5182, 2.4, and RFC 9394, 3.2: what is saved, and whose modification
 * sequences are told (RFC 4731, 3.2): all, or only those that are named. */
static bool counts(const struct writer *writer, size_t index)
{
    unsigned some =
        writer->returns->options & (RETURN_MIN | RETURN_MAX | RETURN_PARTIAL);
    if (some == 0 ||
        (writer->returns->options & (RETURN_ALL | RETURN_COUNT)) != 0)
        return true;
    return ((some & RETURN_MIN) != 0 && index == 0) ||
           ((some & RETURN_MAX) != 0 && index == writer->result->count - 1) ||
           ((some & RETURN_PARTIAL) != 0 && index >= writer->first &&
            index < writer->end);
}

/* The highest modification sequence of the results; 0 if there is none. */
static uint64_t highest_modseq(const struct writer *writer)
{
    uint64_t highest = 0;
    for (size_t i = 0; i < writer->result->count; i++) {
        uint32_t uid =
            imap_folder_uid(writer->folder, writer->result->numbers[i]);
        const struct mail_entry *entry = imap_folder_entry(writer->folder, uid);
        if (counts(writer, i) && entry != NULL && entry->modseq > highest)
            highest = entry->modseq;
    }
    return highest;
}

static void save(const struct writer *writer)
{
    size_t count = 0;
    uint32_t *uids = arena_array(writer->command->op->arena,
                                 writer->result->count, sizeof *uids);
    for (size_t i = 0; i < writer->result->count; i++) {
        if (counts(writer, i))
            uids[count++] =
                imap_folder_uid(writer->folder, writer->result->numbers[i]);
    }
    if (writer->result->is_sorted)
        numbers_sort(uids, count);
    imap_folder_save(writer->command->session->folder, uids, count);
}

/* --- The answer ----------------------------------------------------------- */

static void write_extended(const struct writer *writer)
{
    struct imap_out *out = writer->out;
    imap_out_printf(out, "* ESEARCH (TAG \"%s\")", writer->command->tag);
    if (writer->command->by_uid)
        imap_out_puts(out, " UID");
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        if ((writer->returns->options & items[i].option) != 0)
            items[i].write(writer);
    }
    uint64_t modseq = writer->result->tells_modseq ? highest_modseq(writer) : 0;
    if (modseq > 0)
        imap_out_printf(out, " MODSEQ %" PRIu64, imap_out_modseq(out, modseq));
    imap_out_puts(out, "\r\n");
}

static void write_plain(const struct writer *writer, const char *name)
{
    struct imap_out *out = writer->out;
    imap_out_printf(out, "* %s", name);
    for (size_t i = 0; i < writer->result->count; i++)
        imap_out_printf(out, " %u", name_of(writer, i));
    uint64_t modseq = writer->result->tells_modseq ? highest_modseq(writer) : 0;
    if (modseq > 0)
        imap_out_printf(out, " (MODSEQ %" PRIu64 ")",
                        imap_out_modseq(out, modseq));
    imap_out_puts(out, "\r\n");
}

void search_return_write(struct imap_command *command,
                         const struct search_return *returns,
                         const struct search_result *result, const char *name)
{
    struct writer writer = { .command = command,
                             .folder = command->session->folder,
                             .out = &command->session->out,
                             .returns = returns,
                             .result = result };
    if ((returns->options & RETURN_PARTIAL) != 0)
        imap_partial_place(&returns->partial, result->count, &writer.first,
                           &writer.end);
    if (!returns->extended)
        write_plain(&writer, name);
    else if (returns->options != RETURN_SAVE)
        write_extended(&writer);
    if ((returns->options & RETURN_SAVE) != 0)
        save(&writer);
}

struct imap_answer search_return_fail(struct imap_command *command,
                                      const struct search_return *returns,
                                      struct imap_answer answer)
{
    if (answer.condition == IMAP_NO && (returns->options & RETURN_SAVE) != 0)
        imap_folder_save(command->session->folder, NULL, 0);
    return answer;
}
