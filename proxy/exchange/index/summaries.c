/*
 * summaries.c - what messages are sorted, threaded and searched by
 *
 * A summary is kept as long as its message is there and not edited.  Of the
 * fields that are searched, a full-text index knows all runs of three
 * characters.  It says who may match: whether the text is really there, in one
 * piece, is looked up in the summary.  Texts of one or two characters are
 * looked for in all summaries of the folder.
 */
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/index/change.h"
#include "proxy/exchange/index/lookup.h"
#include "proxy/exchange/index/messages.h"
#include "proxy/format/mime_summary.h"

/* How many runs of a long text the full-text index is asked for. */
#define RUNS_MAX 32

/* --- Keeping ------------------------------------------------------------- */

#define COLUMNS                                                                \
    "is_reply, sent, sent_day, base_subject, sort_from, sort_to, sort_cc,"     \
    " display_from, display_to, own_id, refs, all_subject, all_from,"          \
    " all_to, all_cc, all_bcc"

/* The texts among them, in that order. */
static const size_t texts[] = {
    offsetof(struct mime_summary, base_subject),
    offsetof(struct mime_summary, from),
    offsetof(struct mime_summary, to),
    offsetof(struct mime_summary, cc),
    offsetof(struct mime_summary, display_from),
    offsetof(struct mime_summary, display_to),
    offsetof(struct mime_summary, message_id),
    offsetof(struct mime_summary, references),
    offsetof(struct mime_summary, all_subject),
    offsetof(struct mime_summary, all_from),
    offsetof(struct mime_summary, all_to),
    offsetof(struct mime_summary, all_cc),
    offsetof(struct mime_summary, all_bcc),
};

#define TEXTS (sizeof texts / sizeof texts[0])

void summary_store(struct index *index, int64_t row,
                   const struct mime_summary *summary)
{
    db_run(index,
           "INSERT OR IGNORE INTO summaries (row, " COLUMNS ")"
           " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           "iiiisssssssssssss", row, (int64_t)summary->is_reply, summary->sent,
           summary->sent_day, summary->base_subject, summary->from, summary->to,
           summary->cc, summary->display_from, summary->display_to,
           summary->message_id, summary->references, summary->all_subject,
           summary->all_from, summary->all_to, summary->all_cc,
           summary->all_bcc);
}

void summary_copy(struct index *index, int64_t to, int64_t from)
{
    db_run(index,
           "INSERT OR IGNORE INTO summaries (row, " COLUMNS ")"
           " SELECT ?, " COLUMNS " FROM summaries WHERE row = ?",
           "ii", to, from);
}

/* --- Reading ------------------------------------------------------------- */

static const struct mime_summary *read_summary(struct op *op, sqlite3_stmt *row)
{
    struct mime_summary *summary = arena_alloc(op->arena, sizeof *summary);

    summary->is_reply = sqlite3_column_int(row, 1) != 0;
    summary->sent = sqlite3_column_int64(row, 2);
    summary->sent_day = sqlite3_column_int64(row, 3);
    for (size_t i = 0; i < TEXTS; i++)
        *(const char **)(void *)((char *)summary + texts[i]) =
            db_text(op, row, 4 + (int)i);
    return summary;
}

enum status index_summaries(struct op *op, struct index *index, int64_t folder,
                            const uint32_t uids[], size_t count,
                            const struct mime_summary *summaries_out[])
{
    memset(summaries_out, 0, count * sizeof *summaries_out);
    db_read(index);
    struct lookup lookup = lookup_begin(
        index,
        "SELECT uid, " COLUMNS " FROM items JOIN summaries USING (row)"
        " WHERE folder = ? AND uid BETWEEN ? AND ? ORDER BY uid",
        folder, uids, count);
    while (lookup_next(&lookup))
        summaries_out[lookup.at] = read_summary(op, lookup.row);
    return db_end(op, index);
}

/* All UIDs that a statement selects. */
static void collect(struct op *op, struct index *index, sqlite3_stmt *query,
                    uint32_t **uids_out, size_t *count_out)
{
    struct buf found;

    buf_init(&found, op->arena);
    while (db_row(index, query)) {
        uint32_t uid = (uint32_t)sqlite3_column_int64(query, 0);
        buf_append(&found, &uid, sizeof uid);
    }
    *uids_out = (uint32_t *)(void *)found.data;
    *count_out = found.len / sizeof **uids_out;
}

enum status index_unsummarized(struct op *op, struct index *index,
                               int64_t folder, uint32_t **uids_out,
                               size_t *count_out)
{
    db_read(index);
    collect(op, index,
            db_query(index,
                     "SELECT uid FROM items WHERE folder = ? AND uid > 0"
                     " AND NOT summarized ORDER BY uid",
                     "i", folder),
            uids_out, count_out);
    return db_end(op, index);
}

/* --- Searching ----------------------------------------------------------- */

/* The column of a field, as FTS5 calls it, and its number below. */
static const char *column_of(enum mail_search_field field)
{
    switch (field) {
    case MAIL_SEARCH_SUBJECT:
        return "all_subject";
    case MAIL_SEARCH_FROM:
        return "all_from";
    case MAIL_SEARCH_TO:
        return "all_to";
    case MAIL_SEARCH_CC:
        return "all_cc";
    case MAIL_SEARCH_BCC:
        return "all_bcc";
    default:
        return NULL;
    }
}

#define HAS_TEXT                                                               \
    " instr(CASE ?2 WHEN 'all_subject' THEN summaries.all_subject"             \
    " WHEN 'all_from' THEN summaries.all_from"                                 \
    " WHEN 'all_to' THEN summaries.all_to"                                     \
    " WHEN 'all_cc' THEN summaries.all_cc"                                     \
    " ELSE summaries.all_bcc END, ?3) > 0 ORDER BY uid"

static const char search_all[] =
    "SELECT uid FROM items CROSS JOIN summaries USING (row)"
    " WHERE folder = ?1 AND uid > 0 AND" HAS_TEXT;
static const char search_some[] =
    "SELECT uid FROM texts CROSS JOIN items ON items.row = texts.rowid"
    " CROSS JOIN summaries ON summaries.row = texts.rowid"
    " WHERE texts MATCH ?4 AND folder = ?1 AND uid > 0 AND" HAS_TEXT;

static const char *next_character(const char *at)
{
    at++;
    while (((unsigned char)*at & 0xc0) == 0x80)
        at++;
    return at;
}

/* "{column} : ("abc" AND "bcd")"; NULL when the text is too short for it. */
static const char *match_of(struct op *op, const char *column, const char *text)
{
    const char *ends[4] = { text };
    struct buf match;

    buf_init(&match, op->arena);
    buf_printf(&match, "{%s} : (", column);
    for (int runs = 0; runs < RUNS_MAX; runs++) {
        for (int i = 1; i < 4; i++) {
            if (*ends[i - 1] == '\0')
                return runs == 0 ? NULL : (buf_putc(&match, ')'), match.data);
            ends[i] = next_character(ends[i - 1]);
        }
        buf_puts(&match, runs > 0 ? " AND \"" : "\"");
        for (const char *at = ends[0]; at < ends[3]; at++)
            buf_append(&match, "\"\"", *at == '"' ? 2 : 0),
                buf_append(&match, at, *at == '"' ? 0 : 1);
        buf_putc(&match, '"');
        ends[0] = ends[1];
    }
    buf_putc(&match, ')');
    return match.data;
}

enum status index_search(struct op *op, struct index *index, int64_t folder,
                         enum mail_search_field field, const char *text,
                         uint32_t **uids_out, size_t *count_out)
{
    const char *column = column_of(field);

    if (column == NULL)
        return op_fail(op, STATUS_INTERNAL, "no such field in a summary");
    const char *match = match_of(op, column, text);
    db_read(index);
    collect(
        op, index,
        match == NULL
            ? db_query(index, search_all, "iss", folder, column, text)
            : db_query(index, search_some, "isss", folder, column, text, match),
        uids_out, count_out);
    return db_end(op, index);
}
