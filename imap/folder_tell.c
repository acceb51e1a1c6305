/*
 * folder_tell.c - telling the client what has changed in the selected folder
 *
 * What is told comes from comparing two views; a mod-sequence says for each
 * message whether it can be different at all.  RFC 3501, 7.4; VANISHED and
 * MODSEQ: RFC 7162, 3.1.4.2, 3.2.4, 3.2.10; UIDFETCH: RFC 9586.
 */
#include "imap/folder_private.h"

#include <inttypes.h>
#include <string.h>

#include "imap/keyword.h"
#include "imap/reply.h"
#include "imap/session.h"
#include "imap/set_text.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/numbers.h"
#include "proxy/exchange/mail.h"

#define FLAGS "\\Answered \\Flagged \\Deleted \\Seen \\Draft"
#define KEYWORDS " $Forwarded $MDNSent $Junk $NotJunk"

static bool has_enabled(const struct imap_folder *folder, unsigned extensions)
{
    return (*folder->enabled & extensions) != 0;
}

void imap_folder_look(struct op *op, struct imap_folder *folder)
{
    struct mail_view *newest;
    enum status status = mail_look(op, folder->account, folder->id, &newest);

    /* The last view stays good when there is no newer one. */
    folder->gone = status == STATUS_NO_FOLDER;
    if (status != STATUS_OK)
        return;
    mail_view_unref(&folder->view);
    folder->view = newest;
}

void imap_folder_told(struct imap_folder *folder, const uint32_t uids[],
                      size_t count)
{
    mail_view_unref(&folder->shown);
    folder->shown = mail_view_ref(folder->view);
    uids_reserve(&folder->shown_uids, count);
    for (size_t i = 0; i < count; i++)
        uids_add(&folder->shown_uids, uids[i]);
}

/* --- Keywords ------------------------------------------------------------ */

static size_t count_names(const char *const *names)
{
    size_t count = 0;

    while (names != NULL && names[count] != NULL)
        count++;
    return count;
}

static bool has_heard(const struct imap_folder *folder, const char *category)
{
    for (size_t i = 0;
         folder->categories != NULL && folder->categories[i] != NULL; i++)
        if (strcmp(folder->categories[i], category) == 0)
            return true;
    return false;
}

/* Adds those to the ones that the client has heard of; whether any is new. */
static bool hear(struct imap_folder *folder, const char *const *categories)
{
    size_t known = count_names((const char *const *)folder->categories);
    size_t count = count_names(categories);
    size_t before = known;

    if (count > 0)
        folder->categories =
            memory_resize(folder->categories,
                          (known + count + 1) * sizeof *folder->categories);
    for (size_t i = 0; i < count; i++) {
        folder->categories[known] = NULL;
        if (!has_heard(folder, categories[i]))
            folder->categories[known++] = memory_strdup(categories[i]);
    }
    if (count > 0)
        folder->categories[known] = NULL;
    return known > before;
}

void imap_folder_tell_keywords(struct op *op, struct imap_folder *folder,
                               struct imap_out *out)
{
    struct buf keywords;

    hear(folder, mail_view_categories(folder->view));
    buf_init(&keywords, op->arena);
    for (size_t i = 0;
         folder->categories != NULL && folder->categories[i] != NULL; i++) {
        buf_putc(&keywords, ' ');
        imap_keyword_write(&keywords, folder->categories[i]);
    }
    imap_out_printf(out, "* FLAGS (" FLAGS KEYWORDS "%s)\r\n",
                    keywords.data);
    if (folder->read_only)
        imap_out_puts(out, "* OK [PERMANENTFLAGS ()] Nothing can be changed"
                           "\r\n");
    else
        imap_out_printf(out,
                        "* OK [PERMANENTFLAGS (" FLAGS KEYWORDS
                        "%s \\*)] These can be changed\r\n",
                        keywords.data);
}

void imap_folder_tell_new_keywords(struct op *op, struct imap_folder *folder,
                                   struct imap_out *out)
{
    if (hear(folder, mail_view_categories(folder->view)))
        imap_folder_tell_keywords(op, folder, out);
}

/* --- What is gone -------------------------------------------------------- */

/* Whether any known message has left the newest view. */
static bool some_gone(const struct imap_folder *folder)
{
    size_t count = known_count(&folder->known);
    uint32_t last = known_last(&folder->known);

    if (last == UINT32_MAX)
        return mail_view_count(folder->view) < count;
    return mail_view_search(folder->view, last + 1) < count;
}

/* Takes the gone ones out of the known ones, with EXPUNGE or for a set. */
static void tell_gone(struct op *op, struct imap_folder *folder,
                      struct imap_out *out)
{
    bool by_uid = has_enabled(folder, IMAP_QRESYNC | IMAP_UIDONLY);
    size_t count = mail_view_count(folder->view);
    struct uids *known = &folder->known.list;
    size_t at = 0, kept = 0;
    struct set_text gone;

    set_text_init(&gone, op->arena);
    for (size_t i = 0; i < known->count; i++) {
        uint32_t uid = known->list[i];

        while (at < count && mail_view_at(folder->view, at)->uid < uid)
            at++;
        if (at < count && mail_view_at(folder->view, at)->uid == uid)
            known->list[kept++] = uid;
        else if (by_uid)
            set_text_add(&gone, uid);
        else
            imap_out_printf(out, "* %zu EXPUNGE\r\n", kept + 1);
    }
    known->count = kept;

    const char *set = set_text_end(&gone);
    if (set != NULL) {
        imap_out_puts(out, "* VANISHED ");
        imap_out_puts(out, set);
        imap_out_puts(out, "\r\n");
    }
}

/* --- Flags --------------------------------------------------------------- */

void imap_folder_begin_fetch(const struct imap_folder *folder,
                             struct imap_out *out, uint32_t uid, bool with_uid)
{
    if (has_enabled(folder, IMAP_UIDONLY)) {
        imap_out_printf(out, "* %u UIDFETCH (", uid);
        return;
    }
    imap_out_printf(out, "* %u FETCH (", imap_folder_number(folder, uid));
    if (with_uid)
        imap_out_printf(out, "UID %u ", uid);
}

void imap_folder_tell_flags(const struct imap_folder *folder,
                            struct imap_out *out,
                            const struct mail_entry *entry)
{
    imap_folder_begin_fetch(folder, out, entry->uid, true);
    imap_out_puts(out, "FLAGS ");
    imap_out_flags(out, entry, imap_folder_is_recent(folder, entry->uid));
    if (has_enabled(folder, IMAP_CONDSTORE))
        imap_out_printf(out, " MODSEQ (%" PRIu64 ")",
                        imap_out_modseq(out, entry->modseq));
    imap_out_puts(out, ")\r\n");
}

/* Whether the client would see no difference. */
static bool is_same(const struct imap_folder *folder,
                    const struct mail_entry *a, const struct mail_entry *b)
{
    static const char *const none[] = { NULL };
    const char *const *x = a->categories != NULL ? a->categories : none;
    const char *const *y = b->categories != NULL ? b->categories : none;

    while (*x != NULL && *y != NULL && strcmp(*x, *y) == 0) {
        x++;
        y++;
    }
    return a->flags == b->flags && *x == NULL && *y == NULL &&
           (a->modseq == b->modseq || !has_enabled(folder, IMAP_CONDSTORE));
}

/* Tells the flags of known messages that are not what the client was told.  It
 * was told nothing about a message that came while flags were held back. */
static void tell_flags(struct imap_folder *folder, struct imap_out *out)
{
    uint64_t since = mail_view_highest_modseq(folder->told);
    size_t count = mail_view_count(folder->view);

    if (mail_view_highest_modseq(folder->view) == since)
        return;
    numbers_sort(folder->shown_uids.list, folder->shown_uids.count);
    for (size_t i = 0; i < count; i++) {
        const struct mail_entry *new = mail_view_at(folder->view, i);

        if (new->modseq <= since || !known_has(&folder->known, new->uid))
            continue;
        const struct mail_entry *old = mail_view_find(
            uids_contain(&folder->shown_uids, new->uid) ? folder->shown
                                                        : folder->told,
            new->uid);

        if (old == NULL ? (folder->held & IMAP_NEWS_FLAGS) != 0
                        : !is_same(folder, old, new))
            imap_folder_tell_flags(folder, out, new);
    }
}

/* --- All of it ----------------------------------------------------------- */

/* Returns the number of the first new message; 0 if there is none. */
static uint32_t tell_new(struct op *op, struct imap_folder *folder,
                         struct imap_out *out)
{
    size_t before = folder_learn_new(folder);

    if (known_count(&folder->known) == before)
        return 0;
    folder_claim_recent(op, folder, before);
    imap_out_printf(out, "* %zu EXISTS\r\n", known_count(&folder->known));
    if (!has_enabled(folder, IMAP_REV2))
        imap_out_printf(out, "* %u RECENT\r\n",
                        imap_folder_recent_count(folder));
    return (uint32_t)before + 1;
}

/* What the client does not know and may not hear. */
static unsigned find_held(const struct imap_folder *folder, unsigned news)
{
    uint32_t last = known_last(&folder->known);
    unsigned held = 0;

    if ((news & IMAP_NEWS_GONE) == 0 && some_gone(folder))
        held |= IMAP_NEWS_GONE;
    if ((news & IMAP_NEWS_FLAGS) == 0 &&
        mail_view_highest_modseq(folder->view) !=
            mail_view_highest_modseq(folder->told))
        held |= IMAP_NEWS_FLAGS;
    if ((news & IMAP_NEWS_MESSAGES) == 0 && last != UINT32_MAX &&
        mail_view_search(folder->view, last + 1) <
            mail_view_count(folder->view))
        held |= IMAP_NEWS_MESSAGES;
    return held;
}

/* Says how far the client has got when something more is held back, whenever it
 * has seen numbers that may tell it too much, and when nothing is held back any
 * more. */
static void settle(struct imap_folder *folder, struct imap_out *out,
                   unsigned held)
{
    uint64_t newest = mail_view_highest_modseq(folder->view);
    bool tell = held != 0 ? folder->held == 0 || newest != folder->told_of ||
                                out->modseq > folder->settled
                          : folder->held != 0;

    folder->held = held;
    folder->told_of = newest;
    out->modseq = 0;
    if (held == 0)
        folder->settled = newest;
    if (tell && has_enabled(folder, IMAP_CONDSTORE))
        imap_out_printf(out, "* OK [HIGHESTMODSEQ %" PRIu64 "] %s\r\n",
                        folder->settled,
                        held != 0 ? "Later changes are held back"
                                  : "All changes have been told");
}

uint32_t imap_folder_update(struct op *op, struct imap_folder *folder,
                            struct imap_out *out, unsigned news)
{
    uint32_t first = 0;

    imap_folder_look(op, folder);
    if (folder->view != folder->told || folder->held != 0) {
        known_unfold(&folder->known);
        if ((news & IMAP_NEWS_GONE) != 0)
            tell_gone(op, folder, out);
        if ((news & IMAP_NEWS_FLAGS) != 0) {
            imap_folder_tell_new_keywords(op, folder, out);
            tell_flags(folder, out);
        }
        if ((news & IMAP_NEWS_MESSAGES) != 0)
            first = tell_new(op, folder, out);
        settle(folder, out, find_held(folder, news));
        if ((folder->held & IMAP_NEWS_FLAGS) == 0) {
            mail_view_unref(&folder->told);
            folder->told = mail_view_ref(folder->view);
        }
        if (folder->held == 0)
            known_fold(&folder->known, folder->view);
    }
    uids_clear(&folder->shown_uids);
    mail_view_unref(&folder->shown);
    return first;
}
