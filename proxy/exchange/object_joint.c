/*
 * object_joint.c - two folders of Exchange that are one to clients
 */
#include "proxy/exchange/object_joint.h"

#include "proxy/base/arena.h"

/* Marks of one folder have the second of its beginning as validity, which takes
 * 31 bits. */
#define OF_BOTH 0x80000000u

static bool may_join(const struct account *account)
{
    return account_settings(account)->caldav.tasks == TASKS_IN_CALENDAR;
}

/* Calendar and tasks; one that is missing: the calendar alone. */
static struct joint main_folders(struct op *op, struct account *account)
{
    struct joint joint = { .count = JOINT_MAX };

    joint.folders[0] =
        index_main_folder(op, account->index, FOLDER_CALENDAR_MAIN);
    joint.folders[1] = index_main_folder(op, account->index, FOLDER_TASKS_MAIN);
    if (joint.folders[0] == 0 || joint.folders[1] == 0)
        joint.count = 0;
    return joint;
}

struct joint joint_of(struct op *op, struct account *account, int64_t folder)
{
    const struct joint single = { { folder }, 1 };

    if (!may_join(account))
        return single;
    struct joint joint = main_folders(op, account);
    return joint.count > 0 && joint.folders[0] == folder ? joint : single;
}

struct object_marks joint_marks(const struct object_marks marks[], size_t count)
{
    struct object_marks whole = marks[0];

    for (size_t i = 1; i < count; i++) {
        /* No two folders ever have the same, and later ones have greater ones:
         * the greatest changes with any. */
        if (marks[i].validity > whole.validity && whole.validity != 0)
            whole.validity = marks[i].validity;
        if (marks[i].validity == 0)
            whole.validity = 0;
        if (marks[i].revision > whole.revision)
            whole.revision = marks[i].revision;
    }
    if (count > 1 && whole.validity != 0)
        whole.validity ^= OF_BOTH;
    return whole;
}

enum status joint_refresh(struct op *op, struct account *account,
                          const struct joint *joint)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < joint->count && status == STATUS_OK; i++) {
        struct desk desk;

        status = desk_open(op, account, joint->folders[i], &desk);
        if (status == STATUS_OK)
            status = desk_refresh(&desk);
    }
    return status;
}

enum status joint_divide(struct op *op, struct account *account,
                         const struct joint *joint, const char *const names[],
                         size_t count, size_t whose_out[])
{
    struct index_object *rows;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count; i++)
        whose_out[i] = 0;
    if (joint->count == 1)
        return STATUS_OK;
    rows = arena_array(op->arena, count + 1, sizeof *rows);
    /* The first that has one comes last. */
    for (size_t k = joint->count; k-- > 0 && status == STATUS_OK;) {
        status = index_objects_find(op, account->index, joint->folders[k],
                                    names, count, rows);
        for (size_t i = 0; i < count && status == STATUS_OK; i++)
            if (rows[i].row != 0)
                whose_out[i] = k;
    }
    return status;
}

enum status joint_find(struct op *op, struct account *account,
                       const struct joint *joint, const char *name,
                       int64_t *folder_out)
{
    size_t whose = 0;
    enum status status = joint_divide(op, account, joint, &name, 1, &whose);

    *folder_out = joint->folders[whose];
    return status;
}

int64_t joint_for(const struct joint *joint, enum object_kind kind)
{
    return joint->folders[kind == OBJECT_TASK ? joint->count - 1 : 0];
}

enum status joint_settle(struct desk *desk)
{
    struct account *account = desk->account;

    if (!may_join(account) || desk->folder.store != 0)
        return STATUS_OK;
    struct joint joint = main_folders(desk->op, account);
    if (joint.count == 0 || (desk->folder.id != joint.folders[0] &&
                             desk->folder.id != joint.folders[1]))
        return STATUS_OK;
    return index_objects_settle(desk->op, account->index, joint.folders[0],
                                joint.folders[1]);
}

/* --- Reading -------------------------------------------------------------- */

/* The names that are one folder's, and where they are among all. */
struct share {
    const char **names;
    size_t *at;
    size_t count;
    bool wanted; /* the receiver goes on */
    bool (*each)(void *context, size_t index, enum status status,
                 const struct object *object, const char *text, size_t len);
    void *context;
};

static bool take_shared(void *context, size_t index, enum status status,
                        const struct object *object, const char *text,
                        size_t len)
{
    struct share *share = context;

    share->wanted = share->each(share->context, share->at[index], status,
                                object, text, len);
    return share->wanted;
}

static enum status read_share(struct op *op, struct account *account,
                              int64_t folder, enum vcard_version version,
                              struct share *share)
{
    struct desk desk;
    enum status status = desk_open(op, account, folder, &desk);

    if (status == STATUS_OK)
        status = desk_read(&desk, share->names, share->count, version,
                           take_shared, share);
    return status;
}

enum status objects_read(
    struct op *op, struct account *account, int64_t folder,
    const char *const names[], size_t count, enum vcard_version version,
    bool (*each)(void *context, size_t index, enum status status,
                 const struct object *object, const char *text, size_t len),
    void *context)
{
    struct joint joint = joint_of(op, account, folder);
    size_t *whose = arena_array(op->arena, count + 1, sizeof *whose);
    struct share share = {
        .names = arena_array(op->arena, count + 1, sizeof(char *)),
        .at = arena_array(op->arena, count + 1, sizeof(size_t)),
        .wanted = true,
        .each = each,
        .context = context,
    };
    enum status status = joint_divide(op, account, &joint, names, count, whose);

    for (size_t k = 0; k < joint.count && status == STATUS_OK && share.wanted;
         k++) {
        share.count = 0;
        for (size_t i = 0; i < count; i++)
            if (whose[i] == k) {
                share.names[share.count] = names[i];
                share.at[share.count++] = i;
            }
        status = read_share(op, account, joint.folders[k], version, &share);
    }
    return status;
}
