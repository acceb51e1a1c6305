/*
 * path.c - extended properties, and reading paths
 */
#include "tests/exchange/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/call.h"
#include "tests/exchange/letter.h"

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
    { "Meeting",           "6ed8da90-450b-101b-98da-00aa003f1305" },
    { "Appointment",       "00062002-0000-0000-c000-000000000046" },
    { "Common",            SET_COMMON },
    { "PublicStrings",     SET_PUBLIC_STRINGS },
    { "Address",           "00062004-0000-0000-c000-000000000046" },
    { "InternetHeaders",   SET_INTERNET_HEADERS },
    { "CalendarAssistant", "11000e07-b51b-40d6-af21-caa85edab1d0" },
    { "UnifiedMessaging",  "4442858e-a9e3-4e80-b900-317a210cc15b" },
    { "Task",              "00062003-0000-0000-c000-000000000046" },
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

/* Fields of other kinds of items: asked for by programs, and never there. */
static const char *const other_kinds[] = {
    "calendar:",       "task:",           "contacts:",     "distributionlist:",
    "postitem:",       "meeting:",        "conversation:", "persona:",
    "meetingRequest:", "sharingMessage:",
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
        return NULL;
    }
    for (const struct field *field = item_fields; field->element != NULL;
         field++)
        if (str_equal(field->uri, path->uri))
            path->field = field;
    return NULL;
}

/* --- Values -------------------------------------------------------------- */

static struct property_value one(struct arena *arena, const char *text)
{
    const char **texts = arena_array(arena, 1, sizeof *texts);

    texts[0] = text;
    return (struct property_value){ texts, text == NULL ? 0 : 1 };
}

static const char *number(struct arena *arena, int64_t value)
{
    return arena_printf(arena, "%lld", (long long)value);
}

static const char *instant(struct arena *arena, int64_t time)
{
    char text[40];

    if (time == TIME_NONE)
        return NULL;
    time_to_iso(time, text);
    return arena_strdup(arena, text);
}

static const char *header(struct arena *arena, struct sim_item *item,
                          const char *name)
{
    return letter_field_text(arena, item->content->data,
                             item->content->header_len, name);
}

static const char *sender_part(struct arena *arena, struct sim_item *item,
                               bool name)
{
    struct letter_address *from = letter_addresses(
        arena, item->content->data, item->content->header_len, "From");

    if (from[0].address == NULL)
        return NULL;
    return name && *from[0].name != '\0' ? from[0].name : from[0].address;
}

static const char *display_list(struct arena *arena, struct sim_item *item,
                                const char *name)
{
    struct letter_address *all = letter_addresses(
        arena, item->content->data, item->content->header_len, name);
    struct buf text;

    buf_init(&text, arena);
    for (size_t i = 0; all[i].address != NULL; i++)
        buf_printf(&text, "%s%s", i == 0 ? "" : "; ",
                   *all[i].name != '\0' ? all[i].name : all[i].address);
    return text.len == 0 ? "" : text.data;
}

static const char *read_body(struct arena *arena, struct sim_item *item)
{
    struct letter_part *parts;
    size_t count =
        letter_parts(arena, item->content->data, item->content->len, &parts);

    for (size_t i = 0; i < count; i++)
        if (str_equal(parts[i].type, "text/plain") && !parts[i].attachment)
            return letter_part_text(arena, &parts[i]);
    for (size_t i = 0; i < count; i++)
        if (str_starts(parts[i].type, "text/") && !parts[i].attachment)
            return letter_part_text(arena, &parts[i]);
    return "";
}

/* What Exchange keeps of an item itself, by its tag. */
static const char *read_tag(struct arena *arena, uint32_t tag,
                            enum property_type type, struct sim_item *item)
{
    switch (tag << 8 | type) {
    case 0x0e07 << 8 | TYPE_INTEGER:
        return number(arena, item->flags);
    case 0x0e08 << 8 | TYPE_INTEGER:
    case 0x0e08 << 8 | TYPE_LONG:
        return number(arena, sim_item_size(item));
    case 0x0e23 << 8 | TYPE_INTEGER:
        return number(arena, item->article);
    case 0x67a4 << 8 | TYPE_LONG:
        return number(arena, (int64_t)item->tick);
    case 0x0e69 << 8 | TYPE_BOOLEAN:
        return item->flags & FLAG_READ ? "true" : "false";
    case 0x0e1b << 8 | TYPE_BOOLEAN:
        return item->flags & FLAG_HAS_ATTACHMENT ? "true" : "false";
    case 0x0e06 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, item->received);
    case 0x0039 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, item->submitted);
    case 0x3007 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, item->created);
    case 0x3008 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, item->modified);
    case 0x001a << 8 | TYPE_STRING:
        return item->class;
    case 0x007d << 8 | TYPE_STRING:
        return item->transport_header;
    case 0x0037 << 8 | TYPE_STRING:
        return header(arena, item, "Subject");
    case 0x0070 << 8 | TYPE_STRING:
        return header(arena, item, "Thread-Topic");
    case 0x1035 << 8 | TYPE_STRING:
        return header(arena, item, "Message-ID");
    case 0x1039 << 8 | TYPE_STRING:
        return header(arena, item, "References");
    case 0x1042 << 8 | TYPE_STRING:
        return header(arena, item, "In-Reply-To");
    case 0x0e04 << 8 | TYPE_STRING:
        return display_list(arena, item, "To");
    case 0x0e03 << 8 | TYPE_STRING:
        return display_list(arena, item, "Cc");
    case 0x0e02 << 8 | TYPE_STRING:
        return display_list(arena, item, "Bcc");
    case 0x0c1a << 8 | TYPE_STRING:
    case 0x0042 << 8 | TYPE_STRING:
        return sender_part(arena, item, true);
    case 0x0c1f << 8 | TYPE_STRING:
    case 0x0065 << 8 | TYPE_STRING:
    case 0x5d01 << 8 | TYPE_STRING:
    case 0x5d02 << 8 | TYPE_STRING:
        return sender_part(arena, item, false);
    case 0x1000 << 8 | TYPE_STRING:
        return read_body(arena, item);
    default:
        return NULL;
    }
}

static const char *search_key(struct arena *arena, const struct sim_item *item)
{
    char *text =
        arena_alloc(arena, base64_encoded_size(sizeof item->search_key) + 1);

    base64_encode(item->search_key, sizeof item->search_key, text);
    return text;
}

static struct property_value categories(struct sim_item *item)
{
    size_t count = 0;

    while (item->categories != NULL && item->categories[count] != NULL)
        count++;
    return (struct property_value){ (const char *const *)item->categories,
                                    count };
}

struct property_value property_values(struct arena *arena,
                                      const struct property_key *key,
                                      struct sim_item *item)
{
    const struct property *kept = bag_find(&item->bag, key);

    if (kept != NULL)
        return (struct property_value){ (const char *const *)kept->texts,
                                        kept->count };
    if (key->set == NULL && key->number == 0x300b && key->type == TYPE_BINARY)
        return one(arena, search_key(arena, item));
    if (key->set == NULL)
        return one(arena, read_tag(arena, key->number, key->type, item));
    if (str_equal(key->set, SET_PUBLIC_STRINGS) &&
        str_equal(key->name, "Keywords"))
        return categories(item);
    if (str_equal(key->set, SET_INTERNET_HEADERS) && key->name != NULL)
        return one(arena, header(arena, item, key->name));
    return (struct property_value){ NULL, 0 };
}

struct property_value path_values(struct arena *arena, const struct path *path,
                                  struct sim_item *item)
{
    if (path->kind == PATH_EXTENDED)
        return property_values(arena, &path->key, item);
    if (path->kind == PATH_INDEXED &&
        str_equal(path->uri, "item:InternetMessageHeader"))
        return one(arena, header(arena, item, path->index));
    if (path->field == NULL)
        return (struct property_value){ NULL, 0 };
    if (str_equal(path->field->uri, "item:Categories"))
        return categories(item);
    return one(arena, field_text(arena, path->field, item));
}

static const char *folder_text(struct arena *arena, const char *uri,
                               struct sim_folder *folder)
{
    if (str_equal(uri, "folder:DisplayName"))
        return folder->name;
    if (str_equal(uri, "folder:FolderClass"))
        return *folder->class == '\0' ? NULL : folder->class;
    if (str_equal(uri, "folder:TotalCount"))
        return number(arena, (int64_t)folder->count);
    if (str_equal(uri, "folder:UnreadCount"))
        return number(arena, (int64_t)folder->unread);
    return NULL;
}

static int64_t folder_octets(const struct sim_folder *folder)
{
    int64_t octets = 0;

    for (size_t i = 0; i < folder->count; i++)
        octets += sim_item_size(folder->items[i]);
    return octets;
}

static const char *folder_tag(struct arena *arena, uint32_t tag,
                              enum property_type type,
                              struct sim_folder *folder)
{
    switch (tag << 8 | type) {
    case 0x10f4 << 8 | TYPE_BOOLEAN:
        return folder->hidden ? "true" : NULL;
    case 0x3601 << 8 | TYPE_INTEGER:
        return folder->parent == NULL ? "0" : folder->search ? "2" : "1";
    case 0x3602 << 8 | TYPE_INTEGER:
        return number(arena, (int64_t)folder->count);
    case 0x3603 << 8 | TYPE_INTEGER:
        return number(arena, (int64_t)folder->unread);
    case 0x3001 << 8 | TYPE_STRING:
        return folder->name;
    case 0x3613 << 8 | TYPE_STRING:
        return *folder->class == '\0' ? NULL : folder->class;
    case 0x3007 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, folder->created);
    case 0x3008 << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, folder->modified);
    case 0x670a << 8 | TYPE_SYSTEM_TIME:
        return instant(arena, folder->committed);
    case 0x670b << 8 | TYPE_INTEGER:
        return number(arena, folder->deleted_total);
    case 0x6751 << 8 | TYPE_INTEGER:
        return number(arena, folder->next_article);
    case 0x0e08 << 8 | TYPE_INTEGER:
    case 0x0e08 << 8 | TYPE_LONG:
        return number(arena, folder_octets(folder));
    case 0x3617 << 8 | TYPE_INTEGER:
        return "0";
    default:
        return NULL;
    }
}

struct property_value folder_values(struct arena *arena,
                                    const struct path *path,
                                    struct sim_folder *folder)
{
    const struct property *kept;

    if (path->kind != PATH_EXTENDED)
        return one(arena, folder_text(arena, path->uri, folder));
    kept = bag_find(&folder->bag, &path->key);
    if (kept != NULL)
        return (struct property_value){ (const char *const *)kept->texts,
                                        kept->count };
    return one(arena,
               path->key.set == NULL
                   ? folder_tag(arena, path->key.number, path->key.type, folder)
                   : NULL);
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
