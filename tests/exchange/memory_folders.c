/*
 * memory_folders.c - the in-memory door: the folder tree
 */
#include "tests/exchange/memory.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/access.h"

/* clang-format off */
static const struct {
    const char *use;
    enum folder_use meaning;
} uses[] = {
    { "inbox",        FOLDER_INBOX },
    { "drafts",       FOLDER_DRAFTS },
    { "sentitems",    FOLDER_SENT },
    { "deleteditems", FOLDER_TRASH },
    { "junkemail",    FOLDER_JUNK },
    { "outbox",       FOLDER_OUTBOX },
    { "calendar",     FOLDER_CALENDAR_MAIN },
    { "contacts",     FOLDER_CONTACTS_MAIN },
    { "tasks",        FOLDER_TASKS_MAIN },
};

static const struct {
    const char *class;
    enum folder_kind kind;
} kinds[] = {
    { "IPF.Note",        FOLDER_MAIL },
    { "IPF.Appointment", FOLDER_CALENDAR },
    { "IPF.Contact",     FOLDER_CONTACTS },
    { "IPF.Task",        FOLDER_TASKS },
};
/* clang-format on */

static enum folder_kind kind_of(const char *class)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts_nocase(class, kinds[i].class))
            return kinds[i].kind;
    return *class == '\0' ? FOLDER_MAIL : FOLDER_OTHER;
}

static const char *class_of(enum folder_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            return kinds[i].class;
    return "IPF.Note";
}

static enum folder_use use_of(const char *use)
{
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (str_equal(uses[i].use, use))
            return uses[i].meaning;
    return FOLDER_PLAIN;
}

/* As real servers tell it, by what may be done with messages. */
unsigned memory_lacks(const struct memory_remote *remote,
                      const struct sim_folder *folder)
{
    struct sim_rights rights = sim_rights_of(remote->user, folder);
    unsigned lacks = 0;

    if (rights.read != READING_FULL)
        lacks |= FOLDER_MAY_READ;
    if (rights.edit == ACTION_NONE)
        lacks |= FOLDER_MAY_MODIFY;
    if (rights.delete == ACTION_NONE)
        lacks |= FOLDER_MAY_DELETE;
    if (!(rights.bits & CAN_CREATE_ITEMS))
        lacks |= FOLDER_MAY_ADD;
    if (!(rights.bits & CAN_CREATE_FOLDERS))
        lacks |= FOLDER_MAY_ADD_FOLDERS;
    if (!(rights.bits & IS_OWNER))
        lacks |= FOLDER_MAY_ADMINISTER;
    return lacks;
}

struct remote_folder memory_show_folder(struct arena *arena,
                                        const struct memory_remote *remote,
                                        struct sim_folder *folder)
{
    return (struct remote_folder){
        .id = arena_strdup(arena, sim_folder_id(folder)),
        .parent = arena_strdup(arena, sim_folder_id(folder->parent)),
        .name = arena_strdup(arena, folder->name),
        .kind = kind_of(folder->class),
        .use = use_of(folder->use),
        .hidden = folder->hidden || folder->search,
        .syncable = !folder->search && !folder->unsyncable,
        .lacks = memory_lacks(remote, folder),
    };
}

static struct remote_folder_change show(struct arena *arena,
                                        const struct memory_remote *remote,
                                        const struct sim_folder_change *change)
{
    struct sim_folder *folder = change->folder;
    struct remote_folder_change shown = {
        .change = change->kind == CHANGE_DELETE ? REMOTE_GONE : REMOTE_PRESENT,
    };

    if (shown.change == REMOTE_GONE)
        shown.folder.id = arena_strdup(arena, sim_folder_id(folder));
    else
        shown.folder = memory_show_folder(arena, remote, folder);
    return shown;
}

/* One call; the changes and the new state are in the arena. */
static enum status sync_page(struct op *op, struct arena *arena,
                             struct remote *remote, const char *state,
                             struct remote_folder_change **changes,
                             struct sim_sync_page *page)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "SyncFolderHierarchy", false, &call);
    struct sim_mailbox *mailbox;

    if (status != STATUS_OK)
        return status;
    mailbox = call.remote->mailbox;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    if (status == STATUS_OK &&
        !sim_tree_sync(arena, sim_folder_by_use(mailbox, "msgfolderroot"),
                       state, MEMORY_PAGE, page))
        status = STATUS_STALE;
    if (status == STATUS_OK) {
        *changes = arena_array(arena, page->count + 1, sizeof **changes);
        for (size_t i = 0; i < page->count; i++)
            (*changes)[i] = show(arena, call.remote, &page->folders[i]);
    }
    exchange_unlock(call.remote->exchange);
    if (status != STATUS_OK)
        op_fail(op, status, "the folder tree is not told");
    if (memory_call_end(&call) != STATUS_OK && status == STATUS_OK)
        status = STATUS_UNAVAILABLE;
    return status;
}

enum status memory_folders_sync(
    struct op *op, struct remote *remote, const char *state,
    bool (*page)(void *context, const struct remote_folder_change *changes,
                 size_t count, const char *state, bool last),
    void *context)
{
    enum status status;
    bool last = false;

    do {
        struct sim_sync_page found;
        struct remote_folder_change *changes = NULL;

        status = sync_page(op, op->arena, remote, state, &changes, &found);
        if (status != STATUS_OK)
            return status;
        if (!page(context, changes, found.count, found.state, found.last))
            return op_fail(op, STATUS_CANCELLED, "the caller has enough");
        state = found.state;
        last = found.last;
    } while (!last);
    return STATUS_OK;
}

/* --- Changing ------------------------------------------------------------ */

/* Ends a call about one folder: what it did, unless the answer is lost. */
static enum status end_one(struct memory_call *call, enum status status)
{
    enum status answer;

    exchange_unlock(call->remote->exchange);
    if (status != STATUS_OK)
        op_fail(call->op, status, "the folder is not changed");
    answer = memory_call_end(call);
    return answer != STATUS_OK ? answer : status;
}

static struct sim_folder *top_of(struct memory_remote *remote)
{
    return sim_folder_by_use(remote->mailbox, "msgfolderroot");
}

enum status memory_folder_create(struct op *op, struct remote *remote,
                                 const char *parent, enum folder_kind kind,
                                 const char *name, const char **id_out)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "CreateFolder", true, &call);
    struct sim_folder *above;

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    above = parent == NULL ? top_of(call.remote)
                           : memory_folder(call.remote, parent);
    if (status == STATUS_OK && above == NULL)
        status = STATUS_NO_FOLDER;
    if (status == STATUS_OK && sim_folder_child(above, name) != NULL)
        status = STATUS_EXISTS;
    if (status == STATUS_OK)
        *id_out = arena_strdup(
            op->arena,
            sim_folder_id(sim_folder_add(above, name, class_of(kind), NULL)));
    return end_one(&call, status);
}

static enum status move_folder(struct op *op, struct remote *remote,
                               const char *id, const char *parent)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "MoveFolder", true, &call);
    struct sim_folder *folder;
    struct sim_folder *above;
    struct sim_folder *same;

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    folder = memory_folder(call.remote, id);
    above = *parent == '\0' ? top_of(call.remote)
                            : memory_folder(call.remote, parent);
    if (status == STATUS_OK && (folder == NULL || above == NULL))
        status = STATUS_NO_FOLDER;
    if (status == STATUS_OK &&
        (folder->use != NULL || sim_folder_is_within(above, folder)))
        status = STATUS_CANNOT;
    same = status == STATUS_OK ? sim_folder_child(above, folder->name) : NULL;
    if (same != NULL && same != folder)
        status = STATUS_EXISTS;
    if (status == STATUS_OK)
        sim_folder_set_parent(folder, above);
    return end_one(&call, status);
}

static enum status rename_folder(struct op *op, struct remote *remote,
                                 const char *id, const char *name)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "UpdateFolder", true, &call);
    struct sim_folder *folder;
    struct sim_folder *same;

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    folder = memory_folder(call.remote, id);
    if (status == STATUS_OK && folder == NULL)
        status = STATUS_NO_FOLDER;
    if (status == STATUS_OK && folder->use != NULL)
        status = STATUS_CANNOT;
    same = status == STATUS_OK ? sim_folder_child(folder->parent, name) : NULL;
    if (same != NULL && same != folder)
        status = STATUS_EXISTS;
    if (status == STATUS_OK)
        sim_folder_set_name(folder, name);
    return end_one(&call, status);
}

enum status memory_folder_update(struct op *op, struct remote *remote,
                                 const char *id, const char *name,
                                 const char *parent)
{
    enum status status = STATUS_OK;

    if (parent != NULL)
        status = move_folder(op, remote, id, parent);
    if (status == STATUS_OK && name != NULL)
        status = rename_folder(op, remote, id, name);
    return status;
}

/* Puts a folder into the deleted ones, under a name that is free there. */
static void move_to_trash(struct arena *arena, struct sim_folder *folder)
{
    struct sim_folder *trash =
        sim_folder_by_use(folder->mailbox, "deleteditems");
    const char *name = folder->name;

    for (unsigned n = 1; sim_folder_child(trash, name) != NULL; n++)
        name = arena_printf(arena, "%s%u", folder->name, n);
    if (!str_equal(name, folder->name))
        sim_folder_set_name(folder, name);
    sim_folder_set_parent(folder, trash);
}

enum status memory_folder_delete(struct op *op, struct remote *remote,
                                 const char *id, enum remote_delete how)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "DeleteFolder", true, &call);
    struct sim_folder *folder;

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    folder = memory_folder(call.remote, id);
    if (status == STATUS_OK && folder == NULL)
        status = STATUS_NO_FOLDER;
    if (status == STATUS_OK && folder->use != NULL)
        status = STATUS_CANNOT;
    if (status == STATUS_OK && how == REMOTE_DELETE_TO_TRASH)
        move_to_trash(op->arena, folder);
    else if (status == STATUS_OK)
        sim_folder_remove(folder);
    return end_one(&call, status);
}

/* --- Stamps -------------------------------------------------------------- */

static struct remote_stamp stamp_of(struct memory_call *call, size_t nth,
                                    const char *id)
{
    struct sim_folder *folder = memory_folder(call->remote, id);
    enum status status = memory_call_item(call, nth);

    if (status == STATUS_OK && folder == NULL)
        status = STATUS_NO_FOLDER;
    if (status != STATUS_OK)
        return (struct remote_stamp){ .status = status };
    return (struct remote_stamp){
        .committed = folder->search ? TIME_NONE : folder->committed,
        .deleted = folder->deleted_total,
        .total = (uint32_t)folder->count,
        .unread = (uint32_t)folder->unread,
        .taken = time_now(),
    };
}

enum status memory_folder_stamps(struct op *op, struct remote *remote,
                                 const char *const ids[], size_t count,
                                 struct remote_stamp stamps_out[])
{
    enum status status = STATUS_OK;

    for (size_t start = 0; start < count; start += MEMORY_BATCH) {
        size_t end =
            count - start > MEMORY_BATCH ? start + MEMORY_BATCH : count;
        struct memory_call call;

        if (status == STATUS_OK)
            status = memory_call_begin(op, remote, "GetFolder", false, &call);
        if (status == STATUS_OK) {
            exchange_lock(call.remote->exchange);
            for (size_t i = start; i < end; i++)
                stamps_out[i] = stamp_of(&call, i - start, ids[i]);
            exchange_unlock(call.remote->exchange);
            status = memory_call_end(&call);
        }
        for (size_t i = start; i < end && status != STATUS_OK; i++)
            stamps_out[i] = (struct remote_stamp){ .status = status };
    }
    return status;
}
