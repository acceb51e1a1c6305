/*
 * resync.c - what has happened to a folder since a client last looked
 *
 * RFC 7162, 3.2.5:  SELECT <mailbox> (QRESYNC (<uidvalidity> <modseq>
 *                       [<known UIDs>] [(<numbers> <their UIDs>)]))
 * RFC 7162, 3.2.6:  UID FETCH <set> <items> (CHANGEDSINCE <modseq> VANISHED)
 *
 * The index remembers what has left a folder, but not for ever.  Of what it has
 * forgotten any UID may have left that is not there, and all of them are named;
 * the numbers that a client knows spare it those below them.
 */
#include "imap/resync.h"

#include <stdlib.h>

#include "imap/folder.h"
#include "imap/reply.h"
#include "imap/session.h"
#include "imap/set_text.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

/* --- Arguments ----------------------------------------------------------- */

/* A set of known things: neither "*" nor "$". */
static bool read_known(struct imap_args *args, struct imap_set *set)
{
    if (!imap_args_set(args, set) || set->saved)
        return false;
    for (size_t i = 0; i < set->count; i++)
        if (set->ranges[i].first == IMAP_STAR ||
            set->ranges[i].last == IMAP_STAR)
            return false;
    return true;
}

/* How many things an ascending set names; 0 if it is not ascending. */
static uint64_t count_ascending(const struct imap_set *set)
{
    uint64_t count = 0;
    uint32_t last = 0;

    for (size_t i = 0; i < set->count; i++) {
        const struct imap_range *range = &set->ranges[i];

        if (range->first <= last || range->last < range->first)
            return 0;
        count += (uint64_t)range->last - range->first + 1;
        last = range->last;
    }
    return count;
}

static bool read_matches(struct imap_args *args, struct resync *resync)
{
    return imap_args_char(args, '(') && read_known(args, &resync->numbers) &&
           imap_args_space(args) && read_known(args, &resync->number_uids) &&
           count_ascending(&resync->numbers) > 0 &&
           count_ascending(&resync->numbers) ==
               count_ascending(&resync->number_uids) &&
           imap_args_char(args, ')');
}

static bool read_quick(struct imap_args *args, struct resync *resync)
{
    struct imap_set *uids = arena_alloc(args->arena, sizeof *uids);
    uint64_t validity;
    bool more;

    resync->quick = true;
    if (!imap_args_space(args) || !imap_args_char(args, '(') ||
        !imap_args_number(args, 1, UINT32_MAX, &validity) ||
        !imap_args_space(args) ||
        !imap_args_number(args, 1, IMAP_MODSEQ_MAX, &resync->since))
        return false;
    resync->uid_validity = (uint32_t)validity;
    more = imap_args_space(args);
    if (more && !imap_args_next_is(args, '(')) {
        if (!read_known(args, uids))
            return false;
        resync->uids = uids;
        more = imap_args_space(args);
    }
    return (!more || read_matches(args, resync)) && imap_args_char(args, ')');
}

bool resync_read(struct imap_args *args, struct resync *resync_out)
{
    *resync_out = (struct resync){ .condstore = false };
    if (!imap_args_char(args, '('))
        return false;
    do {
        if (imap_args_word(args, "CONDSTORE"))
            resync_out->condstore = true;
        else if (resync_out->quick || !imap_args_word(args, "QRESYNC") ||
                 !read_quick(args, resync_out))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

/* --- Vanished ------------------------------------------------------------ */

static int by_first(const void *a, const void *b)
{
    const struct imap_range *x = a;
    const struct imap_range *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

/* The ranges of a set within `low` to `high`, ascending and apart. */
static struct imap_set clip(struct arena *arena, const struct imap_set *set,
                            uint32_t star, uint32_t low, uint32_t high)
{
    struct imap_set all = { &(struct imap_range){ low, high }, 1, false };
    struct imap_set out = { .count = 0 };
    uint64_t next = low;

    if (set == NULL)
        set = &all;
    struct imap_range *ranges = arena_array(arena, set->count, sizeof *ranges);
    for (size_t i = 0; i < set->count; i++) {
        uint32_t a = set->ranges[i].first, b = set->ranges[i].last;

        a = a == IMAP_STAR ? star : a;
        b = b == IMAP_STAR ? star : b;
        ranges[i] = (struct imap_range){ a < b ? a : b, a < b ? b : a };
    }
    qsort(ranges, set->count, sizeof *ranges, by_first);
    out.ranges = ranges;
    for (size_t i = 0; i < set->count; i++) {
        struct imap_range range = ranges[i];

        range.first = range.first < next ? (uint32_t)next : range.first;
        range.last = range.last > high ? high : range.last;
        if (range.first > range.last || next > high)
            continue;
        ranges[out.count++] = range;
        next = (uint64_t)range.last + 1;
    }
    return out;
}

/* The smallest UID from `uid` on that is there, in the folder or in the eyes of
 * the client, which is yet to be told; 0 if none is. */
static uint32_t next_there(const struct imap_folder *folder, uint32_t uid)
{
    const struct mail_view *view = imap_folder_view(folder);
    size_t index = mail_view_search(view, uid);
    uint32_t number = imap_folder_first_number(folder, uid);
    uint32_t seen = number > 0 ? imap_folder_uid(folder, number) : 0;
    uint32_t there =
        index < mail_view_count(view) ? mail_view_at(view, index)->uid : 0;

    return seen == 0 || (there != 0 && there < seen) ? there : seen;
}

/* Names every UID of a range that is not there. */
static void add_absent(struct set_text *text, const struct imap_folder *folder,
                       struct imap_range range)
{
    uint64_t next = range.first;

    while (next <= range.last) {
        uint32_t uid = next_there(folder, (uint32_t)next);

        if (uid == 0 || uid > range.last) {
            set_text_add_range(text, (uint32_t)next, range.last);
            return;
        }
        if (uid > next)
            set_text_add_range(text, (uint32_t)next, uid - 1);
        next = (uint64_t)uid + 1;
    }
}

/* Names those of an ascending list that are in a range and not there. */
static void add_gone(struct set_text *text, const struct imap_folder *folder,
                     struct imap_range range, const uint32_t uids[],
                     size_t count, size_t *at)
{
    while (*at < count && uids[*at] < range.first)
        (*at)++;
    for (; *at < count && uids[*at] <= range.last; (*at)++)
        if (imap_folder_number(folder, uids[*at]) == 0 &&
            imap_folder_entry(folder, uids[*at]) == NULL)
            set_text_add(text, uids[*at]);
}

enum status resync_tell_vanished(struct op *op, struct imap_session *session,
                                 const struct imap_set *uids, uint32_t floor,
                                 uint64_t since)
{
    const struct imap_folder *folder = session->folder;
    const struct mail_view *view = imap_folder_view(folder);
    uint32_t high = mail_view_uid_next(view) - 1;
    size_t total = mail_view_count(view);
    uint32_t star = total > 0 ? mail_view_at(view, total - 1)->uid : high;
    struct set_text text;
    uint32_t *gone;
    size_t count, at = 0;
    bool complete;
    enum status status =
        mail_vanished(op, session->account, imap_folder_id(folder), since,
                      &gone, &count, &complete);

    if (status != STATUS_OK || floor >= high)
        return status;
    struct imap_set ranges = clip(op->arena, uids, star, floor + 1, high);
    set_text_init(&text, op->arena);
    for (size_t i = 0; i < ranges.count; i++)
        if (complete)
            add_gone(&text, folder, ranges.ranges[i], gone, count, &at);
        else
            add_absent(&text, folder, ranges.ranges[i]);

    const char *set = set_text_end(&text);
    if (set != NULL) {
        imap_out_puts(&session->out, "* VANISHED (EARLIER) ");
        imap_out_puts(&session->out, set);
        imap_out_puts(&session->out, "\r\n");
    }
    return STATUS_OK;
}

/* --- After SELECT -------------------------------------------------------- */

/* The largest UID that the client knows under its right number: up to there it
 * knows what has gone (RFC 7162, 3.2.5.2). */
static uint32_t find_floor(const struct imap_folder *folder,
                           const struct resync *resync)
{
    uint32_t count = imap_folder_count(folder), floor = 0;
    size_t at = 0;
    uint32_t uid =
        resync->number_uids.count > 0 ? resync->number_uids.ranges[0].first : 0;

    for (size_t i = 0; i < resync->numbers.count; i++) {
        const struct imap_range *range = &resync->numbers.ranges[i];

        for (uint32_t n = range->first; n <= range->last && n <= count; n++) {
            if (imap_folder_uid(folder, n) == uid)
                floor = uid;
            if (uid++ == resync->number_uids.ranges[at].last &&
                ++at < resync->number_uids.count)
                uid = resync->number_uids.ranges[at].first;
        }
    }
    return floor;
}

/* A client that knows later changes than there are has them from an index that
 * is lost: it is told everything. */
static void tell_flags(struct op *op, struct imap_session *session,
                       const struct resync *resync)
{
    const struct imap_folder *folder = session->folder;
    const struct mail_view *view = imap_folder_view(folder);
    uint64_t since =
        resync->since <= mail_view_highest_modseq(view) ? resync->since : 0;
    struct imap_set uids =
        clip(op->arena, resync->uids, 0, 1, mail_view_uid_next(view) - 1);

    for (size_t i = 0; i < uids.count; i++) {
        size_t at = mail_view_search(view, uids.ranges[i].first);
        size_t end = mail_view_search(view, uids.ranges[i].last);

        for (; at <= end && at < mail_view_count(view); at++) {
            const struct mail_entry *entry = mail_view_at(view, at);

            if (entry->modseq > since && entry->uid <= uids.ranges[i].last)
                imap_folder_tell_flags(folder, &session->out, entry);
        }
    }
}

enum status resync_tell(struct op *op, struct imap_session *session,
                        const struct resync *resync)
{
    const struct imap_folder *folder = session->folder;
    const struct mail_view *view = imap_folder_view(folder);
    enum status status;

    /* Another folder of that name: the client sees it by the UIDVALIDITY. */
    if (!resync->quick || mail_view_uid_validity(view) != resync->uid_validity)
        return STATUS_OK;
    status = resync_tell_vanished(op, session, resync->uids,
                                  find_floor(folder, resync), resync->since);
    if (status == STATUS_OK)
        tell_flags(op, session, resync);
    return status;
}
