/*
 * path.c - extended properties, and reading paths
 */
#include "tests/exchange/path.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "tests/exchange/call.h"
#include "tests/exchange/form.h"

static const char *const type_names[TYPE_COUNT] = {
    "ApplicationTime",
    "ApplicationTimeArray",
    "Binary",
    "BinaryArray",
    "Boolean",
    "CLSID",
    "CLSIDArray",
    "Currency",
    "CurrencyArray",
    "Double",
    "DoubleArray",
    "Error",
    "Float",
    "FloatArray",
    "Integer",
    "IntegerArray",
    "Long",
    "LongArray",
    "Null",
    "Object",
    "ObjectArray",
    "Short",
    "ShortArray",
    "SystemTime",
    "SystemTimeArray",
    "String",
    "StringArray",
};

const char *property_type_name(enum property_type type)
{
    return type_names[type];
}

enum property_type property_type_of(const char *name)
{
    enum property_type type = 0;

    while (type < TYPE_COUNT && !str_equal(type_names[type], name))
        type++;
    return type;
}

/* clang-format off */
static const struct {
    const char *name;
    const char *guid;
} property_sets[] = {
    { "Meeting",           SET_MEETING },
    { "Appointment",       SET_APPOINTMENT },
    { "Common",            SET_COMMON },
    { "PublicStrings",     SET_PUBLIC_STRINGS },
    { "Address",           SET_ADDRESS },
    { "InternetHeaders",   SET_INTERNET_HEADERS },
    { "CalendarAssistant", "11000e07-b51b-40d6-af21-caa85edab1d0" },
    { "UnifiedMessaging",  "4442858e-a9e3-4e80-b900-317a210cc15b" },
    { "Task",              SET_TASK },
    { "Sharing",           "00062040-0000-0000-c000-000000000046" },
};
/* clang-format on */

static const char *set_of(const char *distinguished)
{
    for (size_t i = 0; i < sizeof property_sets / sizeof *property_sets; i++)
        if (str_equal(property_sets[i].name, distinguished))
            return property_sets[i].guid;
    return NULL;
}

/* --- Reading paths ------------------------------------------------------- */

/* Fields of other kinds of things: asked for by programs, and never there. */
static const char *const other_kinds[] = {
    "postitem:",
    "conversation:",
    "persona:",
    "sharingMessage:",
};

/* clang-format off */
static const struct {
    const char *uri;
    enum schema_version since;
} folder_uris[] = {
    { "folder:FolderId", SCHEMA_2007 },            { "folder:ParentFolderId", SCHEMA_2007 },
    { "folder:DisplayName", SCHEMA_2007 },         { "folder:UnreadCount", SCHEMA_2007 },
    { "folder:TotalCount", SCHEMA_2007 },          { "folder:ChildFolderCount", SCHEMA_2007 },
    { "folder:FolderClass", SCHEMA_2007 },         { "folder:SearchParameters", SCHEMA_2007 },
    { "folder:ManagedFolderInformation", SCHEMA_2007 }, { "folder:PermissionSet", SCHEMA_2007_SP1 },
    { "folder:EffectiveRights", SCHEMA_2007_SP1 }, { "folder:SharingEffectiveRights", SCHEMA_2010 },
    { "folder:DistinguishedFolderId", SCHEMA_2013 }, { "folder:PolicyTag", SCHEMA_2013 },
    { "folder:ArchiveTag", SCHEMA_2013 },          { "folder:ReplicaList", SCHEMA_2013 },
};
/* clang-format on */

bool path_uri_known(const char *uri, enum schema_version version)
{
    for (const struct field *field = item_fields; field->element != NULL;
         field++)
        if (str_equal(field->uri, uri))
            return version >= field->since;
    for (size_t i = 0; i < sizeof folder_uris / sizeof *folder_uris; i++)
        if (str_equal(folder_uris[i].uri, uri))
            return version >= folder_uris[i].since;
    if (form_field(uri) != NULL)
        return version >= form_field(uri)->field.since;
    for (size_t i = 0; i < sizeof other_kinds / sizeof *other_kinds; i++)
        if (str_starts(uri, other_kinds[i]))
            return true;
    return false;
}

bool path_is(const struct node *node)
{
    return node_is(node, "FieldURI") || node_is(node, "IndexedFieldURI") ||
           node_is(node, "ExtendedFieldURI");
}

/* A property is named by its tag alone, or by a set and either a name or a
 * number. */
static const char *read_extended(struct arena *arena, const struct node *node,
                                 struct property_key *key)
{
    const char *tag = node_attribute(node, "PropertyTag");
    const char *id = node_attribute(node, "PropertyId");
    const char *guid = node_attribute(node, "PropertySetId");
    const char *distinguished =
        node_attribute(node, "DistinguishedPropertySetId");

    key->type = property_type_of(node_attribute(node, "PropertyType"));
    key->name = node_attribute(node, "PropertyName");
    key->set = guid != NULL ? str_lower(arena_strdup(arena, guid))
                            : set_of(distinguished);
    if (tag != NULL) {
        if (key->name != NULL || key->set != NULL || id != NULL)
            return "ErrorInvalidExtendedProperty";
        key->number = (uint32_t)strtoul(tag, NULL, 0);
        return key->number >= 0x8000 ? "ErrorNoPropertyTagForCustomProperties"
                                     : NULL;
    }
    if (key->set == NULL || (guid != NULL && distinguished != NULL) ||
        (key->name == NULL) == (id == NULL))
        return "ErrorInvalidExtendedProperty";
    if (id != NULL)
        key->number = (uint32_t)strtoul(id, NULL, 10);
    return NULL;
}

/* The field that an entry is part of; NULL: headers have none. */
static const struct field *dictionary_of(const char *uri)
{
    /* clang-format off */
    static const struct {
        const char *entry;
        const char *field;
    } dictionaries[] = {
        { "contacts:EmailAddress",           "contacts:EmailAddresses" },
        { "contacts:PhysicalAddress",        "contacts:PhysicalAddresses" },
        { "contacts:PhoneNumber",            "contacts:PhoneNumbers" },
        { "contacts:ImAddress",              "contacts:ImAddresses" },
        { "distributionlist:Members:Member", "distributionlist:Members" },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof dictionaries / sizeof *dictionaries; i++)
        if (str_starts(uri, dictionaries[i].entry))
            return &form_field(dictionaries[i].field)->field;
    return NULL;
}

const char *path_read(struct arena *arena, const struct node *node,
                      struct path *path)
{
    *path =
        (struct path){ .node = node, .uri = node_attribute(node, "FieldURI") };
    if (node_is(node, "ExtendedFieldURI")) {
        path->kind = PATH_EXTENDED;
        return read_extended(arena, node, &path->key);
    }
    if (node_is(node, "IndexedFieldURI")) {
        path->kind = PATH_INDEXED;
        path->index = node_attribute(node, "FieldIndex");
        path->field = dictionary_of(path->uri);
        return NULL;
    }
    for (const struct field *field = item_fields; field->element != NULL;
         field++)
        if (str_equal(field->uri, path->uri))
            path->field = field;
    if (path->field == NULL && form_field(path->uri) != NULL)
        path->field = &form_field(path->uri)->field;
    return NULL;
}

/* --- Writing ------------------------------------------------------------- */

static const char *const written_attributes[] = {
    "DistinguishedPropertySetId", "PropertySetId", "PropertyName",
    "PropertyId",                 "PropertyType",
};

void put_extended(struct call *call, const struct path *path,
                  const struct property_value *value)
{
    bool array = property_type_is_array(path->key.type);

    buf_puts(&call->out, "<t:ExtendedProperty><t:ExtendedFieldURI");
    /* Tags come back in lower case without leading zeros. */
    if (path->key.set == NULL)
        buf_printf(&call->out, " PropertyTag=\"0x%x\"", path->key.number);
    for (size_t i = 0;
         i < sizeof written_attributes / sizeof *written_attributes; i++) {
        const char *text = node_attribute(path->node, written_attributes[i]);

        if (text == NULL)
            continue;
        buf_printf(&call->out, " %s=\"", written_attributes[i]);
        put_text(&call->out, text);
        buf_putc(&call->out, '"');
    }
    buf_puts(&call->out, array ? "/><t:Values>" : "/>");
    for (size_t i = 0; i < value->count; i++)
        put_element(&call->out, "t:Value", value->texts[i]);
    buf_puts(&call->out, array ? "</t:Values></t:ExtendedProperty>"
                               : "</t:ExtendedProperty>");
}
