/*
 * folder_write.c - making, renaming, moving and deleting folders
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/ews/folder_words.h"

static const struct property display_name = { PROPERTY_FIELD, 0,
                                              "folder:DisplayName", NULL };

/* clang-format off */
static const struct {
    const char *element;
    const char *class;
} kinds[] = {
    [FOLDER_MAIL]     = { "t:Folder",         "IPF.Note" },
    [FOLDER_CALENDAR] = { "t:CalendarFolder", NULL },
    [FOLDER_CONTACTS] = { "t:ContactsFolder", NULL },
    [FOLDER_TASKS]    = { "t:TasksFolder",    NULL },
    [FOLDER_OTHER]    = { "t:Folder",         NULL },
};

static const char *const delete_types[] = {
    [REMOTE_DELETE_SOFT]     = "SoftDelete",
    [REMOTE_DELETE_TO_TRASH] = "MoveToDeletedItems",
    [REMOTE_DELETE_HARD]     = "HardDelete",
};
/* clang-format on */

struct change {
    const char *top;
    const char *id;
    const char *parent;
    const char *name;
    enum folder_kind kind;
    enum remote_delete how;
};

/* "" and NULL stand for the top of the tree. */
static const char *parent_of(const struct change *change)
{
    return change->parent != NULL && *change->parent != '\0' ? change->parent
                                                             : change->top;
}

static enum status ask(struct op *op, struct remote *remote,
                       const char *operation,
                       void (*build)(void *, struct soap_request *),
                       struct change *change,
                       const struct xml_node **message_out)
{
    struct soap_call call = {
        .operation = operation, .write = true, .build = build, .context = change
    };
    change->top = ews_place(op, ews_of(remote), "#msgfolderroot");
    enum status status =
        soap_ask(op, ews_of(remote), &call, op->arena, message_out);

    /* An id that is not valid any more is a folder that is not there. */
    return status == STATUS_NOT_FOUND ? STATUS_NO_FOLDER : status;
}

static void build_create(void *context, struct soap_request *request)
{
    const struct change *change = context;
    struct xml_writer *writer = &request->writer;

    folder_write_ids(writer, "m:ParentFolderId", parent_of(change));
    xml_open(writer, "m:Folders");
    xml_open(writer, kinds[change->kind].element);
    if (kinds[change->kind].class != NULL)
        xml_element(writer, "t:FolderClass", kinds[change->kind].class);
    xml_element(writer, "t:DisplayName", change->name);
    xml_close(writer);
    xml_close(writer);
}

enum status ews_folder_create(struct op *op, struct remote *remote,
                              const char *parent, enum folder_kind kind,
                              const char *name, const char **id_out)
{
    struct change change = { .parent = parent, .kind = kind, .name = name };
    const struct xml_node *message;
    enum status status =
        ask(op, remote, "CreateFolder", build_create, &change, &message);

    *id_out = NULL;
    if (status != STATUS_OK)
        return status;
    *id_out = xml_value(xml_descendant(message, "FolderId"), "Id");
    return *id_out != NULL ? STATUS_OK
                           : op_fail(op, STATUS_UNCERTAIN,
                                     "CreateFolder: no id in the answer");
}

static void build_rename(void *context, struct xml_writer *writer)
{
    const char *name = context;

    xml_open(writer, "t:SetFolderField");
    property_write_path(writer, &display_name);
    xml_open(writer, "t:Folder");
    xml_element(writer, "t:DisplayName", name);
    xml_close(writer);
    xml_close(writer);
}

static void build_move(void *context, struct soap_request *request)
{
    const struct change *change = context;

    folder_write_ids(&request->writer, "m:ToFolderId", parent_of(change));
    folder_write_ids(&request->writer, "m:FolderIds", change->id);
}

enum status ews_folder_update(struct op *op, struct remote *remote,
                              const char *id, const char *name,
                              const char *parent)
{
    struct change change = { .id = id, .name = name, .parent = parent };
    enum status status = STATUS_OK;
    bool moved = false;

    if (parent != NULL) {
        status = ask(op, remote, "MoveFolder", build_move, &change, NULL);
        moved = status == STATUS_OK;
        /* The new place may have a folder of the old name: then the new name
         * first. */
        if (status == STATUS_EXISTS && name != NULL)
            status = STATUS_OK;
    }
    if (status == STATUS_OK && name != NULL)
        status = folder_change(op, ews_of(remote), id, build_rename,
                               (void *)name);
    if (status == STATUS_OK && parent != NULL && !moved)
        status = ask(op, remote, "MoveFolder", build_move, &change, NULL);
    return status;
}

static void build_delete(void *context, struct soap_request *request)
{
    const struct change *change = context;

    xml_attribute(&request->writer, "DeleteType", delete_types[change->how]);
    folder_write_ids(&request->writer, "m:FolderIds", change->id);
}

enum status ews_folder_delete(struct op *op, struct remote *remote,
                              const char *id, enum remote_delete how)
{
    struct change change = { .id = id, .how = how };

    return ask(op, remote, "DeleteFolder", build_delete, &change, NULL);
}
