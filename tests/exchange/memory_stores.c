/*
 * memory_stores.c - the in-memory door: the folders of other stores
 */
#include "tests/exchange/memory.h"

#include "proxy/base/arena.h"
#include "tests/exchange/access.h"
#include "tests/exchange/stores.h"

struct listing {
    struct arena *arena;
    struct memory_remote *remote;
    enum folder_store kind;
    struct remote_folder *folders;
    size_t count;
};

static bool has_children(const struct listing *listing,
                         const struct sim_folder *folder)
{
    const struct sim_mailbox *mailbox = folder->mailbox;

    for (size_t i = 0; i < mailbox->folder_count; i++)
        if (!mailbox->folders[i]->gone &&
            mailbox->folders[i]->parent == folder &&
            sim_refuses_folder(listing->remote->user, mailbox->folders[i],
                               WANT_SEE) == NULL)
            return true;
    return false;
}

static bool is_changeable(const struct listing *listing)
{
    return listing->kind != FOLDER_RECOVERABLE &&
           listing->kind != FOLDER_SEARCHES;
}

static void add(struct listing *listing, struct sim_folder *folder,
                const struct sim_folder *top)
{
    struct remote_folder shown =
        memory_show_folder(listing->arena, listing->remote, folder);

    if (folder->parent == top || top == NULL)
        shown.parent = NULL;
    shown.hidden =
        folder->hidden || folder->search != (listing->kind == FOLDER_SEARCHES);
    shown.syncable =
        listing->kind == FOLDER_SHARED || listing->kind == FOLDER_OLD_MAIL;
    if (!is_changeable(listing))
        shown.lacks |= ~(unsigned)FOLDER_MAY_READ;
    shown.more_below =
        listing->kind == FOLDER_PUBLIC && has_children(listing, folder);
    listing->folders[listing->count++] = shown;
}

/* What the user sees below a folder. */
static void add_below(struct listing *listing, struct sim_folder *above,
                      const struct sim_folder *top, bool deep)
{
    struct sim_mailbox *mailbox = above->mailbox;

    for (size_t i = 0; i < mailbox->folder_count; i++) {
        struct sim_folder *folder = mailbox->folders[i];

        if (folder->gone || folder->parent != above ||
            sim_refuses_folder(listing->remote->user, folder, WANT_SEE) != NULL)
            continue;
        add(listing, folder, top);
        if (deep)
            add_below(listing, folder, top, true);
    }
}

/* One call; `fill` puts into the listing what it brings. */
struct asking {
    const struct remote_store *store;
    const char *const *parents;
    size_t count;
};

typedef enum status filler(struct listing *listing,
                           const struct asking *asking);

static enum status ask(struct op *op, const char *operation, filler *fill,
                       struct listing *listing, const struct asking *asking)
{
    struct memory_call call;
    enum status status = memory_call_begin(op, &listing->remote->remote,
                                           operation, false, &call);

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    if (status == STATUS_OK)
        status = fill(listing, asking);
    return memory_end_read(&call, status);
}

static struct sim_mailbox *shared_mailbox(const struct listing *listing,
                                          const struct asking *asking)
{
    return sim_mailbox_find(listing->remote->exchange, asking->store->address);
}

static bool sees(const struct listing *listing, const struct sim_folder *folder)
{
    return folder != NULL &&
           sim_refuses_folder(listing->remote->user, folder, WANT_SEE) == NULL;
}

/* The folders with a use that may be seen; the whole mailbox's top among them
 * makes the next call worth while. */
static enum status fill_known(struct listing *listing,
                              const struct asking *asking)
{
    static const char *const uses[] = { "inbox", "drafts", "sentitems",
                                        "deleteditems", "junkemail" };
    struct sim_mailbox *mailbox = shared_mailbox(listing, asking);

    if (mailbox == NULL)
        return STATUS_AUTH_REFUSED;
    if (sees(listing, sim_folder_by_use(mailbox, "msgfolderroot")))
        return STATUS_OK;
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        struct sim_folder *folder = sim_folder_by_use(mailbox, uses[i]);

        if (sees(listing, folder))
            add(listing, folder, NULL);
    }
    return listing->count > 0 ? STATUS_OK : STATUS_NO_FOLDER;
}

static enum status fill_shared(struct listing *listing,
                               const struct asking *asking)
{
    struct sim_folder *top =
        sim_folder_by_use(shared_mailbox(listing, asking), "msgfolderroot");

    add_below(listing, top, top, true);
    return STATUS_OK;
}

static enum status fill_top(struct listing *listing,
                            const struct asking *asking)
{
    static const char *const roots[FOLDER_STORE_COUNT] = {
        [FOLDER_PUBLIC] = "publicfoldersroot",
        [FOLDER_OLD_MAIL] = "archivemsgfolderroot",
        [FOLDER_SEARCHES] = "searchfolders",
    };
    const char *code;
    struct sim_folder *top = sim_store_folder(
        listing->remote->mailbox, roots[asking->store->kind], &code);

    if (!sees(listing, top))
        return STATUS_NO_FOLDER;
    add_below(listing, top, top, asking->store->kind != FOLDER_PUBLIC);
    return STATUS_OK;
}

static enum status fill_below(struct listing *listing,
                              const struct asking *asking)
{
    for (size_t i = 0; i < asking->count; i++) {
        struct sim_folder *above =
            memory_folder(listing->remote, asking->parents[i]);

        if (above != NULL)
            add_below(listing, above, above->parent, false);
    }
    return STATUS_OK;
}

static enum status fill_recoverable(struct listing *listing,
                                    const struct asking *asking)
{
    static const char *const uses[] = { "recoverableitemsdeletions",
                                        "recoverableitemspurges",
                                        "recoverableitemsversions" };

    (void)asking;
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        struct sim_folder *folder =
            sim_folder_by_use(listing->remote->mailbox, uses[i]);

        if (folder != NULL)
            add(listing, folder, NULL);
    }
    return STATUS_OK;
}

static size_t count_folders(const struct exchange *exchange)
{
    size_t count = 1;

    for (size_t i = 0; i < exchange->mailbox_count; i++)
        count += exchange->mailboxes[i]->folder_count;
    return count;
}

enum status memory_store_folders(struct op *op, struct remote *remote,
                                 const struct remote_store *store,
                                 const char *const parents[], size_t count,
                                 struct remote_folder **folders_out,
                                 size_t *count_out)
{
    struct memory_remote *memory = (struct memory_remote *)remote;
    struct listing listing = { .arena = op->arena,
                               .remote = memory,
                               .kind = store->kind };
    struct asking asking = { store, parents, count };
    enum status status;

    exchange_lock(memory->exchange);
    size_t room = count_folders(memory->exchange);
    exchange_unlock(memory->exchange);
    listing.folders = arena_array(op->arena, room, sizeof *listing.folders);
    if (store->kind == FOLDER_RECOVERABLE) {
        status = ask(op, "GetFolder", fill_recoverable, &listing, &asking);
    } else if (store->kind == FOLDER_SHARED) {
        status = ask(op, "GetFolder", fill_known, &listing, &asking);
        if (status == STATUS_OK && listing.count == 0)
            status = ask(op, "FindFolder", fill_shared, &listing, &asking);
    } else {
        status = ask(op, "FindFolder", count > 0 ? fill_below : fill_top,
                     &listing, &asking);
    }
    *folders_out = listing.folders;
    *count_out = listing.count;
    return status;
}
