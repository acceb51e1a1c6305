/*
 * mail_count.c - how many messages are in folders, and which folders have
 * changed
 *
 * One call brings the stamps of any number of folders; only those whose stamp
 * has moved are synced.
 */
#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/mail_private.h"

/* Clients ask for one folder after the other, so that the answer for one brings
 * those of so many others along. */
#define STAMPS_AT_ONCE 100

/* All of one store. */
static enum status ask_store(struct op *op, struct account *account,
                             const struct index_folder folders[], size_t count)
{
    const char **ids = arena_array(op->arena, count + 1, sizeof *ids);
    struct remote_stamp *stamps =
        arena_array(op->arena, count + 1, sizeof *stamps);
    struct asked asked = asked_now(account);
    struct remote *remote;
    enum status status = account_remote_of(op, account, &folders[0], &remote);

    for (size_t i = 0; i < count; i++) {
        ids[i] = folders[i].remote;
        stamps[i].status = STATUS_UNAVAILABLE;
    }
    if (status == STATUS_OK)
        status = account_told(
            account, remote->backend->folder_stamps(
                         op, remote, (const char *const *)ids, count, stamps));
    /* What has failed for some of them was heard of the others. */
    for (size_t i = 0; i < count; i++)
        if (status == STATUS_OK || stamps[i].status == STATUS_OK)
            place_hear(place_of(account, folders[i].id), &stamps[i], asked);
    return status;
}

/* A call goes to the server that has the store, so that there is one for each;
 * what fails for one of them does not keep the others from being asked. */
static enum status ask_stamps(struct op *op, struct account *account,
                              const struct index_folder folders[], size_t count)
{
    struct index_folder *some = arena_array(op->arena, count + 1, sizeof *some);
    bool *asked = arena_array(op->arena, count + 1, sizeof *asked);
    enum status first = STATUS_OK;

    for (size_t i = 0; i < count && first != STATUS_CANCELLED; i++) {
        size_t some_count = 0;

        for (size_t k = i; k < count && !asked[i]; k++)
            if (folders[k].store == folders[i].store) {
                some[some_count++] = folders[k];
                asked[k] = k > i;
            }
        enum status status =
            some_count > 0 ? ask_store(op, account, some, some_count)
                           : STATUS_OK;
        if (first == STATUS_OK)
            first = status;
    }
    return first;
}

static bool is_heard(struct account *account, int64_t folder, uint64_t since_ms)
{
    struct remote_stamp stamp;
    struct asked asked;

    return place_heard(place_of(account, folder), since_ms, &stamp, &asked);
}

static bool is_among(const struct index_folder folders[], size_t count,
                     int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (folders[i].id == id)
            return true;
    return false;
}

/* Adds folders of mail that someone may ask for next. */
static size_t add_neighbours(struct op *op, struct account *account,
                             struct index_folder folders[], size_t count,
                             uint64_t since_ms)
{
    struct index_folder *all;
    size_t all_count, asked = count;

    if (index_folders(op, account->index, &all, &all_count) != STATUS_OK)
        return count;
    for (size_t i = 0; i < all_count && count < STAMPS_AT_ONCE; i++)
        if (all[i].kind == FOLDER_MAIL && !all[i].hidden && all[i].syncable &&
            all[i].store == folders[0].store &&
            !is_among(folders, asked, all[i].id) &&
            !is_heard(account, all[i].id, since_ms))
            folders[count++] = all[i];
    return count;
}

/* Sees to it that the stamps of all these folders are young enough. */
static enum status hear(struct op *op, struct account *account,
                        const struct index_folder folders[], size_t count,
                        uint64_t max_age_ms)
{
    struct index_folder *unheard =
        arena_array(op->arena, count + STAMPS_AT_ONCE, sizeof *unheard);
    uint64_t now = time_monotonic_ms();
    uint64_t since = now > max_age_ms ? now - max_age_ms : 0;
    size_t unheard_count = 0;

    for (size_t i = 0; i < count; i++)
        if (max_age_ms == 0 || !is_heard(account, folders[i].id, since))
            unheard[unheard_count++] = folders[i];
    if (unheard_count == 0)
        return STATUS_OK;
    if (max_age_ms > 0)
        unheard_count =
            add_neighbours(op, account, unheard, unheard_count, since);
    return ask_stamps(op, account, unheard, unheard_count);
}

/* The stamp was taken before the sync, so equal stamps mean that nothing is
 * new, once it is settled. */
static enum status sync_if_moved(struct op *op, struct account *account,
                                 const struct index_folder *folder)
{
    struct place *place = place_of(account, folder->id);
    struct remote_stamp stamp;
    struct asked asked;

    place_heard(place, 0, &stamp, &asked);
    if (stamp.status == STATUS_NOT_FOUND || stamp.status == STATUS_NO_FOLDER) {
        atomic_store(&account->tree_looked_ms, 0);
        changes_tell(account, folder->id);
        return op_fail(op, STATUS_NO_FOLDER, "the folder is gone");
    }
    if (stamp.status != STATUS_OK)
        return stamp.status;
    if (folder->complete && !folder->sweeping &&
        is_same_stamp(&stamp, &folder->stamp)) {
        place_looked(place, asked);
        return STATUS_OK;
    }
    enum status status = sync_folder(op, account, folder->id);
    if (status == STATUS_OK && folder->syncable && is_settled_stamp(&stamp))
        status = index_folder_stamp(op, account->index, folder->id, &stamp);
    return status;
}

enum status sync_moved(struct op *op, struct account *account,
                       const int64_t folders[], size_t count,
                       uint64_t max_age_ms, enum status statuses_out[])
{
    struct index_folder *known =
        arena_array(op->arena, count + 1, sizeof *known);
    size_t *positions = arena_array(op->arena, count + 1, sizeof *positions);
    uint64_t now = time_monotonic_ms();
    uint64_t since = now > max_age_ms ? now - max_age_ms : 0;
    enum status first = STATUS_OK;
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        statuses_out[i] =
            index_folder(op, account->index, folders[i], &known[found]);
        if (statuses_out[i] == STATUS_OK)
            positions[found++] = i;
    }
    enum status status = hear(op, account, known, found, max_age_ms);
    for (size_t i = 0; i < found; i++)
        statuses_out[positions[i]] =
            status != STATUS_OK && !is_heard(account, known[i].id, since)
                ? status
                : sync_if_moved(op, account, &known[i]);
    for (size_t i = 0; i < count && first == STATUS_OK; i++)
        first = statuses_out[i];
    return first;
}

/* --- Counts -------------------------------------------------------------- */

static uint64_t status_interval_ms(const struct account *account)
{
    return 1000u *
           (uint64_t)account_settings(account)->exchange.status_interval;
}

static bool is_fresh(struct op *op, struct account *account, int64_t folder)
{
    uint64_t looked = atomic_load(&place_of(account, folder)->looked_ms);

    return (looked != 0 &&
            time_monotonic_ms() - looked < status_interval_ms(account)) ||
           place_is_current(op, account, folder);
}

enum status mail_known_counts(struct op *op, struct account *account,
                              const int64_t folders[], size_t count,
                              struct mail_counts counts_out[])
{
    enum status first = STATUS_OK;

    for (size_t i = 0; i < count; i++) {
        struct index_marks marks;
        struct mail_counts *counts = &counts_out[i];

        *counts = (struct mail_counts){ 0 };
        counts->status = index_marks(op, account->index, folders[i], &marks);
        if (counts->status == STATUS_OK && !marks.complete)
            counts->status = STATUS_UNAVAILABLE;
        if (counts->status == STATUS_OK)
            index_counts(op, account->index, folders[i], counts);
        if (first == STATUS_OK)
            first = counts->status;
    }
    return first;
}

enum status mail_count(struct op *op, struct account *account,
                       const int64_t folders[], size_t count,
                       struct mail_counts counts_out[])
{
    int64_t *old = arena_array(op->arena, count + 1, sizeof *old);
    enum status *statuses = arena_array(op->arena, count + 1, sizeof *statuses);
    enum status first = STATUS_OK;
    size_t asked = 0;

    for (size_t i = 0; i < count; i++)
        if (!is_fresh(op, account, folders[i]))
            old[asked++] = folders[i];
    sync_moved(op, account, old, asked, status_interval_ms(account), statuses);
    for (size_t i = 0, k = 0; i < count; i++) {
        enum status status = STATUS_OK;

        if (k < asked && old[k] == folders[i])
            status = statuses[k++];
        counts_out[i] = (struct mail_counts){ 0 };
        index_counts(op, account->index, folders[i], &counts_out[i]);
        if (status != STATUS_OK)
            counts_out[i].status = status;
        if (first == STATUS_OK)
            first = counts_out[i].status;
    }
    return first;
}

enum status mail_recent(struct op *op, struct account *account, int64_t folder,
                        bool claim, uint32_t *first_out)
{
    return index_folder_recent(op, account->index, folder, claim, first_out);
}
