/*
 * do_folders.c - Create-, Update-, Move-, Copy-, Delete- and EmptyFolder
 */
#include "tests/exchange/call.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/permissions.h"
#include "tests/exchange/searches.h"
#include "tests/exchange/show.h"
#include "tests/exchange/stores.h"

/* --- CreateFolder -------------------------------------------------------- */

static const char *class_for(const struct node *element)
{
    const char *class = node_text(element, "FolderClass");

    if (class != NULL)
        return class;
    if (node_is(element, "CalendarFolder"))
        return "IPF.Appointment";
    if (node_is(element, "ContactsFolder"))
        return "IPF.Contact";
    return node_is(element, "TasksFolder") ? "IPF.Task" : "IPF.Note";
}

/* What the store computes, and nobody sets. */
static const uint32_t computed[] = {
    0x0e08, 0x3007, 0x3008, 0x3601, 0x3602, 0x3603, 0x3617,
    0x3ff5, 0x666a, 0x666e, 0x670a, 0x670b, 0x6751,
};

static bool is_computed(const struct path *path)
{
    for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
        if (path->kind == PATH_EXTENDED && path->key.set == NULL &&
            path->key.number == computed[i])
            return true;
    return false;
}

static void set_folder_property(struct call *call, struct sim_folder *folder,
                                const struct node *property)
{
    const struct node *values = node_child(property, "Values");
    size_t count = values == NULL ? 1 : node_count(values);
    const char **texts = arena_array(call->arena, count, sizeof *texts);
    struct path path;
    size_t n = 0;

    if (values == NULL)
        texts[n++] = node_text(property, "Value");
    for (struct node *at = values == NULL ? NULL : values->children; at != NULL;
         at = at->next)
        texts[n++] = at->text;
    if (path_read(call->arena, node_child(property, "ExtendedFieldURI"),
                  &path) != NULL ||
        is_computed(&path))
        return;
    if (path.key.set == NULL && path.key.number == 0x10f4)
        folder->hidden = node_true(texts[0]);
    else
        bag_set(&folder->bag, &path.key, texts, count);
}

static void set_folder_properties(struct call *call, struct sim_folder *folder,
                                  const struct node *element)
{
    for (struct node *at = element->children; at != NULL; at = at->next)
        if (node_is(at, "ExtendedProperty"))
            set_folder_property(call, folder, at);
}

static const struct shape id_only = { .base = "IdOnly" };

void do_create_folder(struct call *call)
{
    const struct node *parent = node_child(call->request, "ParentFolderId");
    const struct node *folders = node_child(call->request, "Folders");

    for (struct node *at = folders->children; at != NULL; at = at->next) {
        const char *name = node_text(at, "DisplayName");
        const char *code = message_fault(call);
        struct sim_folder *above = NULL;
        struct sim_search *search = NULL;
        struct sim_folder *folder;

        if (code == NULL)
            above = call_folder(call, parent->children, WANT_CREATE_FOLDERS,
                                &code);
        if (code == NULL && (name == NULL || *name == '\0'))
            code = "ErrorFolderPropertRequestFailed";
        if (code == NULL && sim_folder_child(above, name) != NULL)
            code = "ErrorFolderExists";
        if (code == NULL && node_is(at, "SearchFolder"))
            code = sim_search_read(call, node_child(at, "SearchParameters"),
                                   &search);
        if (code != NULL) {
            message_simple(call, code, "<m:Folders/>");
            continue;
        }
        folder = sim_folder_add(above, name, class_for(at), NULL);
        folder->search = search != NULL;
        folder->criteria = search;
        set_folder_properties(call, folder, at);
        if (above->mailbox != call->user)
            sim_permit(folder, call->user->address, &sim_level("Owner")->rights);
        code = store_permissions(call, folder, at);
        if (code != NULL) {
            sim_folder_remove(folder);
            message_simple(call, code, "<m:Folders/>");
            continue;
        }
        answer_folder(call, folder, &id_only);
    }
}

/* --- UpdateFolder -------------------------------------------------------- */

static const char *rename_folder(struct sim_folder *folder, const char *name)
{
    struct sim_folder *same;

    if (folder->use != NULL)
        return "ErrorFolderSave";
    if (name == NULL || *name == '\0')
        return "ErrorFolderPropertRequestFailed";
    same = sim_folder_child(folder->parent, name);
    if (same != NULL && same != folder)
        return "ErrorFolderExists";
    sim_folder_set_name(folder, name);
    return NULL;
}

static const char *update_one(struct call *call, struct sim_folder *folder,
                              const struct node *change)
{
    struct node *element = change->children->next;
    struct path path;
    const char *code = path_read(call->arena, change->children, &path);

    if (code != NULL)
        return code;
    if (node_is(change, "AppendToFolderField"))
        return "ErrorInvalidPropertyAppend";
    if (node_is(change, "SetFolderField") && node_count(element) != 1)
        return "ErrorIncorrectUpdatePropertyCount";
    if (is_computed(&path))
        return "ErrorFolderSave";
    if (path.kind == PATH_EXTENDED) {
        if (node_is(change, "DeleteFolderField"))
            bag_remove(&folder->bag, &path.key);
        else
            set_folder_properties(call, folder, element);
        sim_folder_touch(folder);
        return NULL;
    }
    if (node_is(change, "DeleteFolderField"))
        return "ErrorInvalidPropertyDelete";
    if (str_equal(path.uri, "folder:DisplayName"))
        return node_child(element, "DisplayName") == NULL
                   ? "ErrorUpdatePropertyMismatch"
                   : rename_folder(folder, node_text(element, "DisplayName"));
    if (str_equal(path.uri, "folder:FolderClass")) {
        free(folder->class);
        folder->class = memory_strdup(node_text(element, "FolderClass"));
        sim_folder_touch(folder);
        return NULL;
    }
    if (str_equal(path.uri, "folder:PermissionSet") &&
        node_child(element, "PermissionSet") != NULL) {
        code = store_permissions(call, folder, element);
        if (code == NULL)
            sim_folder_touch(folder);
        return code;
    }
    return str_equal(path.uri, "folder:PermissionSet")
               ? "ErrorUpdatePropertyMismatch"
               : "ErrorInvalidPropertySet";
}

void do_update_folder(struct call *call)
{
    const struct node *changes = node_child(call->request, "FolderChanges");

    for (struct node *at = changes->children; at != NULL; at = at->next) {
        const struct node *updates = node_child(at, "Updates");
        struct sim_folder *folder = NULL;
        const char *code = message_fault(call);

        if (code == NULL)
            folder = call_folder(call, at->children, WANT_OWN, &code);
        for (struct node *change = updates->children;
             change != NULL && code == NULL; change = change->next)
            code = update_one(call, folder, change);
        if (code != NULL)
            message_simple(call, code, "<m:Folders/>");
        else
            answer_folder(call, folder, &id_only);
    }
}

/* --- MoveFolder, CopyFolder ---------------------------------------------- */

static void move_or_copy(struct call *call, bool copy)
{
    const struct node *to = node_child(call->request, "ToFolderId");
    const struct node *ids = node_child(call->request, "FolderIds");

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        const char *code = message_fault(call);
        struct sim_folder *target = NULL;
        struct sim_folder *folder = NULL;

        if (code == NULL &&
            (target = call_folder(call, to->children, WANT_CREATE_FOLDERS,
                                  &code)) == NULL &&
            !str_equal(code, "ErrorAccessDenied"))
            code = "ErrorToFolderNotFound";
        if (code == NULL)
            folder = call_folder(call, id, copy ? WANT_READ : WANT_OWN, &code);
        if (code == NULL && folder->use != NULL)
            code =
                copy ? "ErrorMoveCopyFailed" : "ErrorMoveDistinguishedFolder";
        if (code == NULL && sim_folder_is_within(target, folder))
            code = "ErrorMoveCopyFailed";
        if (code == NULL && sim_folder_child(target, folder->name) != NULL &&
            sim_folder_child(target, folder->name) != folder)
            code = "ErrorFolderExists";
        if (code != NULL) {
            message_simple(call, code, "<m:Folders/>");
            continue;
        }
        if (copy)
            folder = sim_folder_copy(folder, target);
        else
            sim_folder_set_parent(folder, target);
        answer_folder(call, folder, &id_only);
    }
}

void do_move_folder(struct call *call)
{
    move_or_copy(call, false);
}

void do_copy_folder(struct call *call)
{
    move_or_copy(call, true);
}

/* --- DeleteFolder, EmptyFolder ------------------------------------------- */

/* Into the deleted ones, under a name that is free there. */
static void move_to_trash(struct call *call, struct sim_folder *folder)
{
    struct sim_folder *trash =
        sim_folder_by_use(folder->mailbox, "deleteditems");
    const char *name = folder->name;

    if (sim_folder_is_within(folder, trash))
        return;
    for (unsigned n = 1; sim_folder_child(trash, name) != NULL; n++)
        name = arena_printf(call->arena, "%s%u", folder->name, n);
    if (!str_equal(name, folder->name))
        sim_folder_set_name(folder, name);
    sim_folder_set_parent(folder, trash);
}

void do_delete_folder(struct call *call)
{
    const struct node *ids = node_child(call->request, "FolderIds");
    bool to_trash = str_equal(node_attribute(call->request, "DeleteType"),
                              "MoveToDeletedItems");

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        const char *code = message_fault(call);
        struct sim_folder *folder = NULL;

        if (code == NULL)
            folder = call_folder(call, id, WANT_OWN, &code);
        if (code == NULL && folder->use != NULL)
            code = "ErrorDeleteDistinguishedFolder";
        if (code == NULL && to_trash && sim_is_public(folder->mailbox))
            code = "ErrorCannotDeleteObject";
        if (code == NULL && to_trash)
            move_to_trash(call, folder);
        else if (code == NULL)
            sim_folder_remove(folder);
        message_simple(call, code, NULL);
    }
}

static enum sim_item_disposal disposal_of(const struct call *call)
{
    const char *type = node_attribute(call->request, "DeleteType");

    if (str_equal(type, "MoveToDeletedItems"))
        return DISPOSE_TO_TRASH;
    return str_equal(type, "SoftDelete") ? DISPOSE_SOFT : DISPOSE_HARD;
}

static void empty(struct call *call, struct sim_folder *folder)
{
    struct sim_mailbox *mailbox = folder->mailbox;

    for (size_t i = folder->count; i-- > 0;)
        sim_item_dispose(folder->items[i], disposal_of(call));
    if (!node_true(node_attribute(call->request, "DeleteSubFolders")))
        return;
    for (size_t i = 0; i < mailbox->folder_count; i++)
        if (!mailbox->folders[i]->gone &&
            mailbox->folders[i]->parent == folder &&
            mailbox->folders[i]->use == NULL)
            sim_folder_remove(mailbox->folders[i]);
}

void do_empty_folder(struct call *call)
{
    const struct node *ids = node_child(call->request, "FolderIds");

    for (struct node *id = ids->children; id != NULL; id = id->next) {
        const char *code = message_fault(call);
        struct sim_folder *folder = NULL;

        if (code == NULL)
            folder = call_folder(call, id, WANT_DELETE, &code);
        if (code == NULL && (folder->search || folder->parent == NULL))
            code = "ErrorCannotEmptyFolder";
        if (code == NULL)
            empty(call, folder);
        message_simple(call, code, NULL);
    }
}
