/*
 * mail_summary.c - what messages are sorted, threaded and searched by
 *
 * Summaries are made wherever a header is read, and kept in the index.  What
 * has none yet is read first, a hundred headers in a call; then all are handed
 * over from the index, block by block.
 */
#include "proxy/base/arena.h"
#include "proxy/base/numbers.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/format/mime_charset.h"
#include "proxy/format/mime_summary.h"

/* How many are in memory at once. */
#define BLOCK 1000

/* Messages without a summary, ascending, and what became of reading them. */
struct unread {
    uint32_t *uids;
    size_t count;
    enum status *statuses;
};

static const uint32_t *find_uid(const uint32_t *uids, size_t count,
                                uint32_t uid)
{
    size_t place = numbers_place(uids, count, uid);

    return place < count && uids[place] == uid ? &uids[place] : NULL;
}

/* --- Reading what has none ----------------------------------------------- */

static bool note_status(void *context, const struct mail_content *content)
{
    struct unread *unread = context;
    const uint32_t *found = find_uid(unread->uids, unread->count, content->uid);

    if (found != NULL)
        unread->statuses[found - unread->uids] = content->status;
    return true;
}

/* Those of `uids` that have no summary, each once. */
static enum status find_unread(struct op *op, struct account *account,
                               int64_t folder, const uint32_t uids[],
                               size_t count, struct unread *unread)
{
    uint32_t *all;
    size_t all_count;
    enum status status =
        index_unsummarized(op, account->index, folder, &all, &all_count);

    if (status != STATUS_OK)
        return status;
    bool *wanted = arena_array(op->arena, all_count + 1, sizeof *wanted);
    for (size_t i = 0; i < count; i++) {
        const uint32_t *found = find_uid(all, all_count, uids[i]);
        if (found != NULL)
            wanted[found - all] = true;
    }
    unread->uids = all;
    for (size_t i = 0; i < all_count; i++)
        if (wanted[i])
            unread->uids[unread->count++] = all[i];
    unread->statuses =
        arena_array(op->arena, unread->count + 1, sizeof *unread->statuses);
    for (size_t i = 0; i < unread->count; i++)
        unread->statuses[i] = STATUS_UNAVAILABLE;
    return STATUS_OK;
}

/* --- Handing over -------------------------------------------------------- */

struct handing {
    struct op *op;
    struct account *account;
    int64_t folder;
    const struct unread *unread;
    bool (*each)(void *context, uint32_t uid, enum status status,
                 const struct mime_summary *summary);
    void *context;
    enum status failed; /* the first one */
};

/* Why a message has no summary still. */
static enum status lack_of(const struct handing *handing, uint32_t uid)
{
    const struct unread *unread = handing->unread;
    const uint32_t *found = find_uid(unread->uids, unread->count, uid);

    if (found == NULL)
        return STATUS_NOT_FOUND;
    /* Read, but changed before it could be kept. */
    enum status status = unread->statuses[found - unread->uids];
    return status == STATUS_OK ? STATUS_UNAVAILABLE : status;
}

static bool hand_over(struct handing *handing, struct op *block_op,
                      const uint32_t uids[], size_t count)
{
    const struct mime_summary **summaries =
        arena_array(block_op->arena, count + 1, sizeof *summaries);
    enum status status =
        index_summaries(block_op, handing->account->index, handing->folder,
                        uids, count, summaries);

    for (size_t i = 0; i < count; i++) {
        enum status own = status != STATUS_OK    ? status
                          : summaries[i] != NULL ? STATUS_OK
                                                 : lack_of(handing, uids[i]);
        if (handing->failed == STATUS_OK)
            handing->failed = own;
        if (!handing->each(handing->context, uids[i], own,
                           own == STATUS_OK ? summaries[i] : NULL) ||
            op_cancelled(handing->op))
            return false;
    }
    return true;
}

static enum status hand_over_all(struct handing *handing, const uint32_t uids[],
                                 size_t count)
{
    struct op block_op = *handing->op;
    bool go_on = true;

    block_op.arena = arena_new();
    for (size_t at = 0; at < count && go_on; at += BLOCK) {
        size_t most = count - at < BLOCK ? count - at : BLOCK;

        go_on = hand_over(handing, &block_op, uids + at, most);
        arena_reset(block_op.arena);
    }
    arena_free(&block_op.arena);
    return go_on ? handing->failed : STATUS_CANCELLED;
}

enum status mail_summarize(struct op *op, struct account *account,
                           int64_t folder, const uint32_t uids[], size_t count,
                           bool (*each)(void *context, uint32_t uid,
                                        enum status status,
                                        const struct mime_summary *summary),
                           void *context)
{
    struct unread unread = { .count = 0 };
    struct handing handing = { .op = op,
                               .account = account,
                               .folder = folder,
                               .unread = &unread,
                               .each = each,
                               .context = context };
    enum status status = find_unread(op, account, folder, uids, count, &unread);

    if (status == STATUS_OK && unread.count > 0)
        status = mail_read(op, account, folder, unread.uids, unread.count,
                           MAIL_NEED_HEADER, note_status, &unread);
    if (status == STATUS_CANCELLED)
        return status;
    enum status handed = hand_over_all(&handing, uids, count);
    if (handed != STATUS_OK && op->reason == NULL)
        op_fail(op, handed, "some messages have no summary: %s",
                status_name(handed));
    return handed;
}

/* --- Searching ----------------------------------------------------------- */

enum status mail_search_summaries(struct op *op, struct account *account,
                                  int64_t folder, enum mail_search_field field,
                                  const char *text, uint32_t **uids_out,
                                  size_t *count_out, uint32_t **unknown_out,
                                  size_t *unknown_count_out)
{
    enum status status =
        index_search(op, account->index, folder, field,
                     mime_fold_case(op->arena, text), uids_out, count_out);

    if (status != STATUS_OK)
        return status;
    return index_unsummarized(op, account->index, folder, unknown_out,
                              unknown_count_out);
}
