/*
 * property.c - see property.h
 */
#include "proxy/exchange/ews/property.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"

/* clang-format off */
#define FIELD(name)        { PROPERTY_FIELD,  0,  name, NULL }
#define TAG(id, type)      { PROPERTY_TAG,    id, NULL, type }
#define COMMON(id, type)   { PROPERTY_COMMON, id, NULL, type }
#define STRING(name, type) { PROPERTY_STRING, 0,  name, type }

const struct property property_is_read        = FIELD("message:IsRead");
const struct property property_categories     = FIELD("item:Categories");
const struct property property_message_id     = FIELD("message:InternetMessageId");
const struct property property_message_flags  = TAG(0x0e07, "Integer");
const struct property property_flag_status    = TAG(0x1090, "Integer");
const struct property property_todo           = TAG(0x0e2b, "Integer");
const struct property property_flag_request   = COMMON(0x8530, "String");
const struct property property_last_verb      = TAG(0x1081, "Integer");
const struct property property_last_verb_time = TAG(0x1082, "SystemTime");
const struct property property_icon           = TAG(0x1080, "Integer");
const struct property property_deleted        = COMMON(0x8570, "Integer");
const struct property property_own_flags      = STRING("postern-flags", "Integer");
const struct property property_token          = STRING("postern-token", "String");
const struct property property_delivered      = TAG(0x0e06, "SystemTime");
const struct property property_submitted      = TAG(0x0039, "SystemTime");
const struct property property_article        = TAG(0x0e23, "Integer");
const struct property property_header         = TAG(0x007d, "String");
const struct property property_committed      = TAG(0x670a, "SystemTime");
const struct property property_deletions      = TAG(0x670b, "Integer");
const struct property property_hidden         = TAG(0x10f4, "Boolean");
const struct property property_preview        = FIELD("item:Preview");
const struct property property_object_name    = TAG(0x10f3, "String");
const struct property property_kept           = STRING("postern-object", "String");

/* The sets of those that have a number or a name in one. */
static const char *const sets[] = {
    [PROPERTY_COMMON]      = "Common",
    [PROPERTY_APPOINTMENT] = "Appointment",
    [PROPERTY_MEETING]     = "Meeting",
    [PROPERTY_TASK]        = "Task",
    [PROPERTY_ADDRESS]     = "Address",
    [PROPERTY_STRING]      = "PublicStrings",
    [PROPERTY_HEADER]      = "InternetHeaders",
};
/* clang-format on */

static void write_number(struct xml_writer *writer, const char *attribute,
                         const char *format, uint32_t number)
{
    char text[16];

    snprintf(text, sizeof text, format, number);
    xml_attribute(writer, attribute, text);
}

static void write_field_path(struct xml_writer *writer,
                             const struct property *property)
{
    bool indexed = property->kind == PROPERTY_INDEXED;

    xml_open(writer, indexed ? "t:IndexedFieldURI" : "t:FieldURI");
    xml_attribute(writer, "FieldURI", property->name);
    if (indexed)
        xml_attribute(writer, "FieldIndex", property->type);
    xml_close(writer);
}

void property_write_path(struct xml_writer *writer,
                         const struct property *property)
{
    if (property->kind <= PROPERTY_INDEXED) {
        write_field_path(writer, property);
        return;
    }
    xml_open(writer, "t:ExtendedFieldURI");
    if (property->kind == PROPERTY_TAG)
        write_number(writer, "PropertyTag", "0x%04X", property->id);
    else
        xml_attribute(writer, "DistinguishedPropertySetId",
                      sets[property->kind]);
    if (property->name != NULL)
        xml_attribute(writer, "PropertyName", property->name);
    else if (property->kind != PROPERTY_TAG)
        write_number(writer, "PropertyId", "%u", property->id);
    xml_attribute(writer, "PropertyType", property->type);
    xml_close(writer);
}

void property_write(struct xml_writer *writer, const struct property *property,
                    const char *value)
{
    xml_open(writer, "t:ExtendedProperty");
    property_write_path(writer, property);
    xml_element(writer, "t:Value", value);
    xml_close(writer);
}

/* Exchange writes tags as it likes: 0x0E23, 0xe23, 3619. */
static bool is_number(const char *text, uint32_t number)
{
    char *end;

    if (text == NULL || *text == '\0')
        return false;
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    unsigned long value = strtoul(text, &end, hex ? 16 : 10);
    return *end == '\0' && value == number;
}

static bool is_path_of(const struct xml_node *path,
                       const struct property *property)
{
    const char *set = xml_value(path, "DistinguishedPropertySetId");

    if (property->kind == PROPERTY_TAG)
        return is_number(xml_value(path, "PropertyTag"), property->id);
    if (set != NULL && strcmp(set, sets[property->kind]) != 0)
        return false;
    if (property->name != NULL)
        return str_equal_nocase(xml_value(path, "PropertyName"),
                                property->name);
    return is_number(xml_value(path, "PropertyId"), property->id);
}

const struct xml_node *property_find(const struct xml_node *node,
                                     const struct property *property)
{
    if (property->kind == PROPERTY_FIELD)
        return xml_child(node, strchr(property->name, ':') + 1);
    if (node == NULL)
        return NULL;
    for (const struct xml_node *child = node->children; child;
         child = child->next) {
        if (strcmp(child->name, "ExtendedProperty") != 0 ||
            !is_path_of(xml_child(child, "ExtendedFieldURI"), property))
            continue;
        const struct xml_node *value = xml_child(child, "Value");
        return value != NULL ? value : xml_child(child, "Values");
    }
    return NULL;
}

const char *property_text(const struct xml_node *node,
                          const struct property *property)
{
    const struct xml_node *found = property_find(node, property);

    return found != NULL ? found->text : NULL;
}

int64_t property_number(const struct xml_node *node,
                        const struct property *property, int64_t absent)
{
    const char *text = property_text(node, property);
    int64_t value;

    return text != NULL && str_to_i64(text, &value) ? value : absent;
}

int64_t property_time(const struct xml_node *node,
                      const struct property *property)
{
    const char *text = property_text(node, property);

    return text != NULL ? time_from_iso(text) : TIME_NONE;
}
