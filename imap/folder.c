/*
 * folder.c - the selected folder as this client knows it
 *
 * Three things are kept: the UIDs that have been announced (a message's number
 * is its place among them), the view from which the client was told last, and
 * the newest view.  They differ between an own change and the end of its
 * command, and for messages that are gone but not yet announced as such.
 */
#include "imap/folder.h"

#include <stdlib.h>
#include <string.h>

#include "imap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/mail.h"

/* UIDs that grow in number, on the heap. */
struct uids {
    uint32_t *list;
    size_t count;
    size_t capacity;
};

struct imap_folder {
    struct account *account;
    int64_t id;
    bool read_only;

    struct uids known;      /* announced, ascending */
    struct mail_view *told; /* what the client was told from */
    struct mail_view *view; /* the newest */
    bool pending;           /* some known ones are gone and not yet announced */

    struct uids recent; /* pairs: first and last UID of ranges, ascending */
    struct uids saved;  /* what "$" stands for, in such pairs */

    /* Those whose flags the client knows from `shown`, not from `told`. */
    struct uids shown_uids;
    struct mail_view *shown;
};

/* --- Lists of UIDs ------------------------------------------------------- */

static void add(struct uids *uids, uint32_t uid)
{
    if (uids->count == uids->capacity) {
        uids->capacity = uids->capacity < 16 ? 16 : uids->capacity * 2;
        uids->list =
            memory_resize(uids->list, uids->capacity * sizeof *uids->list);
    }
    uids->list[uids->count++] = uid;
}

static void clear(struct uids *uids)
{
    free(uids->list);
    *uids = (struct uids){ .list = NULL };
}

/* The index of the first that is at least `uid`. */
static size_t place(const struct uids *uids, uint32_t uid)
{
    size_t low = 0;
    size_t high = uids->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (uids->list[middle] < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool contains(const struct uids *uids, uint32_t uid)
{
    size_t index = place(uids, uid);

    return index < uids->count && uids->list[index] == uid;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* --- What is known ------------------------------------------------------- */

/* Announces what is in the newest view beyond the known UIDs; says from which
 * index of the known ones on they are new. */
static size_t learn_new(struct imap_folder *folder)
{
    size_t before = folder->known.count;
    uint32_t last = before > 0 ? folder->known.list[before - 1] : 0;
    size_t count = mail_view_count(folder->view);

    if (last == UINT32_MAX)
        return before;
    for (size_t i = mail_view_search(folder->view, last + 1); i < count; i++)
        add(&folder->known, mail_view_at(folder->view, i)->uid);
    return before;
}

/* Finds out which of the known UIDs from index `from` on no session has seen
 * before.  Only SELECT takes that honour away from others (RFC 3501, 6.3.2). */
static void claim_recent(struct op *op, struct imap_folder *folder, size_t from)
{
    uint32_t first;

    if (mail_recent(op, folder->account, folder->id, !folder->read_only,
                    &first) != STATUS_OK)
        return;

    size_t index = place(&folder->known, first);
    if (index < from)
        index = from;
    if (index < folder->known.count) {
        add(&folder->recent, folder->known.list[index]);
        add(&folder->recent, folder->known.list[folder->known.count - 1]);
    }
}

struct imap_folder *imap_folder_new(struct op *op, struct account *account,
                                    int64_t id, bool read_only,
                                    struct mail_view *view)
{
    struct imap_folder *folder = memory_new(sizeof *folder);

    folder->account = account;
    folder->id = id;
    folder->read_only = read_only;
    folder->view = view;
    folder->told = mail_view_ref(view);
    learn_new(folder);
    claim_recent(op, folder, 0);
    return folder;
}

static void forget_shown(struct imap_folder *folder)
{
    clear(&folder->shown_uids);
    mail_view_unref(&folder->shown);
}

void imap_folder_free(struct imap_folder **folder)
{
    struct imap_folder *old = *folder;

    if (old == NULL)
        return;
    *folder = NULL;
    forget_shown(old);
    mail_view_unref(&old->told);
    mail_view_unref(&old->view);
    clear(&old->known);
    clear(&old->recent);
    clear(&old->saved);
    free(old);
}

int64_t imap_folder_id(const struct imap_folder *folder)
{
    return folder->id;
}

bool imap_folder_read_only(const struct imap_folder *folder)
{
    return folder->read_only;
}

const struct mail_view *imap_folder_view(const struct imap_folder *folder)
{
    return folder->view;
}

uint32_t imap_folder_count(const struct imap_folder *folder)
{
    return (uint32_t)folder->known.count;
}

uint32_t imap_folder_uid(const struct imap_folder *folder, uint32_t number)
{
    return folder->known.list[number - 1];
}

uint32_t imap_folder_number(const struct imap_folder *folder, uint32_t uid)
{
    return contains(&folder->known, uid)
               ? (uint32_t)place(&folder->known, uid) + 1
               : 0;
}

const struct mail_entry *imap_folder_entry(const struct imap_folder *folder,
                                           uint32_t uid)
{
    return mail_view_find(folder->view, uid);
}

const struct mail_entry *imap_folder_told_entry(
    const struct imap_folder *folder, uint32_t uid)
{
    return mail_view_find(folder->told, uid);
}

bool imap_folder_is_recent(const struct imap_folder *folder, uint32_t uid)
{
    for (size_t i = 0; i < folder->recent.count; i += 2)
        if (uid >= folder->recent.list[i] && uid <= folder->recent.list[i + 1])
            return true;
    return false;
}

uint32_t imap_folder_recent_count(const struct imap_folder *folder)
{
    size_t count = 0;

    for (size_t i = 0; i < folder->recent.count; i += 2)
        count += place(&folder->known, folder->recent.list[i + 1]) +
                 contains(&folder->known, folder->recent.list[i + 1]) -
                 place(&folder->known, folder->recent.list[i]);
    return (uint32_t)count;
}

/* --- Sets ---------------------------------------------------------------- */

/* A stretch of numbers, from first up to but without end; 1-based. */
struct stretch {
    size_t first;
    size_t end;
};

static int by_first(const void *a, const void *b)
{
    const struct stretch *x = a;
    const struct stretch *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

/* What a range means; false for numbers that are not there. */
static bool resolve_range(const struct imap_folder *folder,
                          struct imap_range range, bool by_uid,
                          struct stretch *out)
{
    size_t count = folder->known.count;
    uint32_t star =
        by_uid && count > 0 ? folder->known.list[count - 1] : (uint32_t)count;
    uint32_t first = range.first == IMAP_STAR ? star : range.first;
    uint32_t last = range.last == IMAP_STAR ? star : range.last;

    if (first > last) {
        uint32_t other = first;

        first = last;
        last = other;
    }
    if (!by_uid) {
        *out = (struct stretch){ first, (size_t)last + 1 };
        return first >= 1 && last <= count;
    }
    out->first = place(&folder->known, first) + 1;
    out->end = place(&folder->known, last) + contains(&folder->known, last) + 1;
    return true;
}

/* What a set means, in any order, overlaps and all. */
static bool resolve_ranges(const struct imap_folder *folder,
                           const struct imap_set *set, bool by_uid,
                           struct stretch stretches[], size_t *count_out)
{
    size_t count = 0;

    for (size_t i = 0; i < set->count; i++)
        if (!resolve_range(folder, set->ranges[i], by_uid, &stretches[count++]))
            return false;
    for (size_t i = 0; set->saved && i < folder->saved.count; i += 2) {
        struct imap_range range = { folder->saved.list[i],
                                    folder->saved.list[i + 1] };

        resolve_range(folder, range, true, &stretches[count++]);
    }
    *count_out = count;
    return true;
}

bool imap_folder_resolve(const struct imap_folder *folder, struct arena *arena,
                         const struct imap_set *set, bool by_uid,
                         struct imap_messages *messages_out)
{
    struct stretch *stretches = arena_array(
        arena, set->count + folder->saved.count / 2, sizeof *stretches);
    size_t count;
    size_t next = 1;
    size_t total = 0;

    if (!resolve_ranges(folder, set, by_uid, stretches, &count))
        return false;
    qsort(stretches, count, sizeof *stretches, by_first);

    /* Overlaps are cut off, so that each message comes once. */
    for (size_t i = 0; i < count; i++) {
        if (stretches[i].first < next)
            stretches[i].first = next;
        if (stretches[i].end > stretches[i].first) {
            total += stretches[i].end - stretches[i].first;
            next = stretches[i].end;
        }
    }
    messages_out->numbers =
        arena_array(arena, total, sizeof *messages_out->numbers);
    messages_out->uids = arena_array(arena, total, sizeof *messages_out->uids);
    messages_out->count = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t n = stretches[i].first; n < stretches[i].end; n++) {
            messages_out->numbers[messages_out->count] = (uint32_t)n;
            messages_out->uids[messages_out->count++] =
                folder->known.list[n - 1];
        }
    return true;
}

void imap_folder_save(struct imap_folder *folder, const uint32_t uids[],
                      size_t count)
{
    size_t last = 0; /* the number of the one before */

    clear(&folder->saved);
    for (size_t i = 0; i < count; i++) {
        size_t number = imap_folder_number(folder, uids[i]);

        if (folder->saved.count > 0 && number == last + 1) {
            folder->saved.list[folder->saved.count - 1] = uids[i];
        } else {
            add(&folder->saved, uids[i]);
            add(&folder->saved, uids[i]);
        }
        last = number;
    }
}

/* --- Telling the client -------------------------------------------------- */

void imap_folder_look(struct op *op, struct imap_folder *folder)
{
    struct mail_view *newest;

    /* The last view stays good when there is no newer one. */
    if (mail_look(op, folder->account, folder->id, &newest) != STATUS_OK)
        return;
    mail_view_unref(&folder->view);
    folder->view = newest;
}

void imap_folder_told(struct imap_folder *folder, const uint32_t uids[],
                      size_t count)
{
    mail_view_unref(&folder->shown);
    folder->shown = mail_view_ref(folder->view);
    for (size_t i = 0; i < count; i++)
        add(&folder->shown_uids, uids[i]);
}

static void tell_expunges(struct imap_folder *folder, struct imap_out *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < folder->known.count; i++) {
        uint32_t uid = folder->known.list[i];

        if (mail_view_find(folder->view, uid) != NULL)
            folder->known.list[kept++] = uid;
        else
            imap_out_printf(out, "* %zu EXPUNGE\r\n", kept + 1);
    }
    folder->known.count = kept;
    folder->pending = false;
}

/* Whether the client would see no difference. */
static bool is_same(const struct mail_entry *a, const struct mail_entry *b)
{
    static const char *const none[] = { NULL };
    const char *const *x = a->categories != NULL ? a->categories : none;
    const char *const *y = b->categories != NULL ? b->categories : none;

    while (*x != NULL && *y != NULL && strcmp(*x, *y) == 0) {
        x++;
        y++;
    }
    return a->flags == b->flags && *x == NULL && *y == NULL;
}

/* Tells the flags of known messages that are not what the client was told. */
static void tell_flags(struct imap_folder *folder, struct imap_out *out)
{
    if (folder->shown_uids.count > 0)
        qsort(folder->shown_uids.list, folder->shown_uids.count,
              sizeof(uint32_t), ascending);
    for (size_t i = 0; i < folder->known.count; i++) {
        uint32_t uid = folder->known.list[i];
        const struct mail_view *told =
            contains(&folder->shown_uids, uid) ? folder->shown : folder->told;
        const struct mail_entry *old = mail_view_find(told, uid);
        const struct mail_entry *new = mail_view_find(folder->view, uid);

        if (old == NULL || new == NULL || old == new || is_same(old, new))
            continue;
        imap_out_printf(out, "* %zu FETCH (UID %u FLAGS ", i + 1, uid);
        imap_out_flags(out, new, imap_folder_is_recent(folder, uid));
        imap_out_puts(out, ")\r\n");
    }
}

void imap_folder_update(struct op *op, struct imap_folder *folder,
                        struct imap_out *out, bool expunges)
{
    imap_folder_look(op, folder);

    bool changed = folder->view != folder->told;
    if (expunges && (changed || folder->pending))
        tell_expunges(folder, out);
    if (changed) {
        tell_flags(folder, out);

        size_t before = learn_new(folder);
        if (folder->known.count > before) {
            claim_recent(op, folder, before);
            imap_out_printf(out, "* %zu EXISTS\r\n* %u RECENT\r\n",
                            folder->known.count,
                            imap_folder_recent_count(folder));
        }
        folder->pending = !expunges;
        mail_view_unref(&folder->told);
        folder->told = mail_view_ref(folder->view);
    }
    forget_shown(folder);
}
