/*
 * folder.c - the selected folder as this client knows it
 */
#include "imap/folder_private.h"

#include <stdlib.h>
#include <string.h>

#include "imap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/numbers.h"
#include "proxy/exchange/mail.h"

/* --- Lists of UIDs ------------------------------------------------------- */

void uids_reserve(struct uids *uids, size_t more)
{
    if (uids->capacity - uids->count >= more)
        return;
    uids->capacity += more > uids->capacity ? more : uids->capacity;
    uids->list = memory_resize(uids->list, uids->capacity * sizeof *uids->list);
}

void uids_add(struct uids *uids, uint32_t uid)
{
    if (uids->count == uids->capacity)
        uids_reserve(uids, 16);
    uids->list[uids->count++] = uid;
}

void uids_clear(struct uids *uids)
{
    free(uids->list);
    *uids = (struct uids){ .list = NULL };
}

size_t uids_place(const struct uids *uids, uint32_t uid)
{
    return numbers_place(uids->list, uids->count, uid);
}

bool uids_contain(const struct uids *uids, uint32_t uid)
{
    size_t index = uids_place(uids, uid);

    return index < uids->count && uids->list[index] == uid;
}

/* --- What is known ------------------------------------------------------- */

size_t known_count(const struct known *known)
{
    return known->view != NULL ? mail_view_count(known->view)
                               : known->list.count;
}

uint32_t known_at(const struct known *known, size_t index)
{
    return known->view != NULL ? mail_view_at(known->view, index)->uid
                               : known->list.list[index];
}

uint32_t known_last(const struct known *known)
{
    size_t count = known_count(known);

    return count > 0 ? known_at(known, count - 1) : 0;
}

size_t known_place(const struct known *known, uint32_t uid)
{
    return known->view != NULL ? mail_view_search(known->view, uid)
                               : uids_place(&known->list, uid);
}

bool known_has(const struct known *known, uint32_t uid)
{
    return known->view != NULL ? mail_view_find(known->view, uid) != NULL
                               : uids_contain(&known->list, uid);
}

void known_unfold(struct known *known)
{
    size_t count = known_count(known);

    if (known->view == NULL)
        return;
    uids_reserve(&known->list, count);
    for (size_t i = 0; i < count; i++)
        uids_add(&known->list, mail_view_at(known->view, i)->uid);
    mail_view_unref(&known->view);
}

void known_fold(struct known *known, struct mail_view *view)
{
    known_clear(known);
    known->view = mail_view_ref(view);
}

void known_clear(struct known *known)
{
    uids_clear(&known->list);
    mail_view_unref(&known->view);
}

size_t folder_learn_new(struct imap_folder *folder)
{
    size_t before = known_count(&folder->known);
    uint32_t last = known_last(&folder->known);
    size_t count = mail_view_count(folder->view);

    if (last == UINT32_MAX)
        return before;
    size_t first = mail_view_search(folder->view, last + 1);
    uids_reserve(&folder->known.list, count - first);
    for (size_t i = first; i < count; i++)
        uids_add(&folder->known.list, mail_view_at(folder->view, i)->uid);
    return before;
}

void folder_claim_recent(struct op *op, struct imap_folder *folder, size_t from)
{
    uint32_t first;

    if (mail_recent(op, folder->account, folder->id, !folder->read_only,
                    &first) != STATUS_OK)
        return;

    size_t index = known_place(&folder->known, first);
    if (index < from)
        index = from;
    if (index < known_count(&folder->known)) {
        uids_add(&folder->recent, known_at(&folder->known, index));
        uids_add(&folder->recent, known_last(&folder->known));
    }
}

struct imap_folder *imap_folder_new(struct op *op, struct account *account,
                                    int64_t id, bool read_only,
                                    struct mail_view *view,
                                    const unsigned *enabled)
{
    struct imap_folder *folder = memory_new(sizeof *folder);

    folder->account = account;
    folder->id = id;
    folder->read_only = read_only;
    folder->view = view;
    folder->enabled = enabled;
    folder->told = mail_view_ref(view);
    folder->settled = mail_view_highest_modseq(view);
    known_fold(&folder->known, view);
    folder_claim_recent(op, folder, 0);
    return folder;
}

static void free_names(char ***names)
{
    for (size_t i = 0; *names != NULL && (*names)[i] != NULL; i++)
        free((*names)[i]);
    free(*names);
    *names = NULL;
}

void imap_folder_free(struct imap_folder **folder)
{
    struct imap_folder *old = *folder;

    if (old == NULL)
        return;
    *folder = NULL;
    mail_view_unref(&old->shown);
    uids_clear(&old->shown_uids);
    free_names(&old->categories);
    mail_view_unref(&old->told);
    mail_view_unref(&old->view);
    known_clear(&old->known);
    uids_clear(&old->recent);
    uids_clear(&old->saved);
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

bool imap_folder_is_gone(const struct imap_folder *folder)
{
    return folder->gone;
}

const struct mail_view *imap_folder_view(const struct imap_folder *folder)
{
    return folder->view;
}

uint32_t imap_folder_count(const struct imap_folder *folder)
{
    return (uint32_t)known_count(&folder->known);
}

uint32_t imap_folder_uid(const struct imap_folder *folder, uint32_t number)
{
    return known_at(&folder->known, number - 1);
}

uint32_t imap_folder_number(const struct imap_folder *folder, uint32_t uid)
{
    return known_has(&folder->known, uid)
               ? (uint32_t)known_place(&folder->known, uid) + 1
               : 0;
}

uint32_t imap_folder_first_number(const struct imap_folder *folder,
                                  uint32_t uid)
{
    size_t index = known_place(&folder->known, uid);

    return index < known_count(&folder->known) ? (uint32_t)index + 1 : 0;
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

uint64_t imap_folder_modseq(const struct imap_folder *folder)
{
    return folder->settled;
}

/* RFC 9051 knows of no recent messages. */
bool imap_folder_is_recent(const struct imap_folder *folder, uint32_t uid)
{
    if ((*folder->enabled & IMAP_REV2) != 0)
        return false;
    for (size_t i = 0; i < folder->recent.count; i += 2)
        if (uid >= folder->recent.list[i] && uid <= folder->recent.list[i + 1])
            return true;
    return false;
}

uint32_t imap_folder_recent_count(const struct imap_folder *folder)
{
    size_t count = 0;

    for (size_t i = 0; i < folder->recent.count; i += 2)
        count += known_place(&folder->known, folder->recent.list[i + 1]) +
                 known_has(&folder->known, folder->recent.list[i + 1]) -
                 known_place(&folder->known, folder->recent.list[i]);
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
    size_t count = known_count(&folder->known);
    uint32_t star =
        by_uid && count > 0 ? known_last(&folder->known) : (uint32_t)count;
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
    out->first = known_place(&folder->known, first) + 1;
    out->end =
        known_place(&folder->known, last) + known_has(&folder->known, last) + 1;
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
                known_at(&folder->known, n - 1);
        }
    return true;
}

void imap_folder_save(struct imap_folder *folder, const uint32_t uids[],
                      size_t count)
{
    size_t last = 0; /* the number of the one before */

    uids_clear(&folder->saved);
    for (size_t i = 0; i < count; i++) {
        size_t number = imap_folder_number(folder, uids[i]);

        if (folder->saved.count > 0 && number == last + 1) {
            folder->saved.list[folder->saved.count - 1] = uids[i];
        } else {
            uids_add(&folder->saved, uids[i]);
            uids_add(&folder->saved, uids[i]);
        }
        last = number;
    }
}
