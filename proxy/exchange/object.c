/*
 * object.c - folders of objects, and bringing them up to date
 */
#include "proxy/exchange/object.h"

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/exchange/object_joint.h"
#include "proxy/exchange/object_private.h"
#include "proxy/exchange/watcher.h"

#define STALE_MAX 2

/* --- The desk ------------------------------------------------------------- */

enum object_kind object_kind_of(const struct index_folder *folder)
{
    return folder->kind == FOLDER_CONTACTS ? OBJECT_CONTACT
           : folder->kind == FOLDER_TASKS  ? OBJECT_TASK
                                           : OBJECT_EVENT;
}

static bool holds_objects(const struct index_folder *folder)
{
    return folder->kind == FOLDER_CALENDAR || folder->kind == FOLDER_CONTACTS ||
           folder->kind == FOLDER_TASKS;
}

enum status desk_open(struct op *op, struct account *account, int64_t folder,
                      struct desk *desk_out)
{
    *desk_out = (struct desk){ .op = op, .account = account };
    enum status status =
        index_folder(op, account->index, folder, &desk_out->folder);

    if (status != STATUS_OK)
        return status;
    if (!holds_objects(&desk_out->folder))
        return op_fail(op, STATUS_CANNOT, "the folder holds no objects");
    status =
        account_remote_of(op, account, &desk_out->folder, &desk_out->remote);
    if (status != STATUS_OK)
        return status;
    desk_out->objects = desk_out->remote->backend->objects;
    desk_out->source = source_of(&desk_out->folder);
    if (desk_out->objects == NULL)
        return op_fail(op, STATUS_UNSUPPORTED, "this server has no objects");
    return STATUS_OK;
}

bool desk_is_foreign(const struct desk *desk)
{
    return desk->folder.store > 0 || desk->account->mailbox != NULL;
}

/* In a mailbox of somebody else it is he who is invited and who invites. */
static const char *owner_of(const struct desk *desk)
{
    struct index_store *stores = NULL;
    size_t count = 0;

    if (desk->folder.store <= 0 || index_stores(desk->op, desk->account->index,
                                                &stores, &count) != STATUS_OK)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (stores[i].id == desk->folder.store &&
            stores[i].kind == FOLDER_SHARED)
            return stores[i].address;
    return NULL;
}

void desk_know_owner(struct desk *desk)
{
    if (desk->zone != NULL)
        return;
    const char *owner = owner_of(desk);

    desk->zone = schedule_zone(desk->op, desk->account);
    if (owner != NULL)
        desk->self = schedule_addresses_of(desk->op, desk->account, owner);
    else if (schedule_addresses(desk->op, desk->account, &desk->self) !=
             STATUS_OK)
        desk->self = arena_array(desk->op->arena, 1, sizeof *desk->self);
}

static struct place *place_at(const struct desk *desk)
{
    return place_of(desk->account, desk->folder.id);
}

bool desk_enter(struct desk *desk)
{
    return flight_enter(desk->op, &place_at(desk)->turn);
}

void desk_leave(struct desk *desk)
{
    flight_end(&place_at(desk)->turn, STATUS_OK);
}

/* In the order of their numbers, so that nobody waits for another in a ring. */
bool desk_enter_both(struct desk *a, struct desk *b)
{
    if (b == NULL || a->folder.id == b->folder.id)
        return desk_enter(a);
    struct desk *first = a->folder.id < b->folder.id ? a : b;
    struct desk *second = first == a ? b : a;

    if (!desk_enter(first))
        return false;
    if (desk_enter(second))
        return true;
    desk_leave(first);
    return false;
}

void desk_leave_both(struct desk *a, struct desk *b)
{
    desk_leave(a);
    if (b != NULL && a->folder.id != b->folder.id)
        desk_leave(b);
}

/* --- Bringing up to date -------------------------------------------------- */

struct run {
    struct desk *desk;
    struct op page_op; /* with an arena for one page */
    enum status status;
    bool changed;
};

static bool take_page(void *context, const struct remote_object_page *page)
{
    struct run *run = context;
    struct desk *desk = run->desk;

    run->status = index_objects_page(&run->page_op, desk->account->index,
                                     desk->folder.id, page, &run->changed);
    if (run->status != STATUS_OK && run->page_op.reason != NULL)
        op_fail(desk->op, run->status, "%s", run->page_op.reason);
    arena_reset(run->page_op.arena);
    run->page_op.reason = NULL;
    if (desk->op->progress != NULL)
        desk->op->progress(desk->op);
    return run->status == STATUS_OK;
}

static enum status list_pages(struct run *run)
{
    struct desk *desk = run->desk;

    return desk->source != NULL
               ? desk->source->list(desk, take_page, run)
               : desk->objects->list(desk->op, desk->remote,
                                     desk->folder.remote, take_page, run);
}

static enum status read_pages(struct run *run)
{
    struct desk *desk = run->desk;
    enum status status = index_folder(desk->op, desk->account->index,
                                      desk->folder.id, &desk->folder);

    if (status != STATUS_OK)
        return status;
    run->status = STATUS_OK;
    if (desk->folder.syncable)
        status =
            desk->objects->sync(desk->op, desk->remote, desk->folder.remote,
                                desk->folder.sync_state, take_page, run);
    else
        status = STATUS_UNSUPPORTED;
    if (status == STATUS_UNSUPPORTED) {
        status = index_objects_restart(desk->op, desk->account->index,
                                       desk->folder.id);
        if (status == STATUS_OK)
            status = list_pages(run);
    }
    account_told(desk->account, status);
    return run->status != STATUS_OK ? run->status : status;
}

static enum status run_sync(struct run *run)
{
    struct desk *desk = run->desk;
    enum status status = read_pages(run);

    for (int stale = 0; status == STATUS_STALE && stale < STALE_MAX; stale++) {
        log_info(desk->op->session,
                 "sync state expired, folder read anew user=%s folder=%lld",
                 account_user(desk->account), (long long)desk->folder.id);
        status = index_objects_restart(desk->op, desk->account->index,
                                       desk->folder.id);
        if (status == STATUS_OK)
            status = read_pages(run);
    }
    return status;
}

enum status desk_sync(struct desk *desk)
{
    struct run run = { .desk = desk, .page_op = *desk->op };
    struct asked begun = asked_now(desk->account);

    run.page_op.arena = arena_new();
    enum status status = run_sync(&run);
    arena_free(&run.page_op.arena);
    if (run.changed)
        arrived_touch(desk);
    if (desk->source == NULL &&
        (status == STATUS_NOT_FOUND || status == STATUS_NO_FOLDER)) {
        status = op_fail(desk->op, STATUS_NO_FOLDER, "the folder is gone");
        atomic_store(&desk->account->tree_looked_ms, 0);
        if (desk->folder.store > 0)
            stores_look_again(desk->account);
    }
    if (status == STATUS_OK)
        status = joint_settle(desk);
    if (status == STATUS_OK)
        place_looked(place_at(desk), begun);
    return status;
}

/* Programs that keep calendars look every few minutes: for those Exchange tells
 * of news, so that most looks need not ask for them. */
void desk_have_told(struct desk *desk, int64_t folder)
{
    uint64_t linger_ms =
        1000u * (uint64_t)account_settings(desk->account)->exchange.push_linger;

    if (desk->folder.complete && place_is_looked_at(place_at(desk), linger_ms))
        watcher_look(desk->account, folder);
}

static bool is_current(struct desk *desk)
{
    if (desk->source != NULL)
        return desk->source->is_current(desk);
    if (is_told_of(&desk->folder))
        desk_have_told(desk, desk->folder.id);
    return place_is_current(desk->op, desk->account, desk->folder.id);
}

enum status desk_refresh(struct desk *desk)
{
    struct place *place = place_at(desk);
    enum status status;

    if (is_current(desk))
        return STATUS_OK;
    if (!flight_begin(desk->op, &place->sync, &status)) {
        if (status != STATUS_OK && status != STATUS_CANCELLED)
            op_fail(desk->op, status,
                    "as another session's look at the same time");
        return status;
    }
    status = STATUS_CANCELLED;
    if (desk_enter(desk)) {
        status = desk_sync(desk);
        desk_leave(desk);
    }
    flight_end(&place->sync, status);
    return status;
}
