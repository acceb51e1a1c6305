/*
 * permissions.c - who may do what in a folder
 *
 * Exchange takes all permissions of a folder at once, and each either as one of
 * the levels that Outlook offers or, where none of them fits, as "Custom" with
 * every right spelled out; the two must not be mixed.  Calendars have elements
 * of their own, with more levels of reading.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/folder_words.h"

/* clang-format off */
static const struct property permission_set = { PROPERTY_FIELD, 0, "folder:PermissionSet", NULL };

static const char *const extents[] = {
    [FOLDER_NONE]  = "None",
    [FOLDER_OWNED] = "Owned",
    [FOLDER_ALL]   = "All",
};

static const char *const readings[] = {
    [FOLDER_READ_NONE]     = "None",
    [FOLDER_READ_TIMES]    = "TimeOnly",
    [FOLDER_READ_SUBJECTS] = "TimeAndSubjectAndLocation",
    [FOLDER_READ_ALL]      = "FullDetails",
};

/* What stands behind the levels. */
static const struct {
    const char *name;
    bool add, add_folders, owner, visible;
    enum folder_extent edit, remove;
    enum folder_reading read;
} levels[] = {
    { "None",             0, 0, 0, 0, FOLDER_NONE,  FOLDER_NONE,  FOLDER_READ_NONE },
    { "Contributor",      1, 0, 0, 1, FOLDER_NONE,  FOLDER_NONE,  FOLDER_READ_NONE },
    { "Reviewer",         0, 0, 0, 1, FOLDER_NONE,  FOLDER_NONE,  FOLDER_READ_ALL },
    { "NoneditingAuthor", 1, 0, 0, 1, FOLDER_NONE,  FOLDER_OWNED, FOLDER_READ_ALL },
    { "Author",           1, 0, 0, 1, FOLDER_OWNED, FOLDER_OWNED, FOLDER_READ_ALL },
    { "PublishingAuthor", 1, 1, 0, 1, FOLDER_OWNED, FOLDER_OWNED, FOLDER_READ_ALL },
    { "Editor",           1, 0, 0, 1, FOLDER_ALL,   FOLDER_ALL,   FOLDER_READ_ALL },
    { "PublishingEditor", 1, 1, 0, 1, FOLDER_ALL,   FOLDER_ALL,   FOLDER_READ_ALL },
    { "Owner",            1, 1, 1, 1, FOLDER_ALL,   FOLDER_ALL,   FOLDER_READ_ALL },
    /* Of calendars. */
    { "FreeBusyTimeOnly", 0, 0, 0, 0, FOLDER_NONE,  FOLDER_NONE,  FOLDER_READ_TIMES },
    { "FreeBusyTimeAndSubjectAndLocation",
                          0, 0, 0, 0, FOLDER_NONE,  FOLDER_NONE,  FOLDER_READ_SUBJECTS },
};
/* clang-format on */

#define LEVELS (sizeof levels / sizeof *levels)

/* --- Reading -------------------------------------------------------------- */

static size_t find_word(const char *const words[], size_t count,
                        const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(words[i], word))
            return i;
    return 0;
}

static void take_level(struct folder_permission *permission, const char *level)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (str_equal(levels[i].name, level)) {
            permission->add = levels[i].add;
            permission->add_folders = levels[i].add_folders;
            permission->owner = levels[i].owner;
            permission->visible = levels[i].visible;
            permission->edit = levels[i].edit;
            permission->remove = levels[i].remove;
            permission->read = levels[i].read;
        }
}

static void take_right(bool *right, const struct xml_node *node,
                       const char *name)
{
    const char *text = xml_child_text(node, name);

    if (text != NULL)
        *right = str_equal(text, "true");
}

/* The level first, then what is said besides. */
static void take_rights(struct folder_permission *permission,
                        const struct xml_node *node)
{
    const char *edit = xml_child_text(node, "EditItems");
    const char *remove = xml_child_text(node, "DeleteItems");
    const char *read = xml_child_text(node, "ReadItems");
    const char *level = xml_child_text(node, "PermissionLevel");

    if (level == NULL)
        level = xml_child_text(node, "CalendarPermissionLevel");
    take_level(permission, level);
    take_right(&permission->add, node, "CanCreateItems");
    take_right(&permission->add_folders, node, "CanCreateSubFolders");
    take_right(&permission->owner, node, "IsFolderOwner");
    take_right(&permission->visible, node, "IsFolderVisible");
    take_right(&permission->contact, node, "IsFolderContact");
    if (edit != NULL)
        permission->edit = (enum folder_extent)find_word(extents, 3, edit);
    if (remove != NULL)
        permission->remove = (enum folder_extent)find_word(extents, 3, remove);
    if (read != NULL)
        permission->read = (enum folder_reading)find_word(readings, 4, read);
}

static struct folder_permission read_permission(const struct xml_node *node)
{
    const struct xml_node *user = xml_child(node, "UserId");
    const char *special = xml_child_text(user, "DistinguishedUser");
    struct folder_permission permission = {
        .who = str_equal(special, "Default")     ? FOLDER_EVERYONE
               : str_equal(special, "Anonymous") ? FOLDER_ANONYMOUS
                                                 : FOLDER_PERSON,
        .address = xml_child_text(user, "PrimarySmtpAddress"),
        .sid = xml_child_text(user, "SID"),
    };

    if (permission.address != NULL && *permission.address == '\0')
        permission.address = NULL;
    take_rights(&permission, node);
    return permission;
}

enum status ews_permissions_get(struct op *op, struct remote *remote,
                                const char *folder,
                                struct folder_permission **permissions_out,
                                size_t *count_out)
{
    static const struct property *const properties[] = { &permission_set };
    const struct xml_node *node;
    enum status status =
        folder_ask(op, ews_of(remote), folder, properties, 1, &node);
    size_t count = 0;

    *count_out = 0;
    if (status != STATUS_OK)
        return status;
    node = xml_child(node, "PermissionSet");
    if (node == NULL)
        return op_fail(op, STATUS_DENIED, "no permissions are told");
    const struct xml_node *list = xml_child(node, "Permissions");
    if (list == NULL)
        list = xml_child(node, "CalendarPermissions");
    const struct xml_node *first = list != NULL ? list->children : NULL;
    for (node = first; node != NULL; node = node->next)
        count++;
    *permissions_out =
        arena_array(op->arena, count + 1, sizeof **permissions_out);
    for (node = first; node != NULL; node = node->next)
        (*permissions_out)[(*count_out)++] = read_permission(node);
    return STATUS_OK;
}

/* --- Writing -------------------------------------------------------------- */

struct setting {
    enum folder_kind kind;
    const struct folder_permission *permissions;
    size_t count;
};

/* NULL where none of them fits. */
static const char *level_of(const struct folder_permission *permission)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (permission->add == levels[i].add &&
            permission->add_folders == levels[i].add_folders &&
            permission->owner == levels[i].owner &&
            permission->contact == levels[i].owner &&
            permission->visible == levels[i].visible &&
            permission->edit == levels[i].edit &&
            permission->remove == levels[i].remove &&
            permission->read == levels[i].read)
            return levels[i].name;
    return NULL;
}

static void write_user(struct xml_writer *writer,
                       const struct folder_permission *permission)
{
    xml_open(writer, "t:UserId");
    if (permission->who == FOLDER_EVERYONE)
        xml_element(writer, "t:DistinguishedUser", "Default");
    else if (permission->who == FOLDER_ANONYMOUS)
        xml_element(writer, "t:DistinguishedUser", "Anonymous");
    else if (permission->address != NULL)
        xml_element(writer, "t:PrimarySmtpAddress", permission->address);
    else
        xml_element(writer, "t:SID", permission->sid);
    xml_close(writer);
}

static void write_right(struct xml_writer *writer, const char *name, bool right)
{
    xml_element(writer, name, right ? "true" : "false");
}

static void write_rights(struct xml_writer *writer,
                         const struct folder_permission *permission)
{
    write_right(writer, "t:CanCreateItems", permission->add);
    write_right(writer, "t:CanCreateSubFolders", permission->add_folders);
    write_right(writer, "t:IsFolderOwner", permission->owner);
    write_right(writer, "t:IsFolderVisible", permission->visible);
    write_right(writer, "t:IsFolderContact", permission->contact);
    xml_element(writer, "t:EditItems", extents[permission->edit]);
    xml_element(writer, "t:DeleteItems", extents[permission->remove]);
    xml_element(writer, "t:ReadItems", readings[permission->read]);
}

static void write_permission(struct xml_writer *writer, bool calendar,
                             const struct folder_permission *permission)
{
    const char *level = level_of(permission);

    xml_open(writer, calendar ? "t:CalendarPermission" : "t:Permission");
    write_user(writer, permission);
    if (level == NULL)
        write_rights(writer, permission);
    xml_element(writer,
                calendar ? "t:CalendarPermissionLevel" : "t:PermissionLevel",
                level != NULL ? level : "Custom");
    xml_close(writer);
}

static void build_set(void *context, struct xml_writer *writer)
{
    const struct setting *setting = context;
    bool calendar = setting->kind == FOLDER_CALENDAR;

    xml_open(writer, "t:SetFolderField");
    property_write_path(writer, &permission_set);
    xml_open(writer, calendar ? "t:CalendarFolder" : "t:Folder");
    xml_open(writer, "t:PermissionSet");
    xml_open(writer, calendar ? "t:CalendarPermissions" : "t:Permissions");
    for (size_t i = 0; i < setting->count; i++)
        write_permission(writer, calendar, &setting->permissions[i]);
    xml_close(writer);
    xml_close(writer);
    xml_close(writer);
    xml_close(writer);
}

enum status ews_permissions_set(struct op *op, struct remote *remote,
                                const char *folder, enum folder_kind kind,
                                const struct folder_permission permissions[],
                                size_t count)
{
    struct setting setting = { kind, permissions, count };

    return folder_change(op, ews_of(remote), folder, build_set, &setting);
}
