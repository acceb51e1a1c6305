/*
 * stores.c - what lies beside the folders of a mailbox: its archive, the public
 * folders, deleted items that can be recovered, and folders of searches
 */
#include "tests/exchange/stores.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/access.h"
#include "tests/exchange/publics.h"
#include "tests/exchange/searches.h"

/* --- Finding ------------------------------------------------------------- */

bool sim_is_public(const struct sim_mailbox *mailbox)
{
    return mailbox->exchange->public_folders == mailbox;
}

bool sim_is_user(const struct sim_mailbox *mailbox)
{
    return mailbox->archive_of == NULL && !sim_is_public(mailbox);
}

struct sim_mailbox *sim_store_find(struct exchange *exchange, const char *name)
{
    static const char suffix[] = "/archive";
    size_t len = strlen(name);
    struct sim_mailbox *owner = NULL;
    char *address;

    if (str_equal(name, EXCHANGE_PUBLIC))
        return exchange->public_folders;
    if (!str_ends_nocase(name, suffix))
        return sim_mailbox_find(exchange, name);
    address = memory_strdup(name);
    address[len - (sizeof suffix - 1)] = '\0';
    owner = sim_mailbox_find(exchange, address);
    free(address);
    return owner == NULL ? NULL : owner->archive;
}

/* "archive" alone is a folder of the mailbox itself. */
struct sim_folder *sim_store_folder(struct sim_mailbox *owner, const char *use,
                                    const char **code_out)
{
    struct sim_mailbox *mailbox = owner;
    struct sim_folder *folder;

    *code_out = "ErrorFolderNotFound";
    if (str_equal(use, "publicfoldersroot")) {
        mailbox = owner->exchange->public_folders;
        *code_out = "ErrorNoPublicFolderReplicaAvailable";
    } else if (str_starts(use, "archive") && !str_equal(use, "archive")) {
        mailbox = owner->archive;
    }
    folder = mailbox == NULL ? NULL : sim_folder_by_use(mailbox, use);
    if (folder != NULL)
        *code_out = NULL;
    return folder;
}

struct sim_folder *sim_top(struct sim_mailbox *mailbox)
{
    return sim_folder_by_use(mailbox, sim_is_public(mailbox)
                                          ? "publicfoldersroot"
                                          : "msgfolderroot");
}

/* --- Making -------------------------------------------------------------- */

void exchange_add_archive(struct exchange *exchange, const char *user)
{
    struct sim_mailbox *owner;

    exchange_lock(exchange);
    owner = sim_mailbox_find(exchange, user);
    if (owner != NULL && owner->archive == NULL &&
        exchange->version >= EXCHANGE_2010_SP1) {
        owner->archive =
            sim_mailbox_new(exchange, owner->address, owner->display_name, NULL,
                            owner->language);
        owner->archive->archive_of = owner;
        sim_mailbox_add_archive_folders(owner->archive);
    }
    exchange_unlock(exchange);
}

/* Everybody sees the tree, and writes into the folders. */
static void add_public_root(struct exchange *exchange)
{
    struct sim_folder *root;

    exchange->public_folders =
        sim_mailbox_new(exchange, "", "Public Folders", NULL, "en");
    root = sim_mailbox_add_root(exchange->public_folders, "publicfoldersroot");
    sim_permit(root, WHO_DEFAULT, &sim_level("Reviewer")->rights);
    sim_publics_begin(exchange);
}

void exchange_add_public_folder(struct exchange *exchange, const char *path)
{
    struct sim_folder *folder;

    exchange_lock(exchange);
    if (exchange->public_folders == NULL)
        add_public_root(exchange);
    folder = sim_folder_make(exchange->public_folders, path);
    sim_permit(folder, WHO_DEFAULT, &sim_level("Author")->rights);
    exchange_unlock(exchange);
}

/* --- Read or not --------------------------------------------------------- */

static size_t reader_index(const struct sim_item *item, unsigned number)
{
    size_t i = 0;

    while (i < item->reader_count && item->readers[i] != number)
        i++;
    return i;
}

uint32_t sim_item_flags(const struct sim_item *item)
{
    const struct exchange *exchange = item->folder->mailbox->exchange;
    bool read;

    if (!sim_is_public(item->folder->mailbox) || exchange->caller == NULL)
        return item->flags;
    read = reader_index(item, exchange->caller->number) < item->reader_count;
    return (item->flags & ~FLAG_READ) | (read ? FLAG_READ : 0);
}

void sim_item_set_read_by_caller(struct sim_item *item, bool read)
{
    const struct sim_mailbox *caller = item->folder->mailbox->exchange->caller;
    size_t index = caller == NULL ? 0 : reader_index(item, caller->number);

    if (caller == NULL || read == (index < item->reader_count))
        return;
    if (!read) {
        item->readers[index] = item->readers[--item->reader_count];
        return;
    }
    item->readers =
        memory_resize(item->readers, (index + 1) * sizeof *item->readers);
    item->readers[item->reader_count++] = caller->number;
}

/* --- Searches ------------------------------------------------------------ */

/* All items below the top, those of them that are unread, or what somebody
 * looks for. */
static bool is_found(const struct sim_folder *folder, struct sim_item *item)
{
    if (item != NULL && folder->criteria != NULL)
        return sim_search_finds(folder->criteria, item);
    return item != NULL &&
           sim_folder_is_within(item->folder, sim_top(folder->mailbox)) &&
           (str_equal(folder->use, "allitems") || !(item->flags & FLAG_READ));
}

size_t sim_folder_unread(const struct sim_folder *folder)
{
    size_t unread = 0;

    if (!sim_is_public(folder->mailbox) && !folder->search)
        return folder->unread;
    for (size_t i = 0; i < folder->count; i++)
        unread += !(sim_item_flags(folder->items[i]) & FLAG_READ);
    for (size_t i = 0; folder->search && i < folder->mailbox->item_count; i++)
        unread += is_found(folder, folder->mailbox->items[i]) &&
                  !(sim_item_flags(folder->mailbox->items[i]) & FLAG_READ);
    return unread;
}

size_t sim_folder_total(const struct sim_folder *folder)
{
    const struct sim_mailbox *mailbox = folder->mailbox;
    size_t count = 0;

    if (!folder->search)
        return folder->count;
    for (size_t i = 0; i < mailbox->item_count; i++)
        count += is_found(folder, mailbox->items[i]);
    return count;
}

struct sim_item **sim_folder_items(struct arena *arena,
                                   const struct sim_folder *folder,
                                   size_t *count_out)
{
    const struct sim_mailbox *mailbox = folder->mailbox;
    struct sim_item **items =
        arena_array(arena, sim_folder_total(folder) + 1, sizeof *items);
    size_t count = 0;

    for (size_t i = 0; !folder->search && i < folder->count; i++)
        items[count++] = folder->items[i];
    for (size_t i = 0; folder->search && i < mailbox->item_count; i++)
        if (is_found(folder, mailbox->items[i]))
            items[count++] = mailbox->items[i];
    *count_out = count;
    return items;
}

/* --- Deleted softly ------------------------------------------------------ */

/* A folder that is in no list: only its items can be reached. */
struct sim_folder *sim_dumpster(struct sim_folder *folder, bool make)
{
    struct sim_mailbox *mailbox = folder->mailbox;
    struct sim_folder *found;

    for (size_t i = 0; i < mailbox->folder_count; i++)
        if (mailbox->folders[i]->parent == folder &&
            str_equal(mailbox->folders[i]->use, "dumpster"))
            return mailbox->folders[i];
    if (!make)
        return NULL;
    found = sim_folder_new(folder, "", "", "dumpster");
    sim_permit_as(found, folder);
    found->gone = true;
    return found;
}
