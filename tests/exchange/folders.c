/*
 * folders.c - the folder tree of a mailbox
 */
#include "tests/exchange/model.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/access.h"
#include "tests/exchange/events.h"
#include "tests/exchange/stores.h"

/* Names of what every mailbox has, by language; parents come first. */
struct default_folder {
    const char *use;        /* distinguished id; NULL: it has none */
    const char *parent;
    const char *english;
    const char *german;
    const char *class;
    bool hidden;
    bool search;
    enum exchange_version since;
};

/* clang-format off */
static const struct default_folder defaults[] = {
    { "msgfolderroot", "root", "Top of Information Store", "Oberste Ebene des Informationsspeichers", "", false, false, 0 },
    { "searchfolders", "root", "Finder", "Finder", "", false, false, 0 },
    { "recoverableitemsroot", "root", "Recoverable Items", "Recoverable Items", "", false, false, EXCHANGE_2010_SP1 },
    { "recoverableitemsdeletions", "recoverableitemsroot", "Deletions", "Deletions", "", false, false, EXCHANGE_2010_SP1 },
    { "recoverableitemspurges", "recoverableitemsroot", "Purges", "Purges", "", false, false, EXCHANGE_2010_SP1 },
    { "recoverableitemsversions", "recoverableitemsroot", "Versions", "Versions", "", false, false, EXCHANGE_2010_SP1 },
    { "allitems", "root", "AllItems", "AllItems", "IPF", false, true, EXCHANGE_2013_SP1 },
    { "calendar", "msgfolderroot", "Calendar", "Kalender", "IPF.Appointment", false, false, 0 },
    { "contacts", "msgfolderroot", "Contacts", "Kontakte", "IPF.Contact", false, false, 0 },
    { NULL, "msgfolderroot", "Conversation Action Settings", "Einstellungen f\303\274r Unterhaltungsaktionen", "IPF.Configuration", true, false, EXCHANGE_2010_SP1 },
    { "deleteditems", "msgfolderroot", "Deleted Items", "Gel\303\266schte Elemente", "IPF.Note", false, false, 0 },
    { "drafts", "msgfolderroot", "Drafts", "Entw\303\274rfe", "IPF.Note", false, false, 0 },
    { "inbox", "msgfolderroot", "Inbox", "Posteingang", "IPF.Note", false, false, 0 },
    { "journal", "msgfolderroot", "Journal", "Journal", "IPF.Journal", false, false, 0 },
    { "junkemail", "msgfolderroot", "Junk Email", "Junk-E-Mail", "IPF.Note", false, false, 0 },
    { "notes", "msgfolderroot", "Notes", "Notizen", "IPF.StickyNote", false, false, 0 },
    { "outbox", "msgfolderroot", "Outbox", "Postausgang", "IPF.Note", false, false, 0 },
    { "sentitems", "msgfolderroot", "Sent Items", "Gesendete Elemente", "IPF.Note", false, false, 0 },
    { "tasks", "msgfolderroot", "Tasks", "Aufgaben", "IPF.Task", false, false, 0 },
    { NULL, "searchfolders", "Unread Mail", "Ungelesene Nachrichten", "IPF.Note", false, true, 0 },
};
/* clang-format on */

static void tick_changed(struct sim_folder *folder)
{
    folder->changed_tick = ++folder->mailbox->tick;
    folder->modified = time_now();
}

static struct sim_folder *new_folder(struct sim_mailbox *mailbox,
                                     struct sim_folder *parent,
                                     const char *name, const char *class,
                                     const char *use)
{
    struct sim_folder *folder = memory_new(sizeof *folder);

    mailbox->folders =
        memory_resize(mailbox->folders,
                      (mailbox->folder_count + 1) * sizeof *mailbox->folders);
    folder->mailbox = mailbox;
    folder->parent = parent;
    folder->serial = mailbox->folder_count;
    folder->use = use;
    folder->name = memory_strdup(name);
    folder->class = memory_strdup(class);
    folder->next_article = 1;
    folder->created = time_now();
    folder->committed = folder->created;
    tick_changed(folder);
    folder->created_tick = folder->changed_tick;
    sim_permit_nobody(folder);
    mailbox->folders[mailbox->folder_count++] = folder;
    return folder;
}

/* What an archive has. */
static const struct default_folder archives[] = {
    { "archivemsgfolderroot", "archiveroot", "Top of Information Store", "Oberste Ebene des Informationsspeichers", "", false, false, 0 },
    { "archivedeleteditems", "archivemsgfolderroot", "Deleted Items", "Gel\303\266schte Elemente", "IPF.Note", false, false, 0 },
    { "archiveinbox", "archivemsgfolderroot", "Inbox", "Posteingang", "IPF.Note", false, false, EXCHANGE_2013_SP1 },
    { "archiverecoverableitemsroot", "archiveroot", "Recoverable Items", "Recoverable Items", "", false, false, 0 },
    { "archiverecoverableitemsdeletions", "archiverecoverableitemsroot", "Deletions", "Deletions", "", false, false, 0 },
    { "archiverecoverableitemspurges", "archiverecoverableitemsroot", "Purges", "Purges", "", false, false, 0 },
    { "archiverecoverableitemsversions", "archiverecoverableitemsroot", "Versions", "Versions", "", false, false, 0 },
};
/* clang-format on */

struct sim_folder *sim_mailbox_add_root(struct sim_mailbox *mailbox,
                                        const char *use)
{
    return new_folder(mailbox, NULL, "", "", use);
}

static void add_folders(struct sim_mailbox *mailbox,
                        const struct default_folder *entries, size_t count)
{
    bool german = str_equal_nocase(mailbox->language, "de");

    for (size_t i = 0; i < count; i++) {
        const struct default_folder *entry = &entries[i];
        struct sim_folder *folder;

        if (mailbox->exchange->version < entry->since)
            continue;
        folder = new_folder(mailbox, sim_folder_by_use(mailbox, entry->parent),
                            german ? entry->german : entry->english,
                            entry->class, entry->use);
        folder->hidden = entry->hidden;
        folder->search = entry->search;
        /* Everybody may know when somebody is busy. */
        if (str_equal(entry->use, "calendar"))
            sim_permit(folder, WHO_DEFAULT,
                       &sim_level("FreeBusyTimeOnly")->rights);
    }
}

void sim_mailbox_add_default_folders(struct sim_mailbox *mailbox)
{
    sim_mailbox_add_root(mailbox, "root");
    add_folders(mailbox, defaults, sizeof defaults / sizeof *defaults);
}

void sim_mailbox_add_archive_folders(struct sim_mailbox *mailbox)
{
    sim_mailbox_add_root(mailbox, "archiveroot");
    add_folders(mailbox, archives, sizeof archives / sizeof *archives);
}

/* An archive's folders are found without their "archive", too. */
static bool has_use(const struct sim_folder *folder, const char *use)
{
    static const char archive[] = "archive";

    return !folder->gone && folder->use != NULL &&
           (str_equal(folder->use, use) ||
            (folder->mailbox->archive_of != NULL &&
             str_equal(folder->use + sizeof archive - 1, use)));
}

struct sim_folder *sim_folder_by_use(struct sim_mailbox *mailbox,
                                     const char *use)
{
    for (size_t i = 0; i < mailbox->folder_count; i++)
        if (has_use(mailbox->folders[i], use))
            return mailbox->folders[i];
    return NULL;
}

struct sim_folder *sim_folder_new(struct sim_folder *parent, const char *name,
                                  const char *class, const char *use)
{
    return new_folder(parent->mailbox, parent, name, class, use);
}

struct sim_folder *sim_folder_add(struct sim_folder *parent, const char *name,
                                  const char *class, const char *use)
{
    struct sim_folder *folder =
        new_folder(parent->mailbox, parent, name, class, use);

    /* A new folder takes over who may do what. */
    sim_permit_as(folder, parent);
    sim_event_folder(folder, EVENT_CREATED, NULL);
    return folder;
}

struct sim_folder *sim_folder_child(const struct sim_folder *parent,
                                    const char *name)
{
    const struct sim_mailbox *mailbox = parent->mailbox;

    for (size_t i = 0; i < mailbox->folder_count; i++)
        if (!mailbox->folders[i]->gone &&
            mailbox->folders[i]->parent == parent &&
            str_equal_nocase(mailbox->folders[i]->name, name))
            return mailbox->folders[i];
    return NULL;
}

bool sim_folder_is_within(const struct sim_folder *folder,
                          const struct sim_folder *ancestor)
{
    while (folder != NULL && folder != ancestor)
        folder = folder->parent;
    return folder != NULL;
}

void sim_folder_set_name(struct sim_folder *folder, const char *name)
{
    free(folder->name);
    folder->name = memory_strdup(name);
    sim_folder_touch(folder);
}

void sim_folder_set_parent(struct sim_folder *folder, struct sim_folder *parent)
{
    struct sim_folder *before = folder->parent;

    folder->parent = parent;
    tick_changed(folder);
    sim_event_folder(folder, EVENT_MOVED, before);
}

void sim_folder_touch(struct sim_folder *folder)
{
    tick_changed(folder);
    sim_event_folder(folder, EVENT_MODIFIED, NULL);
}

void sim_folder_remove(struct sim_folder *folder)
{
    struct sim_mailbox *mailbox = folder->mailbox;

    for (size_t i = 0; i < mailbox->folder_count; i++)
        if (!mailbox->folders[i]->gone && mailbox->folders[i]->parent == folder)
            sim_folder_remove(mailbox->folders[i]);
    while (folder->count > 0)
        sim_item_remove(folder->items[folder->count - 1]);
    folder->gone = true;
    folder->gone_tick = ++mailbox->tick;
    sim_event_folder(folder, EVENT_DELETED, NULL);
}

struct sim_folder *sim_folder_copy(struct sim_folder *folder,
                                   struct sim_folder *parent)
{
    struct sim_mailbox *mailbox = folder->mailbox;
    size_t before = mailbox->folder_count;
    struct sim_folder *copy =
        new_folder(parent->mailbox, parent, folder->name, folder->class, NULL);
    size_t items = folder->count;

    sim_event_folder(copy, EVENT_COPIED, folder);
    bag_copy(&copy->bag, &folder->bag);
    for (size_t i = 0; i < items; i++)
        sim_item_copy(folder->items[i], copy);
    for (size_t i = 0; i < before; i++)
        if (!mailbox->folders[i]->gone && mailbox->folders[i]->parent == folder)
            sim_folder_copy(mailbox->folders[i], copy);
    return copy;
}

/* Takes one name off a path; "\/" is a slash in it. */
static char *take_name(struct arena *arena, const char **path)
{
    struct buf name;
    const char *at = *path;

    buf_init(&name, arena);
    for (; *at != '\0' && *at != '/'; at++) {
        if (at[0] == '\\' && at[1] == '/')
            at++;
        buf_putc(&name, *at);
    }
    *path = *at == '/' ? at + 1 : at;
    return name.len == 0 ? arena_strdup(arena, "") : name.data;
}

/* Finds the folder of a path, making what is missing if `make`. */
static struct sim_folder *walk(struct sim_mailbox *mailbox, const char *path,
                               bool make)
{
    struct sim_folder *folder = sim_top(mailbox);
    struct arena *arena = arena_new();

    while (folder != NULL && *path != '\0') {
        char *name = take_name(arena, &path);
        struct sim_folder *child = sim_folder_child(folder, name);

        if (child == NULL && make)
            child = sim_folder_add(folder, name, "IPF.Note", NULL);
        folder = child;
    }
    arena_free(&arena);
    return folder;
}

struct sim_folder *sim_folder_make(struct sim_mailbox *mailbox,
                                   const char *path)
{
    return walk(mailbox, path, true);
}

struct sim_folder *sim_folder_by_path(struct sim_mailbox *mailbox,
                                      const char *path)
{
    struct sim_folder *folder;

    if (path == NULL || str_equal_nocase(path, "INBOX"))
        return sim_folder_by_use(mailbox, "inbox");
    folder = walk(mailbox, path, false);
    return folder != NULL ? folder : sim_folder_by_use(mailbox, path);
}

void exchange_add_folder(struct exchange *exchange, const char *user,
                         const char *path)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_store_find(exchange, user);
    if (mailbox != NULL)
        sim_folder_make(mailbox, path);
    exchange_unlock(exchange);
}

struct sim_item *sim_folder_nth(const struct sim_folder *folder, size_t nth)
{
    return nth < folder->count ? folder->items[nth] : NULL;
}
