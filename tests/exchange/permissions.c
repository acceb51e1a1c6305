/*
 * permissions.c - who may do what, in answers and requests
 */
#include "tests/exchange/permissions.h"

#include "proxy/base/str.h"
#include "tests/exchange/show.h"

/* clang-format off */
static const struct {
    const char *element;
    unsigned bit;
} bits[RIGHT_COUNT] = {
    { "CanCreateItems",      CAN_CREATE_ITEMS },
    { "CanCreateSubFolders", CAN_CREATE_FOLDERS },
    { "IsFolderOwner",       IS_OWNER },
    { "IsFolderVisible",     IS_VISIBLE },
    { "IsFolderContact",     IS_CONTACT },
};

static const char *const actions[] = {
    [ACTION_NONE] = "None", [ACTION_OWNED] = "Owned", [ACTION_ALL] = "All",
};

static const char *const readings[] = {
    [READING_NONE]    = "None",
    [READING_TIME]    = "TimeOnly",
    [READING_SUBJECT] = "TimeAndSubjectAndLocation",
    [READING_FULL]    = "FullDetails",
};
/* clang-format on */

/* --- Effective rights ---------------------------------------------------- */

static void put_truth(struct call *call, const char *name, bool is)
{
    put_element(&call->out, arena_printf(call->arena, "t:%s", name),
                is ? "true" : "false");
}

struct effective {
    bool associated, contents, hierarchy, delete, modify, read;
};

static void put_effective(struct call *call, const struct effective *rights,
                          bool owner)
{
    buf_puts(&call->out, "<t:EffectiveRights>");
    put_truth(call, "CreateAssociated", rights->associated);
    put_truth(call, "CreateContents", rights->contents);
    put_truth(call, "CreateHierarchy", rights->hierarchy);
    put_truth(call, "Delete", rights->delete);
    put_truth(call, "Modify", rights->modify);
    put_truth(call, "Read", rights->read);
    if (call->version >= SCHEMA_2010)
        put_truth(call, "ViewPrivateItems", owner);
    buf_puts(&call->out, "</t:EffectiveRights>");
}

void put_folder_rights(struct call *call, const struct sim_folder *folder)
{
    struct sim_rights rights = sim_rights_of(call->user, folder);
    bool owner = rights.bits & IS_OWNER;

    put_effective(call,
                  &(struct effective){
                      .associated = owner,
                      .contents = rights.bits & CAN_CREATE_ITEMS,
                      .hierarchy = rights.bits & CAN_CREATE_FOLDERS,
                      .delete = owner,
                      .modify = owner,
                      .read = rights.read == READING_FULL },
                  sim_owns(call->user, folder->mailbox));
}

void put_item_rights(struct call *call, const struct sim_item *item)
{
    const struct sim_mailbox *user = call->user;

    put_effective(
        call,
        &(struct effective){
            .delete = sim_refuses_item(user, item, WANT_DELETE) == NULL,
            .modify = sim_refuses_item(user, item, WANT_EDIT) == NULL,
            .read = sim_refuses_item(user, item, WANT_READ) == NULL },
        sim_owns(user, item->folder->mailbox));
}

/* --- Sets of permissions ------------------------------------------------- */

static bool is_calendar(const struct sim_folder *folder)
{
    return str_equal(folder_element(folder), "CalendarFolder");
}

static bool is_unknown(const struct sim_permission *permission)
{
    return str_starts(permission->who, "S-1-");
}

static void put_user(struct call *call, const char *who)
{
    const struct sim_mailbox *user = sim_mailbox_find(call->exchange, who);

    buf_puts(&call->out, "<t:UserId>");
    if (str_equal(who, WHO_DEFAULT) || str_equal(who, WHO_ANONYMOUS)) {
        put_element(&call->out, "t:DistinguishedUser", who);
    } else {
        buf_printf(&call->out, "<t:SID>S-1-5-21-1004336348-1177238915-%u</t:SID>",
                   user == NULL ? 500 : 1000 + user->number);
        put_element(&call->out, "t:PrimarySmtpAddress", who);
        put_element(&call->out, "t:DisplayName",
                    user == NULL ? who : user->display_name);
    }
    buf_puts(&call->out, "</t:UserId>");
}

static void put_permission(struct call *call,
                           const struct sim_permission *permission,
                           bool calendar)
{
    const char *kind = calendar ? "CalendarPermission" : "Permission";
    const struct sim_rights *rights = &permission->rights;

    buf_printf(&call->out, "<t:%s>", kind);
    put_user(call, permission->who);
    for (size_t i = 0; i < RIGHT_COUNT; i++)
        put_truth(call, bits[i].element, rights->bits & bits[i].bit);
    put_element(&call->out, "t:EditItems", actions[rights->edit]);
    put_element(&call->out, "t:DeleteItems", actions[rights->delete]);
    put_element(&call->out, "t:ReadItems", readings[rights->read]);
    put_element(&call->out,
                calendar ? "t:CalendarPermissionLevel" : "t:PermissionLevel",
                sim_level_name(rights, calendar));
    buf_printf(&call->out, "</t:%s>", kind);
}

void put_permissions(struct call *call, struct sim_folder *folder)
{
    bool calendar = is_calendar(folder);
    const char *list = calendar ? "CalendarPermissions" : "Permissions";
    size_t unknown = 0;

    if (sim_refuses_folder(call->user, folder, WANT_OWN) != NULL)
        return;
    buf_printf(&call->out, "<t:PermissionSet><t:%s>", list);
    for (size_t i = 0; i < folder->permission_count; i++)
        if (is_unknown(&folder->permissions[i]))
            unknown++;
        else
            put_permission(call, &folder->permissions[i], calendar);
    buf_printf(&call->out, "</t:%s>", list);
    if (unknown > 0)
        buf_puts(&call->out, "<t:UnknownEntries>");
    for (size_t i = 0; i < folder->permission_count; i++)
        if (is_unknown(&folder->permissions[i]))
            put_element(&call->out, "t:UnknownEntry",
                        folder->permissions[i].who);
    if (unknown > 0)
        buf_puts(&call->out, "</t:UnknownEntries>");
    buf_puts(&call->out, "</t:PermissionSet>");
}

/* --- Reading ------------------------------------------------------------- */

static unsigned index_of(const char *const names[], const char *name)
{
    unsigned i = 0;

    while (!str_equal(names[i], name))
        i++;
    return i;
}

/* The single rights, of which none may be given beside a level. */
static bool read_single(const struct node *permission,
                        struct sim_rights *rights_out)
{
    const char *edit = node_text(permission, "EditItems");
    const char *delete = node_text(permission, "DeleteItems");
    const char *read = node_text(permission, "ReadItems");
    bool any = edit != NULL || delete != NULL || read != NULL;

    *rights_out = (struct sim_rights){ .bits = 0 };
    for (size_t i = 0; i < RIGHT_COUNT; i++) {
        const char *text = node_text(permission, bits[i].element);

        any = any || text != NULL;
        if (node_true(text))
            rights_out->bits |= bits[i].bit;
    }
    if (edit != NULL)
        rights_out->edit = (enum sim_action)index_of(actions, edit);
    if (delete != NULL)
        rights_out->delete = (enum sim_action)index_of(actions, delete);
    if (read != NULL)
        rights_out->read = (enum sim_reading)index_of(readings, read);
    return any;
}

/* Whom an entry is about: a distinguished user or one of ours. */
static const char *read_user(struct call *call, const struct node *id)
{
    const char *distinguished = node_text(id, "DistinguishedUser");
    const char *address = node_text(id, "PrimarySmtpAddress");
    const struct sim_mailbox *user;

    if (distinguished != NULL)
        return distinguished;
    user = address == NULL ? NULL : sim_mailbox_find(call->exchange, address);
    return user == NULL ? NULL : user->address;
}

static const char *read_permission(struct call *call, const struct node *entry,
                                   struct sim_permission *out)
{
    const char *level = node_text(entry, "PermissionLevel");
    bool single = read_single(entry, &out->rights);
    char *who = arena_strdup(call->arena,
                             read_user(call, node_child(entry, "UserId")));

    if (level == NULL)
        level = node_text(entry, "CalendarPermissionLevel");
    if (who == NULL)
        return "ErrorInvalidUserInfo";
    out->who = who;
    if (str_equal(level, "Custom"))
        return single ? NULL : "ErrorInvalidPermissionSettings";
    if (single)
        return "ErrorInvalidPermissionSettings";
    out->rights = sim_level(level)->rights;
    return NULL;
}

static const char *check_kind(const struct sim_folder *folder,
                              const struct node *set)
{
    bool calendar = node_child(set, "CalendarPermissions") != NULL;

    if (node_count(node_child(set, "UnknownEntries")) > 0)
        return "ErrorCannotSetPermissionUnknownEntries";
    if (calendar == is_calendar(folder))
        return NULL;
    return calendar ? "ErrorCannotSetCalendarPermissionOnNonCalendarFolder"
                    : "ErrorCannotSetNonCalendarPermissionOnCalendarFolder";
}

const char *store_permissions(struct call *call, struct sim_folder *folder,
                              const struct node *element)
{
    const struct node *set = node_child(element, "PermissionSet");
    const struct node *list = set == NULL ? NULL : set->children;
    struct sim_permission *entries =
        arena_array(call->arena, node_count(list) + 1, sizeof *entries);
    const char *code = set == NULL ? NULL : check_kind(folder, set);
    size_t count = 0;

    if (set == NULL)
        return NULL;
    for (struct node *at = list->children; at != NULL && code == NULL;
         at = at->next) {
        code = read_permission(call, at, &entries[count++]);
        for (size_t i = 0; i + 1 < count && code == NULL; i++)
            if (str_equal_nocase(entries[i].who, entries[count - 1].who))
                code = "ErrorDuplicateUserIdsSpecified";
    }
    if (code != NULL)
        return code;
    sim_permit_nobody(folder);
    for (size_t i = 0; i < count; i++)
        sim_permit(folder, entries[i].who, &entries[i].rights);
    return NULL;
}
