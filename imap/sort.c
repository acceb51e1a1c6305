/*
 * sort.c - the order in which SORT tells messages
 *
 * Of each message only what the criteria compare is kept, side by side, so that
 * it is read once and 100,000 messages fit into some megabytes.
 */
#include "imap/sort.h"

#include <stdlib.h>
#include <string.h>

#include "imap/args.h"
#include "imap/folder.h"
#include "imap/search_return.h"
#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"
#include "proxy/format/mime_summary.h"

/* --- Criteria ------------------------------------------------------------- */

enum source {
    OF_VIEW,   /* known without the header */
    OF_NUMBER, /* of the summary */
    OF_TEXT
};

/* `text` is where in a summary the text is. */
#define TEXT(member) OF_TEXT, offsetof(struct mime_summary, member)
static const struct {
    const char *name;
    enum source source;
    size_t text;
} keys[SORT_KEYS] = {
    [SORT_ARRIVAL] = { "ARRIVAL", OF_VIEW, 0 },
    [SORT_CC] = { "CC", TEXT(cc) },
    [SORT_DATE] = { "DATE", OF_NUMBER, 0 },
    [SORT_DISPLAY_FROM] = { "DISPLAYFROM", TEXT(display_from) },
    [SORT_DISPLAY_TO] = { "DISPLAYTO", TEXT(display_to) },
    [SORT_FROM] = { "FROM", TEXT(from) },
    [SORT_RELEVANCY] = { "RELEVANCY", OF_VIEW, 0 },
    [SORT_SIZE] = { "SIZE", OF_VIEW, 0 },
    [SORT_SUBJECT] = { "SUBJECT", TEXT(base_subject) },
    [SORT_TO] = { "TO", TEXT(to) },
};

static bool read_criterion(struct imap_args *args,
                           struct sort_criteria *criteria)
{
    bool reverse = imap_args_word(args, "REVERSE");
    if (reverse && !imap_args_space(args))
        return false;
    for (size_t i = 0; i < SORT_KEYS; i++) {
        if (!imap_args_word(args, keys[i].name))
            continue;
        if (!sort_criteria_have(criteria, (enum sort_key)i)) {
            criteria->list[criteria->count].key = (enum sort_key)i;
            criteria->list[criteria->count++].reverse = reverse;
        }
        return true;
    }
    return false;
}

bool sort_criteria_read(struct imap_args *args,
                        struct sort_criteria *criteria_out)
{
    criteria_out->count = 0;
    if (!imap_args_char(args, '('))
        return false;
    do {
        if (!read_criterion(args, criteria_out))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

bool sort_criteria_have(const struct sort_criteria *criteria, enum sort_key key)
{
    for (size_t i = 0; i < criteria->count; i++) {
        if (criteria->list[i].key == key)
            return true;
    }
    return false;
}

/* --- What is compared ----------------------------------------------------- */

union value {
    int64_t number;
    const char *text;
};

struct row {
    uint32_t number;
    bool gone;
    union value *values; /* one for each criterion */
};

struct sorting {
    struct op *op;
    const struct imap_folder *folder;
    const struct sort_criteria *criteria;
    const uint8_t *scores;
    struct row *rows;
    size_t count;
    size_t next; /* of the rows whose summary comes next */
    enum status failure;
};

static const char *text_of(const struct mime_summary *summary,
                           enum sort_key key)
{
    const char *text;
    memcpy(&text, (const char *)summary + keys[key].text, sizeof text);
    return text;
}

static union value value_of(struct sorting *sorting, enum sort_key key,
                            const struct row *row,
                            const struct mail_entry *entry,
                            const struct mime_summary *summary)
{
    union value value = { .number = 0 };
    if (key == SORT_ARRIVAL)
        value.number = entry->received;
    else if (key == SORT_SIZE)
        value.number = entry->size;
    else if (key == SORT_RELEVANCY)
        value.number = -sorting->scores[row->number - 1];
    else if (keys[key].source == OF_NUMBER) /* RFC 5256, 2.2 */
        value.number = summary != NULL && summary->sent != TIME_NONE
                           ? summary->sent
                           : entry->received;
    else if (summary == NULL)
        value.text = "";
    else
        value.text = arena_strdup(sorting->op->arena, text_of(summary, key));
    return value;
}

/* `summary` is NULL where there is none. */
static void fill_row(struct sorting *sorting, struct row *row,
                     const struct mime_summary *summary)
{
    const struct sort_criteria *criteria = sorting->criteria;
    const struct mail_entry *entry = imap_folder_entry(
        sorting->folder, imap_folder_uid(sorting->folder, row->number));
    row->gone = entry == NULL;
    for (size_t i = 0; i < criteria->count && !row->gone; i++)
        row->values[i] =
            value_of(sorting, criteria->list[i].key, row, entry, summary);
}

static bool take_summary(void *context, uint32_t uid, enum status status,
                         const struct mime_summary *summary)
{
    struct sorting *sorting = context;
    struct row *row = &sorting->rows[sorting->next++];
    (void)uid;
    if (status == STATUS_NOT_FOUND)
        row->gone = true;
    else if (status == STATUS_OK || status == STATUS_CORRUPT)
        fill_row(sorting, row, status == STATUS_OK ? summary : NULL);
    else
        sorting->failure = status;
    return sorting->failure == STATUS_OK;
}

static enum status fill_by_summaries(struct sorting *sorting,
                                     struct account *account)
{
    struct op *op = sorting->op;
    uint32_t *uids = arena_array(op->arena, sorting->count, sizeof *uids);
    for (size_t i = 0; i < sorting->count; i++)
        uids[i] = imap_folder_uid(sorting->folder, sorting->rows[i].number);
    enum status status =
        mail_summarize(op, account, imap_folder_id(sorting->folder), uids,
                       sorting->count, take_summary, sorting);
    if (sorting->failure != STATUS_OK)
        return sorting->failure;
    if (sorting->next < sorting->count)
        return status == STATUS_OK ? STATUS_INTERNAL : status;
    return STATUS_OK;
}

static enum status fill(struct sorting *sorting, struct account *account)
{
    for (size_t i = 0; i < sorting->criteria->count; i++) {
        if (keys[sorting->criteria->list[i].key].source != OF_VIEW)
            return fill_by_summaries(sorting, account);
    }
    for (size_t i = 0; i < sorting->count; i++)
        fill_row(sorting, &sorting->rows[i], NULL);
    return STATUS_OK;
}

/* --- Sorting -------------------------------------------------------------- */

static int compare_values(enum source source, union value a, union value b)
{
    if (source == OF_TEXT)
        return strcmp(a.text, b.text);
    return a.number < b.number ? -1 : a.number > b.number;
}

/* What is equal stays in the order of the folder. */
static int compare_rows(const void *a, const void *b, void *context)
{
    const struct sort_criteria *criteria = context;
    const struct row *x = a;
    const struct row *y = b;
    for (size_t i = 0; i < criteria->count; i++) {
        int order = compare_values(keys[criteria->list[i].key].source,
                                   x->values[i], y->values[i]);
        if (order != 0)
            return criteria->list[i].reverse ? -order : order;
    }
    return x->number < y->number ? -1 : x->number > y->number;
}

enum status sort_result(struct op *op, struct account *account,
                        const struct imap_folder *folder,
                        const struct sort_criteria *criteria,
                        struct search_result *result)
{
    struct sorting sorting = {
        .op = op,
        .folder = folder,
        .criteria = criteria,
        .scores = result->scores,
        .rows = arena_array(op->arena, result->count, sizeof *sorting.rows),
        .count = result->count,
    };
    union value *values =
        arena_array(op->arena, result->count * criteria->count, sizeof *values);
    for (size_t i = 0; i < result->count; i++) {
        sorting.rows[i].number = result->numbers[i];
        sorting.rows[i].values = values + i * criteria->count;
    }
    enum status status = fill(&sorting, account);
    if (status != STATUS_OK)
        return status;
    uint32_t *numbers = arena_array(op->arena, result->count, sizeof *numbers);
    size_t count = 0;
    for (size_t i = 0; i < sorting.count; i++) {
        if (!sorting.rows[i].gone)
            sorting.rows[count++] = sorting.rows[i];
    }
    if (count > 0)
        qsort_r(sorting.rows, count, sizeof *sorting.rows, compare_rows,
                (void *)criteria);
    for (size_t i = 0; i < count; i++)
        numbers[i] = sorting.rows[i].number;
    result->numbers = numbers;
    result->count = count;
    result->is_sorted = true;
    return STATUS_OK;
}
