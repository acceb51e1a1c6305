/*
 * folder_words.c - see folder_words.h
 */
#include "proxy/exchange/ews/folder_words.h"

#include <string.h>

#include "proxy/base/str.h"

/* clang-format off */

/* The first prefix that fits decides; what has no class holds mail. */
static const struct {
    const char *prefix;
    enum folder_kind kind;
} classes[] = {
    { "IPF.Note.SocialConnector", FOLDER_OTHER },
    { "IPF.Note",                 FOLDER_MAIL },
    { "IPF.Imap",                 FOLDER_MAIL },
    { "IPF.Appointment",          FOLDER_CALENDAR },
    { "IPF.Contact",              FOLDER_CONTACTS },
    { "IPF.Task",                 FOLDER_TASKS },
    { "IPF.",                     FOLDER_OTHER },
};

/* Contacts that programs gather, and nobody looks at: Exchange does not always
 * hide them. */
static const char *const gathered[] = {
    "IPF.Contact.RecipientCache",
    "IPF.Contact.QuickContacts",
    "IPF.Contact.ImContactList",
    "IPF.Contact.GalContacts",
    "IPF.Contact.OrganizationalContacts",
    "IPF.Contact.PeopleCentricConversationBuddies",
    "IPF.Contact.Company",
    "IPF.Contact.MOC",
};

/* Where a change leaves the class alone, the element tells. */
static const struct {
    const char *element;
    enum folder_kind kind;
} elements[] = {
    { "CalendarFolder", FOLDER_CALENDAR },
    { "ContactsFolder", FOLDER_CONTACTS },
    { "TasksFolder",    FOLDER_TASKS },
};

static const struct property effective = { PROPERTY_FIELD, 0, "folder:EffectiveRights", NULL };
static const struct property member_rights = { PROPERTY_TAG, 0x6639, NULL, "Integer" };

const struct property *const folder_rights[FOLDER_RIGHTS] = { &effective, &member_rights };

/* What the user has by the permissions of the folder (MS-OXCPERM, 2.2.7). */
static const struct {
    unsigned bits; /* any of these */
    enum folder_right right;
} by_permission[] = {
    { 0x001,         FOLDER_MAY_READ },
    { 0x002,         FOLDER_MAY_ADD },
    { 0x008 | 0x020, FOLDER_MAY_MODIFY },
    { 0x010 | 0x040, FOLDER_MAY_DELETE },
    { 0x080,         FOLDER_MAY_ADD_FOLDERS },
    { 0x100,         FOLDER_MAY_ADMINISTER },
};

/* What he has in effect.  "Modify" and "Delete" are about the folder itself:
 * they are its owner's.  Who may add messages may mostly change some, too. */
static const struct {
    const char *element;
    unsigned rights;
} by_effect[] = {
    { "Read",            FOLDER_MAY_READ },
    { "CreateContents",  FOLDER_MAY_ADD | FOLDER_MAY_MODIFY | FOLDER_MAY_DELETE },
    { "CreateHierarchy", FOLDER_MAY_ADD_FOLDERS },
    { "Modify",          FOLDER_MAY_ADMINISTER },
};
/* clang-format on */

void folder_write_shape(struct xml_writer *writer,
                        const struct property *const properties[], size_t count)
{
    xml_open(writer, "m:FolderShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    if (count > 0)
        xml_open(writer, "t:AdditionalProperties");
    for (size_t i = 0; i < count; i++)
        property_write_path(writer, properties[i]);
    if (count > 0)
        xml_close(writer);
    xml_close(writer);
}

void folder_write_ids(struct xml_writer *writer, const char *element,
                      const char *id)
{
    xml_open(writer, element);
    soap_folder(writer, id);
    xml_close(writer);
}

enum folder_kind folder_kind_of(const char *element, const char *class)
{
    for (size_t i = 0; i < sizeof gathered / sizeof *gathered; i++)
        if (class != NULL && str_starts_nocase(class, gathered[i]))
            return FOLDER_OTHER;
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strcmp(element, elements[i].element) == 0)
            return elements[i].kind;
    if (class == NULL || *class == '\0' || str_equal_nocase(class, "IPF"))
        return FOLDER_MAIL;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_starts_nocase(class, classes[i].prefix))
            return classes[i].kind;
    return FOLDER_OTHER;
}

unsigned folder_lacks(const struct xml_node *folder)
{
    const struct xml_node *effects = property_find(folder, &effective);
    int64_t bits = property_number(folder, &member_rights, -1);
    unsigned lacks = 0;

    if (bits >= 0) {
        for (size_t i = 0; i < sizeof by_permission / sizeof *by_permission;
             i++)
            if (((uint64_t)bits & by_permission[i].bits) == 0)
                lacks |= by_permission[i].right;
        return lacks;
    }
    for (size_t i = 0; i < sizeof by_effect / sizeof *by_effect; i++)
        if (str_equal(xml_child_text(effects, by_effect[i].element), "false"))
            lacks |= by_effect[i].rights;
    return lacks;
}

/* --- One folder ----------------------------------------------------------- */

struct asking {
    const char *id;
    const struct property *const *properties;
    size_t count;
    void (*build)(void *context, struct xml_writer *writer);
    void *context;
};

/* An id that is not valid any more is a folder that is not there. */
static enum status about_folder(enum status status)
{
    return status == STATUS_NOT_FOUND ? STATUS_NO_FOLDER : status;
}

static void build_ask(void *context, struct soap_request *request)
{
    const struct asking *asking = context;

    folder_write_shape(&request->writer, asking->properties, asking->count);
    folder_write_ids(&request->writer, "m:FolderIds", asking->id);
}

enum status folder_ask(struct op *op, struct ews *ews, const char *id,
                       const struct property *const properties[], size_t count,
                       const struct xml_node **folder_out)
{
    struct asking asking = { .id = id,
                             .properties = properties,
                             .count = count };
    struct soap_call call = { .operation = "GetFolder",
                              .build = build_ask,
                              .context = &asking };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);

    if (status != STATUS_OK)
        return about_folder(status);
    const struct xml_node *folders = xml_child(message, "Folders");
    *folder_out = folders != NULL ? folders->children : NULL;
    return *folder_out != NULL ? STATUS_OK
                               : op_fail(op, STATUS_INTERNAL,
                                         "GetFolder: no folder in the answer");
}

static void build_change(void *context, struct soap_request *request)
{
    const struct asking *asking = context;
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:FolderChanges");
    xml_open(writer, "t:FolderChange");
    soap_folder(writer, asking->id);
    xml_open(writer, "t:Updates");
    asking->build(asking->context, writer);
    xml_close(writer);
    xml_close(writer);
    xml_close(writer);
}

enum status folder_change(struct op *op, struct ews *ews, const char *id,
                          void (*build)(void *context,
                                        struct xml_writer *writer),
                          void *context)
{
    struct asking asking = { .id = id, .build = build, .context = context };
    struct soap_call call = { .operation = "UpdateFolder",
                              .write = true,
                              .build = build_change,
                              .context = &asking };

    return about_folder(soap_ask(op, ews, &call, op->arena, NULL));
}
