/*
 * folder_stores.c - looking at other stores: shared mailboxes, public folders,
 * the online archive, recoverable items, searches
 *
 * Their folders are listed when a client wants to see them, and not again for
 * some time.  A store that cannot be looked at is left alone for as long.
 */
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/folder_tree.h"
#include "proxy/exchange/mail_private.h"

/* How many public folders are looked below with one call. */
#define BELOW_AT_ONCE 100

/* clang-format off */
static const char *const names[FOLDER_STORE_COUNT] = {
    [FOLDER_SHARED]      = "Shared",
    [FOLDER_PUBLIC]      = "Public",
    [FOLDER_OLD_MAIL]    = "Archive Mailbox",
    [FOLDER_RECOVERABLE] = "Recoverable Items",
    [FOLDER_SEARCHES]    = "Search Folders",
};
/* clang-format on */

const char *folder_store_name(enum folder_store store)
{
    return names[store];
}

bool folder_store_is_shown(const struct account *account,
                           enum folder_store kind)
{
    const struct mail_settings *settings = &account_settings(account)->mail;
    unsigned told = atomic_load(&account->stores);

    /* Someone else's mailbox is opened for itself. */
    if (account->mailbox != NULL)
        return false;
    switch (kind) {
    case FOLDER_SHARED:
        return true;
    case FOLDER_PUBLIC:
        return settings->public_folders && (told & 1u << kind) != 0;
    case FOLDER_OLD_MAIL:
        return settings->archive && (told & 1u << kind) != 0;
    case FOLDER_RECOVERABLE:
        return settings->recoverable;
    case FOLDER_SEARCHES:
        return settings->search_folders;
    default:
        return false;
    }
}

char **store_addresses(struct op *op, const struct account *account)
{
    return str_split(op->arena, account_settings(account)->mail.shared,
                     " \t,;");
}

/* --- When they were looked at -------------------------------------------- */

/* One for each store, under the account's lock. */
struct store_look {
    struct store_look *next;
    enum folder_store kind;
    char *address;
    uint64_t looked_ms;
    enum status status; /* what became of it */
};

void stores_forget(struct account *account)
{
    while (account->looks != NULL) {
        struct store_look *look = account->looks;

        account->looks = look->next;
        free(look->address);
        free(look);
    }
}

void stores_look_again(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    stores_forget(account);
    pthread_mutex_unlock(&account->lock);
}

static struct store_look *find_look(struct account *account,
                                    const struct index_store *store)
{
    struct store_look *look = account->looks;

    while (look != NULL && (look->kind != store->kind ||
                            !str_equal_nocase(look->address, store->address)))
        look = look->next;
    return look;
}

static bool is_fresh(struct account *account, const struct index_store *store,
                     enum status *status_out)
{
    uint64_t interval =
        1000u * (uint64_t)account_settings(account)->exchange.store_interval;

    pthread_mutex_lock(&account->lock);
    const struct store_look *look = find_look(account, store);
    bool fresh =
        look != NULL && time_monotonic_ms() - look->looked_ms < interval;
    if (fresh)
        *status_out = look->status;
    pthread_mutex_unlock(&account->lock);
    return fresh;
}

static void note_look(struct account *account, const struct index_store *store,
                      uint64_t begun_ms, enum status status)
{
    pthread_mutex_lock(&account->lock);
    struct store_look *look = find_look(account, store);
    if (look == NULL) {
        look = memory_new(sizeof *look);
        look->kind = store->kind;
        look->address = memory_strdup(store->address);
        look->next = account->looks;
        account->looks = look;
    }
    look->looked_ms = begun_ms;
    look->status = status;
    pthread_mutex_unlock(&account->lock);
}

/* --- Looking ------------------------------------------------------------- */

/* Asks for the folders of a store, or of the public ones those right below
 * `parents`, and keeps them. */
static enum status list(struct op *op, struct account *account,
                        const struct index_store *store,
                        const char *const parents[], size_t count,
                        bool *changed)
{
    static const char *const top[] = { NULL };
    const struct remote_store asked = { store->kind, store->address };
    struct remote_folder *folders = NULL;
    struct remote *remote;
    size_t found = 0;
    int64_t id;
    enum status status = account_remote(op, account, &remote);

    if (status == STATUS_OK)
        status = account_told(
            account, remote->backend->store_folders(op, remote, &asked, parents,
                                                    count, &folders, &found));
    if (status == STATUS_OK)
        status = index_store_add(op, account->index, store, &id);
    if (status != STATUS_OK)
        return status;
    if (store->kind != FOLDER_PUBLIC)
        parents = NULL;
    else if (parents == NULL)
        parents = top;
    return index_store_list(op, account->index, id, parents, folders, found,
                            changed);
}

/* The ids of the public folders whose children are known, in hundreds. */
static const char **find_opened(struct op *op, struct account *account,
                                const struct index_store *store,
                                size_t *count_out)
{
    struct index_folder *all;
    size_t count, found = 0;

    *count_out = 0;
    if (index_folders(op, account->index, &all, &count) != STATUS_OK)
        return NULL;
    const char **opened = arena_array(op->arena, count + 1, sizeof *opened);
    struct table *parents = table_new(op->arena);
    for (size_t i = 0; i < count; i++)
        if (all[i].store == store->id)
            table_add(parents, 0, all[i].parent, &all[i]);
    for (size_t i = 0; i < count; i++)
        if (all[i].store == store->id &&
            table_find(parents, 0, all[i].remote) != NULL)
            opened[found++] = all[i].remote;
    *count_out = found;
    return opened;
}

static enum status list_below(struct op *op, struct account *account,
                              const struct index_store *store,
                              const char *const ids[], size_t count,
                              bool *changed)
{
    enum status status = STATUS_OK;

    for (size_t start = 0; start < count && status == STATUS_OK;
         start += BELOW_AT_ONCE) {
        size_t some =
            count - start < BELOW_AT_ONCE ? count - start : BELOW_AT_ONCE;
        const char **parents =
            arena_array(op->arena, some + 1, sizeof *parents);

        memcpy(parents, ids + start, some * sizeof *parents);
        status = list(op, account, store, (const char *const *)parents, some,
                      changed);
    }
    return status;
}

static enum status look_at(struct op *op, struct account *account,
                           const struct index_store *store)
{
    uint64_t begun = time_monotonic_ms();
    bool changed = false;
    enum status status = list(op, account, store, NULL, 0, &changed);

    if (status == STATUS_OK && store->kind == FOLDER_PUBLIC) {
        size_t count;
        const char **opened = find_opened(op, account, store, &count);

        status = list_below(op, account, store, (const char *const *)opened,
                            count, &changed);
    }
    /* A login that fails is not the store's fault. */
    if (status != STATUS_CANCELLED && status != STATUS_AUTH_FAILED)
        note_look(account, store, begun, status);
    if (status != STATUS_OK)
        log_info(op->session,
                 "store not seen user=%s store=\"%s\" of=%s "
                 "status=%s",
                 account_user(account), names[store->kind],
                 str_printable(op->arena, store->address,
                               strlen(store->address), 200),
                 status_name(status));
    if (changed)
        mail_changed(op, account, 0);
    return status;
}

static enum status look_if_old(struct op *op, struct account *account,
                               const struct index_store *store)
{
    enum status status = STATUS_OK;

    if (is_fresh(account, store, &status))
        return status;
    if (!flight_enter(op, &account->store_look))
        return STATUS_CANCELLED;
    if (!is_fresh(account, store, &status))
        status = look_at(op, account, store);
    flight_end(&account->store_look, status);
    return status;
}

/* The number of a store that is known; 0 for another. */
static void find_store(struct op *op, struct account *account,
                       struct index_store *store)
{
    struct index_store *stores;
    size_t count;

    if (index_stores(op, account->index, &stores, &count) != STATUS_OK)
        return;
    for (size_t i = 0; i < count; i++)
        if (stores[i].kind == store->kind &&
            str_equal_nocase(stores[i].address, store->address))
            *store = stores[i];
}

/* Those that the settings name and those that clients have named. */
static void look_at_shared(struct op *op, struct account *account)
{
    char **addresses = store_addresses(op, account);
    struct index_store *stores;
    size_t count;

    for (; *addresses != NULL; addresses++) {
        struct index_store store = { .kind = FOLDER_SHARED,
                                     .address = str_lower(*addresses) };

        find_store(op, account, &store);
        look_if_old(op, account, &store);
    }
    if (index_stores(op, account->index, &stores, &count) != STATUS_OK)
        return;
    for (size_t i = 0; i < count; i++)
        if (stores[i].kind == FOLDER_SHARED && stores[i].named)
            look_if_old(op, account, &stores[i]);
}

/* It is no error of ours when there is nothing for this user. */
static enum status of_address(struct op *op, enum status status)
{
    switch (status) {
    case STATUS_AUTH_REFUSED:
    case STATUS_DENIED:
    case STATUS_NO_FOLDER:
    case STATUS_BAD_RECIPIENT:
        return op_fail(op, STATUS_NO_FOLDER, "no right to that mailbox");
    default:
        return status;
    }
}

enum status folder_look(struct op *op, struct account *account, unsigned wanted,
                        const char *address)
{
    for (enum folder_store kind = FOLDER_PUBLIC; kind < FOLDER_STORE_COUNT;
         kind++) {
        struct index_store store = { .kind = kind, .address = "" };

        if ((wanted & 1u << kind) == 0 || !folder_store_is_shown(account, kind))
            continue;
        find_store(op, account, &store);
        look_if_old(op, account, &store);
    }
    if ((wanted & 1u << FOLDER_SHARED) == 0 ||
        !folder_store_is_shown(account, FOLDER_SHARED))
        return STATUS_OK;
    if (address == NULL) {
        look_at_shared(op, account);
        return STATUS_OK;
    }
    struct index_store store = {
        .kind = FOLDER_SHARED,
        .address = str_lower(arena_strdup(op->arena, address)),
        .named = true,
    };
    find_store(op, account, &store);
    return of_address(op, look_if_old(op, account, &store));
}

enum status folder_look_below(struct op *op, struct account *account,
                              const int64_t folders[], size_t count)
{
    const char **ids = arena_array(op->arena, count + 1, sizeof *ids);
    struct index_store store = { .kind = FOLDER_PUBLIC, .address = "" };
    struct index_folder folder;
    bool changed = false;
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        if (index_folder(op, account->index, folders[i], &folder) ==
                STATUS_OK &&
            folder.more_below)
            ids[found++] = folder.remote;
    find_store(op, account, &store);
    if (found == 0)
        return STATUS_OK;
    enum status status = list_below(op, account, &store,
                                    (const char *const *)ids, found, &changed);
    if (changed)
        mail_changed(op, account, 0);
    return status;
}

enum status store_refresh(struct op *op, struct account *account,
                          const struct index_folder *folder)
{
    struct index_store *stores;
    size_t count;
    enum status status = index_stores(op, account->index, &stores, &count);

    if (folder->store == 0)
        return folder_refresh(op, account);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (stores[i].id == folder->store)
            status = look_at(op, account, &stores[i]);
    return status;
}
